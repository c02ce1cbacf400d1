import type { Benchmark, Target } from "../benchmark";
import { formatPercent, formatRatio, formatSeconds, formatTable } from "../format";
import { computeLowerBoundMs } from "../lower-bound";
import { type FleetOptions, type FleetRow, scaleRealFleet } from "../real-fleet";

const METHOD =
  "The real CLI runs in real time against the emulator with its real rate limit: 10 requests in any 10 s for each key. `PULUMI_PARALLEL` is " +
  "the number of services. The time is that of the whole command.\n\n" +
  "A change of size takes four requests: a read, the change, the read that shows the new size, and a second later the read that confirms " +
  "it. One more request finds the organization. The lower bound is the time of a scheduler that knows all convergence times c and whose " +
  "requests take no time. Request number r can't start before s(r) = floor((r - 1) / 10) x 10 s. So n services take at least s(2 n) + c + 1 s, " +
  "when the last change is confirmed, and at least s(4 n), when all requests are sent.";

const SAME_METHOD = "Measured as [100 services in one stack](#100-services-in-one-stack).";

interface Limits {
  readonly boundRatio: number;
  readonly refusedShare: number;
}

interface FleetBenchmark {
  readonly name: string;
  readonly title: string;
  /** Default: as the first fleet. */
  readonly method?: string;
  readonly fleet: FleetOptions;
  readonly limits: Limits;
  readonly note?: string;
}

function createBenchmark({
  name,
  title,
  method = SAME_METHOD,
  fleet,
  limits,
  note = "",
}: FleetBenchmark): Benchmark<FleetRow> {
  return {
    name,
    title,
    method,
    async measure(print) {
      print(`${title}: about ${Math.ceil((computeLowerBoundMs(fleet) * 1.3) / 60_000)} minutes`);
      return scaleRealFleet(fleet);
    },
    listTargets: (row) => listTargets(title, row, limits),
    render: (row) => [renderTable(row), note].filter(Boolean).join("\n\n"),
  };
}

function listTargets(title: string, row: FleetRow, limits: Limits): Target[] {
  const { wallMs, boundMs, refused, requests, failed } = row;
  const ratio = wallMs / boundMs;
  return [
    {
      what: `${title}: time, relative to the lower bound of ${formatSeconds(boundMs)}`,
      target: `at most ${limits.boundRatio} x`,
      result: `${formatSeconds(wallMs)}, ${formatRatio(ratio)}`,
      isMet: ratio <= limits.boundRatio,
    },
    {
      what: `${title}: refused requests (429), failures`,
      target: `under ${formatPercent(limits.refusedShare)}, none`,
      result: `${formatPercent(refused / requests)}, ${failed}`,
      isMet: refused / requests < limits.refusedShare && failed === 0,
    },
  ];
}

function renderTable(row: FleetRow): string {
  const columns: readonly (readonly [string, string | number])[] = [
    ["commands", row.commands],
    ["services", row.services],
    ["convergence", formatSeconds(row.convergenceMs)],
    ["time", formatSeconds(row.wallMs)],
    ["lower bound", formatSeconds(row.boundMs)],
    ["ratio", formatRatio(row.wallMs / row.boundMs)],
    ["first to last request", formatSeconds(row.requestsMs)],
    ["requests", row.requests],
    ["changes", row.changes],
    ["429", `${row.refused} (${formatPercent(row.refused / row.requests)})`],
    ["failures", row.failed],
  ];
  return formatTable(
    columns.map(([name]) => name),
    [columns.map(([, value]) => value)],
  );
}

export const manyServices = createBenchmark({
  name: "many-services",
  title: "100 services in one stack",
  method: METHOD,
  fleet: { commands: 1, services: 100, convergenceMs: 240_000 },
  limits: { boundRatio: 1.15, refusedShare: 0.01 },
});

const SHORT = { commands: 1, services: 40, convergenceMs: 60_000 };

export const shortConvergence = createBenchmark({
  name: "short-convergence",
  title: "40 services that converge in 60 s",
  fleet: SHORT,
  limits: { boundRatio: 1.15, refusedShare: 0.01 },
  note:
    "ClickHouse's Terraform provider took 385 s in this case, measured apart from this benchmark. Half of its requests were refused. It does " +
    `not send the read that confirms the size; without that read the lower bound is ${formatSeconds(computeLowerBoundMs({ ...SHORT, requestsOfEach: 3 }))}.`,
});

export const sharedKey = createBenchmark({
  name: "shared-key",
  title: "Five commands of 20 services at once, with one key",
  fleet: { commands: 5, services: 100, convergenceMs: 240_000 },
  limits: { boundRatio: 1.35, refusedShare: 0.1 },
  note: "The commands don't know of one another. Each learns its share of the rate limit from refused requests.",
});
