import { DEFAULT_ORGANIZATION_ID, createSeed, createServices, startEmulator } from "../../emulator";
import { createProgram, declareCompute } from "../../test/support/program";
import { Stack } from "../../test/support/stack";
import type { Benchmark, Target } from "../benchmark";
import { formatSeconds, formatTable } from "../format";

const COUNTS = [1, 10, 30] as const;

interface Row {
  readonly services: number;
  readonly requests: number;
  readonly wallMs: number;
  /** From the first request to the last. */
  readonly requestsMs: number;
  readonly refused: number;
}

async function measurePreview(count: number): Promise<Row> {
  const emulator = await startEmulator({ seed: createSeed(count) });
  try {
    const initialLoad = { cores: 24, endBy: "2099-12-01T00:00:00Z" };
    const declarations = createServices(count).map(({ id, name }) =>
      declareCompute(name, { serviceId: id, organizationId: DEFAULT_ORGANIZATION_ID, cores: 2, initialLoad }),
    );
    const stack = await Stack.create(emulator, createProgram(...declarations));
    const beganAtMs = performance.now();
    await stack.runSuccessfully("preview");
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

export const initialLoad: Benchmark<readonly Row[]> = {
  name: "initial-load",
  title: "Previews with `initialLoad`",
  method:
    "The real CLI previews services that are not in the state yet, under the API's real rate limit. The program declares the organization. " +
    "The preview reads the pipes of each service once.",
  async measure(print) {
    const rows: Row[] = [];
    for (const count of COUNTS) {
      rows.push(await measurePreview(count));
      print(`a preview of ${count} services with initialLoad`);
    }
    return rows;
  },
  listTargets,
  render: (rows) => [renderTable(rows), EXPLANATION].join("\n\n"),
};

const EXPLANATION =
  "The limit allows one request per second. A process starts with four of the ten requests, because the command before it may have used the " +
  "others. So every service after the fourth adds a second to the preview, and to the `up` after it. In a large fleet, declare " +
  "`initialLoad` only for services that are loading, or preview those alone with `pulumi preview --target`.";

function listTargets(rows: readonly Row[]): Target[] {
  const most = Math.max(...rows.map((row) => row.requests / row.services));
  return [
    {
      what: "requests per service of a preview with `initialLoad`",
      target: "1",
      result: String(most),
      isMet: most <= 1 && rows.every(({ refused }) => refused === 0),
    },
  ];
}

function renderTable(rows: readonly Row[]): string {
  return formatTable(
    ["services", "requests", "per service", "time", "first to last request", "429"],
    rows.map((row) => [
      row.services,
      row.requests,
      row.requests / row.services,
      formatSeconds(row.wallMs),
      formatSeconds(row.requestsMs),
      row.refused,
    ]),
  );
}
