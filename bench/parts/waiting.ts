import { lowerBoundMs } from "../bound";
import { exponentOf } from "../exponent";
import type { Part } from "../part";
import { seconds, table, times } from "../text";
import { virtualFleet, type VirtualFleetRow } from "../virtual-fleet";

const COUNTS = [1, 10, 100, 1_000] as const;
const CONVERGENCE_MS = 240_000;

export const waiting: Part<readonly VirtualFleetRow[]> = {
  name: "waiting",
  title: "Growth of the wait",
  how:
    "The real provider and client against the emulator with its real limit, in virtual time and in one process: nothing else takes time, and " +
    "the figures are the same on every machine. All services begin together and converge in 240 s; their `customTimeouts` allow 12 hours.",
  async measure(say) {
    const rows: VirtualFleetRow[] = [];
    for (const services of COUNTS) {
      rows.push(await virtualFleet({ services, convergenceMs: CONVERGENCE_MS }));
      say(`${services} services in virtual time`);
    }
    return rows;
  },
  aims: (rows) => [
    growthAim("time", rows, ({ wallMs }) => wallMs, boundMs),
    growthAim(
      "requests",
      rows,
      ({ requests }) => requests,
      ({ services }) => services,
    ),
  ],
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
          row.failed + row.away,
        ];
      }),
    ),
  charts: (rows) => [
    {
      file: "waiting",
      title: "A wait under the API's limit, in virtual time",
      x: "services",
      y: "seconds",
      lines: [
        {
          name: "all at their size",
          points: rows.map(({ services, wallMs }) => [services, wallMs / 1_000] as const),
        },
        {
          name: "lower bound",
          points: rows.map((row) => [row.services, boundMs(row) / 1_000] as const),
          isDashed: true,
        },
      ],
    },
  ],
};

type Row = Pick<VirtualFleetRow, "services">;

function boundMs({ services }: Row): number {
  return lowerBoundMs({ services, convergenceMs: CONVERGENCE_MS });
}

/** No more growth than what nobody can avoid, which the limit makes steeper where it begins to bind. */
function growthAim(
  name: string,
  rows: readonly VirtualFleetRow[],
  of: (row: VirtualFleetRow) => number,
  least: (row: Row) => number,
) {
  const exponent = (value: (row: VirtualFleetRow) => number) =>
    exponentOf(rows.map((row) => ({ count: row.services, value: value(row) }))) ?? 0;
  const [own, bound] = [exponent(of), exponent(least)];
  return {
    what: `growth of the ${name} of a wait with the number of services`,
    aim: `that of the bound, exponent ${bound.toFixed(2)}`,
    result: `exponent ${own.toFixed(2)}`,
    isMet: own <= bound,
  };
}
