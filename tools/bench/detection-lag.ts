import { CONFIRM_GAP_MS } from "../../provider/wait/convergence";
import { type Scheduler, type SchedulerKey, SCHEDULERS } from "./detection-schedulers";
import { AS_DOCUMENTED, DetectionWorld, LIMIT, type Taking } from "./detection-world";

/** How many services are changed at once, and in how many runs, each with other times of arrival. */
export const FLEETS = [
  { services: 1, runs: 200 },
  { services: 10, runs: 20 },
  { services: 100, runs: 5 },
  { services: 1_000, runs: 1 },
] as const;

export interface DetectionRow {
  readonly services: number;
  readonly runs: number;
  readonly scheduler: SchedulerKey;
  readonly name: string;
  /** From a change's arrival until its wait has ended. */
  readonly meanLagS: number;
  readonly p99LagS: number;
  /** From the beginning of the run until a service's wait has ended, on average: also counts what keeps changes from being sent. */
  readonly meanEndS: number;
  /** In one run, those included that were refused. */
  readonly requests: number;
  readonly refusedShare: number;
  /** Of one run: changes that were given up before they were seen; the lags and the wall leave them out. */
  readonly unseen: number;
  readonly wallS: number;
  /** With the same arrivals and the same limit no scheduler that takes as many requests can be faster. */
  readonly boundS: number;
}

/** All that is compared; half a minute of computing, most of it for the loop that asks without end. */
export async function detectionRows(): Promise<DetectionRow[]> {
  const rows: DetectionRow[] = [];
  for (const { services, runs } of FLEETS) {
    for (const scheduler of Object.keys(SCHEDULERS) as SchedulerKey[])
      rows.push(await detectionRow(scheduler, services, runs));
  }
  return rows;
}

/** The same for the same arguments: times of arrival and chance come from the number of the run. */
export async function detectionRow(
  key: SchedulerKey,
  services: number,
  runs = 1,
  taking: Taking = AS_DOCUMENTED,
): Promise<DetectionRow> {
  const scheduler: Scheduler = SCHEDULERS[key];
  const worlds: DetectionWorld[] = [];
  for (let run = 1; run <= runs; run++) worlds.push(await ended(scheduler, services, run, taking));
  const lagsMs = worlds.flatMap((world) => world.lagsMs).sort((a, b) => a - b);
  const endsMs = worlds.flatMap((world) => world.endsMs);
  const requests = sum(worlds.map((world) => world.requests));
  const boundsMs = worlds.map((world) => boundMs(world.takesMs, scheduler.fewestRequests));
  return {
    services,
    runs,
    scheduler: key,
    name: scheduler.name,
    meanLagS: sum(lagsMs) / lagsMs.length / 1_000,
    p99LagS: (lagsMs[Math.ceil(0.99 * lagsMs.length) - 1] ?? NaN) / 1_000,
    meanEndS: sum(endsMs) / endsMs.length / 1_000,
    requests: requests / runs,
    refusedShare: sum(worlds.map((world) => world.refused)) / requests,
    unseen: (services * runs - lagsMs.length) / runs,
    wallS: sum(worlds.map((world) => Math.max(...world.endsMs))) / runs / 1_000,
    boundS: sum(boundsMs) / runs / 1_000,
  };
}

async function ended(scheduler: Scheduler, services: number, run: number, taking: Taking) {
  const world = new DetectionWorld(services, run, taking);
  const scale = scheduler.scaler(world);
  await world.clock.run(Promise.all(world.takesMs.map((_, service) => scale(service))));
  return world;
}

/**
 * The least time in which all can be changed and seen.
 *
 * Neither can all requests be sent sooner than the limit lets them; nor can the k-th change be sent before k reads and k changes
 * fit, and what takes longest is best sent first (Jackson's rule). What looks may have to wait for besides is left out.
 */
export function boundMs(takesMs: readonly number[], requestsOfEach: 3 | 4): number {
  const confirmMs = requestsOfEach === 4 ? CONFIRM_GAP_MS : 0;
  const sentAtMs = (request: number) => Math.floor((request - 1) / LIMIT.requests) * LIMIT.windowMs;
  const longestFirst = [...takesMs].sort((a, b) => b - a);
  const ends = longestFirst.map((ms, index) => sentAtMs(2 * (index + 1)) + ms + confirmMs);
  return Math.max(sentAtMs(requestsOfEach * takesMs.length), ...ends);
}

/** The power of the number of services with which a figure grows: the slope of a line through the logarithms. */
export function exponent(
  rows: readonly DetectionRow[],
  figure: (row: DetectionRow) => number,
  from = 1,
): number {
  const points = rows
    .filter(({ services }) => services >= from)
    .map((row) => ({ x: Math.log(row.services), y: Math.log(figure(row)) }));
  const meanX = sum(points.map(({ x }) => x)) / points.length;
  const meanY = sum(points.map(({ y }) => y)) / points.length;
  const together = sum(points.map(({ x, y }) => (x - meanX) * (y - meanY)));
  return together / sum(points.map(({ x }) => (x - meanX) ** 2));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
