import { type DynamicProvider } from "../provider/dynamic/provider";
import { type JournalEntry, createSeed, createServices } from "../emulator";
import type { ConvergenceMs } from "../emulator";
import { createSimulation } from "./simulation";

const TARGET_CORES = 8;

export interface FleetOptions {
  /** Processes that share one key, each with its own provider. Default: 1. */
  readonly processes?: number;
  readonly servicesOfEach: number;
  readonly convergenceMs?: ConvergenceMs;
  /** `customTimeouts.create` of each service. Default: the provider's. */
  readonly createTimeout?: string;
}

/** What a fleet's scaling took in virtual time. */
export interface FleetOutcome {
  readonly services: number;
  readonly wallMs: number;
  /** From the start of the fleet until one service's `create` succeeds, on average. */
  readonly meanEndMs: number;
  readonly requests: number;
  readonly changes: number;
  /** Requests that the API answered with 429. */
  readonly refused: number;
  /** Services whose `create` failed. */
  readonly failed: number;
  /** Services that are not at their size in the end. */
  readonly unconverged: number;
  readonly entries: readonly JournalEntry[];
}

/** Scales all services of a fleet at once with one key, as Pulumi does with enough `PULUMI_PARALLEL`. */
export async function scaleFleet(options: FleetOptions): Promise<FleetOutcome> {
  const { processes = 1, servicesOfEach, convergenceMs, createTimeout } = options;
  const all = createServices(processes * servicesOfEach);
  const { clock, cloud, journal, startRun } = createSimulation({
    seed: createSeed(all.length),
    ...(convergenceMs === undefined ? {} : { convergenceMs }),
  });
  const providers = Array.from({ length: processes }, () => startRun());
  const endsMs: number[] = [];
  const changes = all.map(async ({ id }, index) => {
    const provider = providers[Math.floor(index / servicesOfEach)];
    if (provider === undefined) throw new Error(`service ${index} has no process`);
    await createScaling(provider, id, createTimeout);
    endsMs.push(clock.nowMs());
  });
  await clock.run(Promise.allSettled(changes));
  return {
    services: all.length,
    wallMs: clock.nowMs(),
    meanEndMs: endsMs.reduce((sum, ms) => sum + ms, 0) / endsMs.length,
    requests: journal.count(),
    changes: journal.count("PATCH"),
    refused: journal.entries.filter(({ status }) => status === 429).length,
    failed: all.length - endsMs.length,
    unconverged: all.filter(({ id }) => cloud.getCores(id) !== TARGET_CORES).length,
    entries: journal.entries,
  };
}

export interface WaveOptions {
  readonly first: number;
  readonly second: number;
  /** From the start of the first wave to the start of the second. */
  readonly afterMs: number;
}

/** Scales services of one process in two waves; counts requests from the second wave's start to its last change. */
export async function scaleFleetInWaves({ first, second, afterMs }: WaveOptions) {
  const all = createServices(first + second);
  const { clock, journal, provider } = createSimulation({ seed: createSeed(all.length) });
  const beganAtMs = clock.now();
  const waves = all.map(async ({ id }, index) => {
    if (index >= first) await clock.sleep(afterMs);
    await createScaling(provider, id);
  });
  await clock.run(Promise.all(waves));
  const secondIds = all.slice(first).map(({ id }) => id);
  const isOfSecond = ({ path }: JournalEntry) => secondIds.some((id) => path.includes(id));
  const lastChange = journal.entries.findLastIndex((entry) => entry.method === "PATCH" && isOfSecond(entry));
  const between = journal.entries.slice(0, lastChange).filter(({ atMs }) => atMs >= beganAtMs + afterMs);
  return {
    requests: between.length,
    pollsOfFirst: between.filter((entry) => !isOfSecond(entry)).length,
  };
}

async function createScaling(provider: DynamicProvider, id: string, createTimeout?: string): Promise<void> {
  const declared = {
    serviceId: id,
    cores: TARGET_CORES,
    __urn: `urn:pulumi:a::b::c::${id}`,
    ...(createTimeout === undefined ? {} : { __timeouts: { create: createTimeout } }),
  };
  const { inputs } = await provider.check({}, declared);
  if (inputs === undefined) throw new Error(`the inputs of service ${id} are invalid`);
  await provider.create(inputs);
}
