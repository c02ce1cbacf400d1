import { type FleetOutcome, scaleFleet } from "../../simulation/simulated-fleet";
import { lowerBoundMs } from "../bound";
import type { Part } from "../part";
import { seconds, table, times } from "../text";

const COUNTS = [1, 10, 100, 1_000] as const;
const CONVERGENCE_MS = 240_000;

type Row = Omit<FleetOutcome, "entries" | "meanEndMs">;

export const waiting: Part<readonly Row[]> = {
  name: "waiting",
  title: "Waiting for a fleet",
  how:
    "The real provider and client against the emulator with its real limit, in virtual time and in one process: nothing else takes time, and " +
    "the figures are the same on every machine. All services begin together and converge in 240 s; their `customTimeouts` allow 12 hours.",
  async measure(say) {
    const rows: Row[] = [];
    for (const services of COUNTS) {
      const fleet = { servicesOfEach: services, convergenceMs: CONVERGENCE_MS, createTimeout: "12h" };
      const { wallMs, requests, changes, refused, failed, unconverged } = await scaleFleet(fleet);
      rows.push({ services, wallMs, requests, changes, refused, failed, unconverged });
      say(`${services} services in virtual time`);
    }
    return rows;
  },
  aims(rows) {
    const ratios = rows.map((row) => row.wallMs / boundMs(row));
    const largest = rows.at(-1) ?? { requests: NaN, services: NaN };
    const requestsOfEach = largest.requests / largest.services;
    return [
      {
        what: "time of a wait, to the lower bound",
        aim: "at most 1.1 x",
        result: rows
          .map(({ services }, index) => `${times(ratios[index] ?? NaN)} for ${services}`)
          .join(", "),
        isMet: Math.max(...ratios) <= 1.1,
      },
      {
        what: `requests for each of ${largest.services} services`,
        aim: "at most 4.1; no wait takes less than 4",
        result: requestsOfEach.toFixed(1),
        isMet: requestsOfEach <= 4.1,
      },
    ];
  },
  section: (rows) =>
    table(
      ["services", "time", "bound", "ratio", "requests", "for each", "429", "failures"],
      rows.map((row) => {
        return [
          row.services,
          seconds(row.wallMs),
          seconds(boundMs(row)),
          times(row.wallMs / boundMs(row)),
          row.requests,
          (row.requests / row.services).toFixed(1),
          row.refused,
          row.failed + row.unconverged,
        ];
      }),
    ),
};

function boundMs({ services }: Row): number {
  return lowerBoundMs({ services, convergenceMs: CONVERGENCE_MS });
}
