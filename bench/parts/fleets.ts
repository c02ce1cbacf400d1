import { lowerBoundMs } from "../bound";
import { fleet, type FleetCase, type FleetRow } from "../fleet";
import type { Aim, Part } from "../part";
import { percentOf, seconds, table, times } from "../text";

const HOW =
  "The real CLI in real time, `PULUMI_PARALLEL` at the number of services, against the emulator with its real limit, 10 requests in any " +
  "10 s for each key. The time is that of the whole command. A service's change takes four requests: the read before it, the change, the " +
  "read that shows the size, and a second later the read that confirms it; one more request finds the organization. The bound is what a " +
  "scheduler takes that knows all convergence times c, and whose requests take no time: with s(r) = floor((r - 1) / 10) x 10 s for the earliest " +
  "start of request number r, the larger of s(2 n) + c + 1 s, after the last change, and s(4 n), for all requests of n services.";

interface Wanted {
  readonly ratio: number;
  readonly refusedShare: number;
}

function part(name: string, title: string, fleetCase: FleetCase, wanted: Wanted, note = ""): Part<FleetRow> {
  return {
    name,
    title,
    how: HOW,
    async measure(say) {
      say(`${title}: about ${Math.ceil((lowerBoundMs(fleetCase) * 1.3) / 60_000)} minutes`);
      return fleet(fleetCase);
    },
    aims: (row) => aimsOf(title, row, wanted),
    section: (row) => [rowsOf([row]), note].filter(Boolean).join("\n\n"),
  };
}

function aimsOf(title: string, row: FleetRow, wanted: Wanted): Aim[] {
  const { wallMs, boundMs, refused, requests, failed } = row;
  const ratio = wallMs / boundMs;
  return [
    {
      what: `${title}: time, to the lower bound of ${seconds(boundMs)}`,
      aim: `at most ${wanted.ratio} x`,
      result: `${seconds(wallMs)}, ${times(ratio)}`,
      isMet: ratio <= wanted.ratio,
    },
    {
      what: `${title}: requests refused (429), failures`,
      aim: `under ${percentOf(wanted.refusedShare)}, none`,
      result: `${percentOf(refused / requests)}, ${failed}`,
      isMet: refused / requests < wanted.refusedShare && failed === 0,
    },
  ];
}

function rowsOf(rows: readonly FleetRow[]): string {
  return table(
    [
      "commands",
      "services",
      "convergence",
      "time",
      "bound",
      "ratio",
      "first to last request",
      "requests",
      "changes",
      "429",
      "failures",
    ],
    rows.map((row) => [
      row.commands,
      row.services,
      seconds(row.convergenceMs),
      seconds(row.wallMs),
      seconds(row.boundMs),
      times(row.wallMs / row.boundMs),
      seconds(row.requestsMs),
      row.requests,
      row.changes,
      `${row.refused} (${percentOf(row.refused / row.requests)})`,
      row.failed,
    ]),
  );
}

export const manyServices = part(
  "many-services",
  "100 services in one stack",
  { commands: 1, services: 100, convergenceMs: 240_000 },
  { ratio: 1.15, refusedShare: 0.01 },
);

export const shortConvergence = part(
  "short-convergence",
  "40 services that converge in 60 s",
  { commands: 1, services: 40, convergenceMs: 60_000 },
  { ratio: 1.15, refusedShare: 0.01 },
  "ClickHouse's Terraform provider was measured in this case, apart from this benchmark: 385 s, half of its requests refused. It does not " +
    `read a second time to confirm; without that read the bound is ${seconds(lowerBoundMs({ services: 40, convergenceMs: 60_000, requestsOfEach: 3 }))}.`,
);

export const sharedKey = part(
  "shared-key",
  "five commands of 20 services at once, one key",
  { commands: 5, services: 100, convergenceMs: 240_000 },
  { ratio: 1.3, refusedShare: 0.1 },
  "The commands know nothing of one another. Each learns its share of the limit from refused requests.",
);
