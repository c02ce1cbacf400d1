import { type FleetOutcome, scaleFleet } from "../../simulation/simulated-fleet";
import type { Benchmark, Target } from "../benchmark";
import { formatRatio, formatSeconds, formatTable } from "../format";
import { computeLowerBoundMs } from "../lower-bound";

const COUNTS = [1, 10, 100, 1_000] as const;
const CONVERGENCE_MS = 240_000;

type Row = Omit<FleetOutcome, "entries" | "meanEndMs">;

export const waiting: Benchmark<readonly Row[]> = {
  name: "waiting",
  title: "Waiting for a fleet",
  method:
    "The real provider and client run against the emulator with its real rate limit, in virtual time and in one process. The figures are the " +
    "same on every machine. All services start together and converge in 240 s. Their `customTimeouts` allow 12 hours.",
  async measure(print) {
    const rows: Row[] = [];
    for (const servicesOfEach of COUNTS) {
      const fleet = { servicesOfEach, convergenceMs: CONVERGENCE_MS, createTimeout: "12h" };
      const { services, wallMs, requests, changes, refused, failed, unconverged } = await scaleFleet(fleet);
      rows.push({ services, wallMs, requests, changes, refused, failed, unconverged });
      print(`${services} services in virtual time`);
    }
    return rows;
  },
  listTargets,
  render: (rows) =>
    formatTable(
      ["services", "time", "lower bound", "ratio", "requests", "per service", "429", "failures"],
      rows.map((row) => [
        row.services,
        formatSeconds(row.wallMs),
        formatSeconds(computeBoundMs(row)),
        formatRatio(row.wallMs / computeBoundMs(row)),
        row.requests,
        (row.requests / row.services).toFixed(1),
        row.refused,
        row.failed + row.unconverged,
      ]),
    ),
};

function listTargets(rows: readonly Row[]): Target[] {
  const ratios = rows.map((row) => row.wallMs / computeBoundMs(row));
  const largest = rows.at(-1) ?? { requests: NaN, services: NaN };
  const requestsOfEach = largest.requests / largest.services;
  return [
    {
      what: "time of a wait, relative to the lower bound",
      target: "at most 1.1 x",
      result: rows
        .map(({ services }, index) => `${formatRatio(ratios[index] ?? NaN)} for ${services}`)
        .join(", "),
      isMet: Math.max(...ratios) <= 1.1,
    },
    {
      what: `requests per service, for ${largest.services} services`,
      target: "at most 4.1; the minimum is 4",
      result: requestsOfEach.toFixed(1),
      isMet: requestsOfEach <= 4.1,
    },
  ];
}

function computeBoundMs({ services }: Row): number {
  return computeLowerBoundMs({ services, convergenceMs: CONVERGENCE_MS });
}
