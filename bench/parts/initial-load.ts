import { DEFAULT_ORGANIZATION_ID, createSeed, createServices, startEmulator } from "../../emulator";
import { compute, program } from "../../test/support/program";
import { Stack } from "../../test/support/stack";
import type { Part } from "../part";
import { seconds, table } from "../text";

const COUNTS = [1, 10, 30] as const;

interface Row {
  readonly services: number;
  readonly requests: number;
  readonly wallMs: number;
  /** From the first request to the last. */
  readonly requestsMs: number;
  readonly refused: number;
}

async function previewed(count: number): Promise<Row> {
  const emulator = await startEmulator({ seed: createSeed(count) });
  try {
    const initialLoad = { cores: 24, endBy: "2099-12-01T00:00:00Z" };
    const declarations = createServices(count).map(({ id, name }) =>
      compute(name, { serviceId: id, organizationId: DEFAULT_ORGANIZATION_ID, cores: 2, initialLoad }),
    );
    const stack = await Stack.of(emulator, program(...declarations));
    const beganAtMs = performance.now();
    await stack.succeeds("preview");
    const wallMs = performance.now() - beganAtMs;
    const { entries } = emulator.journal;
    return {
      services: count,
      requests: entries.length,
      wallMs,
      requestsMs: (entries.at(-1)?.atMs ?? 0) - (entries[0]?.atMs ?? 0),
      refused: entries.filter(({ status }) => status === 429).length,
    };
  } finally {
    await emulator.close();
  }
}

export const initialLoad: Part<readonly Row[]> = {
  name: "initial-load",
  title: "Previews with `initialLoad`",
  how:
    "The real CLI previews services that are not in the state yet, with a declared organization and under the API's real limit. Each " +
    "service's pipes are asked for once.",
  async measure(say) {
    const rows: Row[] = [];
    for (const count of COUNTS) {
      rows.push(await previewed(count));
      say(`a preview of ${count} with initialLoad`);
    }
    return rows;
  },
  aims: (rows) => {
    const most = Math.max(...rows.map((row) => row.requests / row.services));
    return [
      {
        what: "requests of a preview with `initialLoad`, for each service",
        aim: "1",
        result: String(most),
        isMet: most <= 1 && rows.every(({ refused }) => refused === 0),
      },
    ];
  },
  section: (rows) =>
    [
      table(
        ["services", "requests", "for each", "time", "first to last request", "429"],
        rows.map((row) => [
          row.services,
          row.requests,
          row.requests / row.services,
          seconds(row.wallMs),
          seconds(row.requestsMs),
          row.refused,
        ]),
      ),
      "The limit allows one service a second; a process begins with four of its ten places, since the command before it has just used the " +
        "others. So from the fifth service on each adds a second, to the preview and to the `up` after it; a larger fleet keeps `initialLoad` " +
        "for the services that load, or shows `pulumi preview --target` of those alone.",
    ].join("\n\n"),
};
