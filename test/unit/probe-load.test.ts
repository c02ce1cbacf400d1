import assert from "node:assert/strict";
import {
  DEFAULT_ORGANIZATION_ID,
  DEFAULT_SERVICE_ID,
  GUESS_VALUES,
  type Guesses,
  type PipeSeed,
} from "../../emulator";
import { Limiter } from "../../provider/cloud/rate-limit/limiter";
import type { ApiTransport, HttpRequest } from "../../provider/cloud/transport";
import { createSimulation, type Simulation } from "../../simulation/simulation";
import { type Size, toCores, toSize } from "../../sizing";
import {
  describeOutcome,
  isDecided,
  type LoadHistory,
  type Observation,
} from "../../tools/probe/load-outcome";
import { ProbeClient } from "../../tools/probe/probe-client";
import { LoadProbe, type LoadProbeOptions, parseLoadedBytes } from "../../tools/probe/probe-load";
import { ServiceSize } from "../../tools/probe/service-size";
import { createSeedWithPipes } from "../../simulation/seed-with-pipes";

const MINUTE_MS = 60_000;
const CONVERGENCE_MS = 4 * MINUTE_MS;
const WHOLE_LOAD_MS = 20 * MINUTE_MS;
const GB = 1e9;
const PATH = ["organizations", DEFAULT_ORGANIZATION_ID, "services", DEFAULT_SERVICE_ID];
const PIPE_ID = "00000000-0000-4000-9000-0000000000b1";
/** It is in Snapshot from the start, for 20 minutes. */
const ORDERS: PipeSeed = {
  id: PIPE_ID,
  name: "orders",
  kind: "postgres",
  provisioningMs: 0,
  setupMs: 0,
  snapshotMs: WHOLE_LOAD_MS,
};
const ITEMS: PipeSeed = { ...ORDERS, id: "00000000-0000-4000-9000-0000000000b2", name: "items" };

interface Setting {
  readonly effect?: Guesses["resizeDuringSnapshot"];
  readonly pipes?: readonly PipeSeed[];
  readonly signal?: AbortSignal;
  readonly hasMetrics?: boolean;
}

function createProbe({ effect = "keeps", pipes = [ORDERS], signal, hasMetrics = false }: Setting = {}) {
  const seed = createSeedWithPipes(pipes);
  const guesses = { resizeDuringSnapshot: effect };
  const world = createSimulation({ seed, guesses, convergenceMs: CONVERGENCE_MS });
  const { clock } = world;
  const transport = hasMetrics ? addMetrics(world) : world.transport;
  if (!hasMetrics)
    world.faults.add({ path: /prometheus$/, times: Infinity, fault: { kind: "status", status: 404 } });
  const client = new ProbeClient(
    transport,
    new Limiter(clock),
    clock,
    signal ?? new AbortController().signal,
  );
  const printed: string[] = [];
  const print = (text: string) => printed.push(text);
  const probe = new LoadProbe(client, PATH, new ServiceSize(client, PATH, print), print);
  const run = (options: Partial<LoadProbeOptions> = {}) =>
    clock.run(
      (async () => {
        const pipe = await probe.findLoadingPipe();
        const defaults = {
          before: toSize(2),
          to: toSize(3),
          watchMs: 120 * MINUTE_MS,
          wholeLoadMs: undefined,
        };
        const found = await probe.run(pipe, { ...defaults, ...options });
        return found.resizeDuringSnapshot ?? "";
      })(),
    );
  const listCores = () => world.journal.filter("PATCH").map(({ body }) => toCores(body as Size));
  return { ...world, run, printed, listCores };
}

/** Metrics of another rate than the emulator's: the pipe has loaded 1 GB a minute since its load began, perhaps anew. */
function addMetrics({ transport, cloud, clock }: Simulation): ApiTransport {
  let beganAtMs = 0;
  let broken = 0;
  const respond = () => {
    if (cloud.countBrokenLoads(DEFAULT_SERVICE_ID) > broken) {
      broken += 1;
      beganAtMs = clock.nowMs();
    }
    const bytes = ((clock.nowMs() - beganAtMs) / MINUTE_MS) * GB;
    const text = `ClickPipes_FetchedBytesInitialLoad_Total{clickpipe_id="${PIPE_ID}",clickpipe_state="Snapshot"} ${bytes}\n`;
    return Promise.resolve({ status: 200, headers: new Headers(), json: undefined, text });
  };
  return {
    redact: (text) => text,
    send: (request: HttpRequest) =>
      request.path.at(-1) === "prometheus" ? respond() : transport.send(request),
  };
}

describe("the probe of a resize during a load", () => {
  for (const effect of GUESS_VALUES.resizeDuringSnapshot) {
    it(`finds that it ${effect} the load, by its duration if need be`, async () => {
      const { run, cloud, listCores } = createProbe({ effect });
      assert.match(await run({ wholeLoadMs: WHOLE_LOAD_MS }), new RegExp(`^${effect} \\(`));
      assert.equal(cloud.getCores(DEFAULT_SERVICE_ID), 2);
      assert.deepEqual(listCores(), [3, 2]);
    });

    it(`finds that it ${effect} the load by the loaded bytes`, async () => {
      const { run, cloud } = createProbe({ effect, hasMetrics: true });
      assert.match(await run(), new RegExp(`^${effect} \\(`));
      assert.equal(cloud.getCores(DEFAULT_SERVICE_ID), 2);
    });
  }

  for (const effect of ["keeps", "restarts"] as const) {
    it(`does not guess whether it ${effect} the load without bytes and a known duration`, async () => {
      const { run, printed } = createProbe({ effect });
      assert.match(await run(), /^keeps or restarts \(Running/);
      assert.ok(printed.includes("the service's metrics can't be read: only states and durations will tell"));
    });
  }

  it("stops to watch at the limit, restores the size, and says that this is a resize during the load", async () => {
    const { run, printed, listCores, cloud } = createProbe({ pipes: [{ ...ORDERS, snapshotMs: 1e9 }] });
    const found = await run({ watchMs: 10 * MINUTE_MS, wholeLoadMs: 1e9 });
    assert.match(found, /^not observed: Snapshot 10m\S* after the resize; watch for longer$/);
    assert.ok(
      printed.some((line) => line.startsWith("orders is still loading")),
      printed.join("\n"),
    );
    assert.deepEqual(listCores(), [3, 2]);
    assert.equal(cloud.getCores(DEFAULT_SERVICE_ID), 2);
  });

  it("says that a lost load needs a resync", async () => {
    const { run, printed } = createProbe({ effect: "fails" });
    await run();
    assert.ok(printed.includes("the load of orders is lost: resync the pipe"), printed.join("\n"));
  });

  it("does not blame the resize if the load was over before", async () => {
    const { run } = createProbe({ pipes: [{ ...ORDERS, snapshotMs: MINUTE_MS }] });
    assert.equal(await run(), "not observed: the load was over before the resize arrived");
  });

  for (const [when, atMs] of [
    ["before the resize has arrived", 100_000],
    ["while it watches the load", 400_000],
  ] as const) {
    it(`restores the size if it is interrupted ${when}`, async () => {
      const interrupted = new AbortController();
      const { run, clock, cloud, printed } = createProbe({ signal: interrupted.signal });
      clock.scheduleAt(atMs, () => interrupted.abort(new Error("interrupted")));
      await assert.rejects(run(), /interrupted/);
      await clock.run(clock.sleep(2 * CONVERGENCE_MS));
      assert.equal(cloud.getCores(DEFAULT_SERVICE_ID), 2);
      assert.ok(printed.includes("restoring the size; interrupt again to leave it as it is"));
      assert.equal(printed.at(-1), "requested 2 cores again; they arrive within minutes");
    });
  }

  it("restores the size if the pipe is removed meanwhile", async () => {
    const { run, clock, cloud } = createProbe({ pipes: [ORDERS, { ...ITEMS, state: "Running" }] });
    clock.scheduleAt(400_000, () => cloud.removePipe(DEFAULT_SERVICE_ID, PIPE_ID));
    await assert.rejects(run(), /HTTP 404/);
    assert.equal(cloud.getCores(DEFAULT_SERVICE_ID), 2);
  });

  it("fails if the API refuses the change of size", async () => {
    const { run, faults, cloud } = createProbe();
    faults.add({ method: "PATCH", fault: { kind: "status", status: 403 } });
    await assert.rejects(run(), /answered the change of size with 403/);
    assert.equal(cloud.getCores(DEFAULT_SERVICE_ID), 2);
  });

  for (const [what, pipes, error] of [
    [
      "no Postgres pipe",
      [{ ...ORDERS, kind: "mysql" }],
      /: No Postgres ClickPipe of this service is in Snapshot\. Create/,
    ],
    [
      "none in Snapshot",
      [{ ...ORDERS, state: "Running" }],
      /in Snapshot \(orders: Running\)\. Create .* or resync one/,
    ],
    ["one about to load", [{ ...ORDERS, state: "Setup" }], /in Snapshot \(orders: Setup\)\./],
    ["two that load", [ORDERS, ITEMS], /risk .* 2 Postgres ClickPipes \(orders: Snapshot, items: Snapshot\)/],
    ["one that loads and one about to", [{ ...ITEMS, state: "Provisioning" }, ORDERS], /risk .* 2 Postgres/],
  ] as const satisfies readonly (readonly [string, readonly PipeSeed[], RegExp])[]) {
    it(`changes nothing if the service has ${what}`, async () => {
      const { run, journal } = createProbe({ pipes });
      await assert.rejects(run(), error);
      assert.equal(journal.count("PATCH"), 0);
    });
  }

  it("ignores other pipes that are not loading", async () => {
    const { run } = createProbe({ pipes: [{ ...ITEMS, state: "Paused" }, ORDERS], effect: "fails" });
    assert.match(await run(), /^fails/);
  });
});

describe("the outcome of a load", () => {
  /** The size arrives at minute 4. Each step is a minute, a state and perhaps gigabytes. */
  function createHistory(
    steps: readonly (readonly [minute: number, state: string, gb?: number])[],
    changed: Partial<LoadHistory> = {},
  ): LoadHistory {
    const observations = steps.map(([minute, state, gb]): Observation => {
      return { atMs: minute * MINUTE_MS, state, loadedBytes: gb === undefined ? undefined : gb * GB };
    });
    return { observations, resizedAtMs: 4 * MINUTE_MS, wholeLoadMs: undefined, ...changed };
  }

  const KNOWN = { wholeLoadMs: 20 * MINUTE_MS };

  for (const [what, history, outcome] of [
    [
      "fails in Failed",
      createHistory([
        [0, "Snapshot"],
        [5, "Failed"],
      ]),
      "fails (Failed 1m after the resize)",
    ],
    [
      "fails in InternalError",
      createHistory([
        [0, "Snapshot"],
        [5, "InternalError"],
      ]),
      "fails (InternalError 1m after the resize)",
    ],
    [
      "fails, although the new size did not show yet",
      createHistory([
        [0, "Snapshot"],
        [3, "Failed"],
      ]),
      "fails (Failed before the new size was seen)",
    ],
    [
      "restarts if the pipe is set up again",
      createHistory([
        [0, "Snapshot"],
        [5, "Setup"],
      ]),
      "restarts (Setup after Snapshot)",
    ],
    [
      "restarts if its bytes fall",
      createHistory([
        [0, "Snapshot", 5],
        [2, "Snapshot"],
        [5, "Snapshot", 1],
      ]),
      "restarts (loaded bytes fell from 5.0 GB to 1.0 GB)",
    ],
    [
      "restarts if it takes as long as a whole load afterwards",
      createHistory(
        [
          [0, "Snapshot"],
          [24, "Running"],
        ],
        KNOWN,
      ),
      "restarts (Running 20m after the resize, as long as a whole load)",
    ],
    [
      "restarts if it takes that long, although its bytes only rose",
      createHistory(
        [
          [0, "Snapshot", 1],
          [24, "Running", 30],
        ],
        KNOWN,
      ),
      "restarts (Running 20m after the resize, as long as a whole load)",
    ],
    [
      "keeps if it takes less than a whole load afterwards",
      createHistory(
        [
          [0, "Snapshot"],
          [20, "Running"],
        ],
        KNOWN,
      ),
      "keeps (Running 16m after the resize, less than a whole load)",
    ],
    [
      "keeps if its bytes never fall",
      createHistory([
        [0, "Snapshot", 1],
        [20, "Completed", 9],
      ]),
      "keeps (Completed 16m after the resize; loaded bytes rose from 1.0 GB to 9.0 GB and never fell)",
    ],
    [
      "is not known if nothing tells",
      createHistory([
        [0, "Snapshot"],
        [20, "Running"],
      ]),
      "keeps or restarts (Running 16m after the resize; without a metric of the bytes or --load-takes both look the same)",
    ],
    [
      "is not known if its bytes stand still",
      createHistory([
        [0, "Snapshot", 1],
        [20, "Snapshot", 1],
      ]),
      "keeps or restarts (Snapshot 16m after the resize; without a metric of the bytes or --load-takes both look the same)",
    ],
    [
      "is not known if the resize came too early in the load",
      createHistory(
        [
          [3, "Snapshot"],
          [24, "Running"],
        ],
        KNOWN,
      ),
      "not observed: Running 20m after the resize; the resize came too early in the load to tell by its duration",
    ],
    [
      "is not known if the load was not watched for long enough",
      createHistory(
        [
          [0, "Snapshot"],
          [10, "Snapshot"],
        ],
        KNOWN,
      ),
      "not observed: Snapshot 6m after the resize; watch for longer",
    ],
    [
      "is not known if the load was over before",
      createHistory([
        [0, "Snapshot"],
        [3, "Running"],
        [5, "Running"],
      ]),
      "not observed: the load was over before the resize arrived",
    ],
    [
      "is not known if somebody paused the pipe",
      createHistory([
        [0, "Snapshot"],
        [5, "Paused"],
      ]),
      "not observed: the pipe is Paused",
    ],
  ] as const) {
    it(what, () => assert.equal(describeOutcome(history), outcome));
  }

  for (const [state, expected] of [
    ["Snapshot", false],
    ["Degraded", false],
    ["Paused", false],
    ["Failed", true],
    ["Running", true],
    ["Completed", true],
    ["Resync", true],
    ["Setup", true],
  ] as const) {
    it(`is ${expected ? "" : "not "}decided once the pipe is in ${state}`, () => {
      assert.equal(
        isDecided(
          createHistory([
            [0, "Snapshot"],
            [5, state],
          ]),
        ),
        expected,
      );
    });
  }
});

describe("the loaded bytes in a service's metrics", () => {
  const line = (name: string, id: string, value: string) =>
    `${name}{clickpipe_id="${id}",clickpipe_name="a b"} ${value}`;
  const LOADED = "ClickPipes_FetchedBytesInitialLoad_Total";

  it("are those of the pipe, not of others or of other metrics", () => {
    const metrics = [
      `# TYPE ${LOADED} counter`,
      line(LOADED, "other", "7"),
      line("ClickPipes_FetchedBytes_Total", PIPE_ID, "8"),
      line(LOADED, PIPE_ID, "1.5e+09"),
    ].join("\n");
    assert.equal(parseLoadedBytes(metrics, PIPE_ID), 1.5e9);
  });

  it("are added up if the pipe has several lines", () => {
    assert.equal(
      parseLoadedBytes(`${line(LOADED, PIPE_ID, "1")}\n${line(LOADED, PIPE_ID, "2")}\n`, PIPE_ID),
      3,
    );
  });

  it("are undefined if the pipe has none", () => {
    assert.equal(parseLoadedBytes(line(LOADED, "other", "7"), PIPE_ID), undefined);
  });
});
