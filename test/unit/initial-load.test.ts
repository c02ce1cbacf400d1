import { type DynamicInputs } from "../../provider/dynamic/provider";
import assert from "node:assert/strict";
import { DEFAULT_ORGANIZATION_ID, DEFAULT_SERVICE_ID, type PipeSeed } from "../../emulator";
import { captureError, SimulatedStack } from "../../simulation/simulated-stack";
import { createSeedWithPipes } from "../../simulation/seed-with-pipes";

const HOUR_MS = 3_600_000;
const PIPE_ID = "00000000-0000-4000-9000-0000000000b1";
const STREAM_ID = "00000000-0000-4000-9000-0000000000b2";
const ORDERS: PipeSeed = { id: PIPE_ID, name: "orders", kind: "postgres", snapshotMs: 6 * HOUR_MS };
const STREAM: PipeSeed = { id: STREAM_ID, name: "events", kind: "kafka" };
/** The clock starts on 2026-01-01. */
const INITIAL_LOAD = { cores: 24, endBy: "2026-01-08T00:00:00Z" };
const WITH_LOAD: Partial<DynamicInputs> = { initialLoad: INITIAL_LOAD };
/** When a stack that starts with the clock sends its first change. */
const SENT_AT = "2026-01-01T00:00:00.000Z";

function createStack(
  pipes: readonly PipeSeed[],
  options: ConstructorParameters<typeof SimulatedStack>[0] = {},
) {
  const seed = createSeedWithPipes(pipes);
  const stack = new SimulatedStack({ convergenceMs: 200_000, seed, ...options });
  return Object.assign(stack, { listWarnings: () => stack.engine.listMessages("warning") });
}

describe("a migration", () => {
  it("scales up for the snapshot and down after it, with two changes in total", async () => {
    const stack = createStack([ORDERS]);
    await stack.up(2, WITH_LOAD);
    assert.equal(stack.getCores(), 24);
    await stack.wait(3 * HOUR_MS);
    await stack.up(2, WITH_LOAD);
    assert.equal(stack.getCores(), 24);
    await stack.wait(4 * HOUR_MS);
    await stack.up(2, WITH_LOAD);
    assert.equal(stack.getCores(), 2);
    await stack.up(2, WITH_LOAD);
    assert.deepEqual(stack.listAcceptedCores(), [24, 2]);
  });

  it("scales down after endBy, even if the snapshot is stuck", async () => {
    const stack = createStack([{ ...ORDERS, state: "Snapshot" }]);
    await stack.up(2, WITH_LOAD);
    await stack.wait(8 * 24 * HOUR_MS);
    await stack.up(2, WITH_LOAD);
    assert.equal(stack.getCores(), 2);
    assert.equal(stack.state?.phase, "overdue");
  });

  it("does not read the pipes after endBy", async () => {
    const stack = createStack([{ ...ORDERS, state: "Snapshot" }]);
    await stack.up(2, WITH_LOAD);
    await stack.wait(8 * 24 * HOUR_MS);
    stack.journal.clear();
    await stack.preview(2, WITH_LOAD);
    assert.equal(stack.journal.count(), 0);
  });

  it("does not restore a burst on destroy that was active before the resource existed", async () => {
    const stack = createStack([ORDERS]);
    stack.cloud.setCores(DEFAULT_SERVICE_ID, 24);
    await stack.up(2, WITH_LOAD);
    await stack.wait(7 * HOUR_MS);
    await stack.up(2, WITH_LOAD);
    await stack.destroy();
    assert.deepEqual([stack.getCores(), stack.listAcceptedCores()], [2, [2]]);
  });

  it("keeps the start of the burst over a refresh", async () => {
    const stack = createStack([{ ...ORDERS, state: "Snapshot" }]);
    await stack.up(2, WITH_LOAD);
    const since = stack.state?.burstSince;
    await stack.wait(5 * HOUR_MS);
    await stack.refresh();
    await stack.up(2, { initialLoad: { ...INITIAL_LOAD, endBy: "2026-01-09T00:00:00Z" } });
    assert.deepEqual([since, stack.state?.burstSince], [SENT_AT, SENT_AT]);
  });

  it("keeps the size from before the burst for the destroy", async () => {
    const stack = createStack([ORDERS]);
    stack.cloud.setCores(DEFAULT_SERVICE_ID, 4);
    await stack.up(2, WITH_LOAD);
    await stack.destroy();
    assert.equal(stack.getCores(), 4);
  });
});

describe("the last burst in the state", () => {
  const FROM = SENT_AT;
  /** A stack in its burst; its load ends after 6 hours. */
  async function runBurst(options: ConstructorParameters<typeof SimulatedStack>[0] = {}) {
    const stack = createStack([ORDERS], options);
    await stack.up(2, WITH_LOAD);
    await stack.wait(7 * HOUR_MS);
    return stack;
  }
  const getBursts = ({ state }: ReturnType<typeof createStack>) => {
    const { burstSince, lastBurst } = state ?? {};
    return { burstSince, lastBurst };
  };
  const getNow = ({ clock }: ReturnType<typeof createStack>) => clock.date().toISOString();

  it("is absent before and during the first burst", async () => {
    const stack = createStack([ORDERS]);
    await stack.up(2, WITH_LOAD);
    assert.deepEqual(getBursts(stack), { burstSince: FROM, lastBurst: undefined });
  });

  it("lasts from the change until an update observes the steady size", async () => {
    const stack = await runBurst();
    await stack.up(2, WITH_LOAD);
    const lastBurst = { cores: 24, from: FROM, to: getNow(stack) };
    assert.deepEqual(getBursts(stack), { burstSince: undefined, lastBurst });
  });

  it("stays through later updates and refreshes, without a diff", async () => {
    const stack = await runBurst();
    await stack.up(2, WITH_LOAD);
    const before = getBursts(stack);
    await stack.wait(HOUR_MS);
    await stack.refresh();
    assert.equal((await stack.preview(2, WITH_LOAD)).isChange, false);
    await stack.up(3, { initialLoad: { ...INITIAL_LOAD, cores: 20 } });
    assert.deepEqual(getBursts(stack), before);
  });

  it("is not an input, neither after a refresh nor after an update", async () => {
    const stack = await runBurst();
    await stack.up(2, WITH_LOAD);
    assert.equal("lastBurst" in stack.storedInputs, false);
    await stack.refresh();
    assert.equal("lastBurst" in stack.storedInputs, false);
  });

  it("ends with an update that sends no request because the service has the steady size already", async () => {
    const stack = await runBurst();
    stack.cloud.setCores(DEFAULT_SERVICE_ID, 2);
    await stack.refresh();
    stack.journal.clear();
    await stack.up(2, { initialLoad: { ...INITIAL_LOAD, cores: 20 } });
    assert.equal(stack.journal.filter("PATCH").length, 0);
    assert.deepEqual(getBursts(stack).lastBurst?.to, getNow(stack));
  });

  it("ends with the update that observes the steady size if an earlier one timed out", async () => {
    const stack = await runBurst({ convergenceMs: 25 * 60_000 });
    await captureError(stack.up(2, WITH_LOAD));
    assert.deepEqual(getBursts(stack), { burstSince: FROM, lastBurst: undefined });
    await stack.up(2, WITH_LOAD);
    assert.deepEqual(getBursts(stack), {
      burstSince: undefined,
      lastBurst: { cores: 24, from: FROM, to: getNow(stack) },
    });
  });

  it("ends with the refresh that observes the steady size after an update that timed out", async () => {
    const stack = await runBurst({ convergenceMs: 25 * 60_000 });
    await captureError(stack.up(2, WITH_LOAD));
    await stack.wait(HOUR_MS);
    await stack.refresh();
    assert.equal("burstSince" in stack.storedInputs, false);
    assert.deepEqual(getBursts(stack).lastBurst, { cores: 24, from: FROM, to: getNow(stack) });
  });

  it("ends when initialLoad is removed from the program", async () => {
    const stack = await runBurst();
    await stack.up(2);
    assert.equal(getBursts(stack).lastBurst?.cores, 24);
  });

  it("is absent after a replacement during a burst, which continues", async () => {
    const stack = createStack([{ ...ORDERS, state: "Snapshot" }]);
    await stack.up(2, WITH_LOAD);
    await stack.wait(HOUR_MS);
    await stack.replace(2, WITH_LOAD);
    assert.deepEqual(getBursts(stack), { burstSince: FROM, lastBurst: undefined });
  });
});

describe("a preview with an initial load", () => {
  it("shows the declared size, the current size, the phase, and the reason with the cost of the burst", async () => {
    const { checked } = await createStack([{ ...ORDERS, state: "Snapshot" }]).preview(2, WITH_LOAD);
    const { cores, currentCores, phase, phaseReason, usdPerHour } = checked;
    assert.deepEqual([cores, currentCores, phase, usdPerHour], [2, 24, "initialLoad", 2.4]);
    assert.equal(phaseReason, "orders loads, until 2026-01-08T00:00Z at the latest; $2.40/h");
  });

  it("shows what the burst costs until its end, when it begins", async () => {
    const stack = createStack([{ ...ORDERS, state: "Snapshot" }]);
    await stack.preview(2, WITH_LOAD);
    const cost = "the burst of 24 cores costs at most $403.20, in the 168 h until 2026-01-08T00:00Z";
    assert.ok(stack.engine.rows.some(({ message }) => message === cost));
  });

  it("uses the price that the stack sets", async () => {
    const config = { "clickpipes:usdPerComputeUnitHour": "0.1" };
    const { checked } = await createStack([ORDERS], { config }).preview(2, WITH_LOAD);
    assert.match(checked.phaseReason ?? "", /; \$1\.20\/h$/);
  });

  it("is the same hours later, so that an update with a saved plan accepts it", async () => {
    const stack = createStack([{ ...ORDERS, state: "Snapshot" }]);
    const { checked } = await stack.preview(2, WITH_LOAD);
    await stack.wait(5 * HOUR_MS);
    assert.deepEqual((await stack.preview(2, WITH_LOAD)).checked, checked);
  });

  it("is the same after a pipe goes from one state of its load to another", async () => {
    const stack = createStack([{ ...ORDERS, state: "Provisioning" }]);
    const { checked } = await stack.preview(2, WITH_LOAD);
    stack.cloud.getPipe(DEFAULT_SERVICE_ID, PIPE_ID).setState("Snapshot", stack.clock.now());
    assert.deepEqual((await stack.preview(2, WITH_LOAD)).checked, checked);
  });

  it("sends one request, for the pipes, if the organization is known", async () => {
    const stack = createStack([{ ...ORDERS, kind: "mysql" }]);
    const known = { ...WITH_LOAD, organizationId: DEFAULT_ORGANIZATION_ID };
    await stack.up(2, known);
    stack.journal.clear();
    await stack.preview(2, known);
    assert.deepEqual(
      stack.journal.entries.map(({ path }) => path.split("/").at(-1)),
      ["clickpipes"],
    );
  });

  it("sends a second one, for the metrics, while a Postgres pipe loads that a resize met", async () => {
    const stack = createStack([ORDERS]);
    const known = { ...WITH_LOAD, organizationId: DEFAULT_ORGANIZATION_ID };
    await stack.up(2, known);
    stack.journal.clear();
    await stack.preview(2, known);
    assert.deepEqual(
      stack.journal.entries.map(({ path }) => path.split("/").at(-1)),
      ["clickpipes", "prometheus"],
    );
  });

  it("sends no request if no initial load is declared", async () => {
    const stack = createStack([ORDERS]);
    await stack.preview(2);
    assert.equal(stack.journal.count(), 0);
  });

  it("has no diff if only the reason has changed", async () => {
    const stack = createStack([{ ...ORDERS, state: "Running" }]);
    await stack.up(2, WITH_LOAD);
    stack.cloud.getPipe(DEFAULT_SERVICE_ID, PIPE_ID).setState("Paused", stack.clock.now());
    const { checked, isChange } = await stack.preview(2, WITH_LOAD);
    assert.match(checked.phaseReason ?? "", /unclear for orders/);
    assert.equal(isChange, false);
  });

  it("has no diff if only the price has changed, and shows the cost at the new one", async () => {
    const config: Record<string, string> = {
      "clickhouse:tokenKey": "emulator-key",
      "clickhouse:tokenSecret": "emulator-secret",
    };
    const stack = createStack([{ ...ORDERS, state: "Snapshot" }], { config });
    await stack.up(2, WITH_LOAD);
    config["clickpipes:usdPerComputeUnitHour"] = "0.3";
    const { isChange, checked } = await stack.preview(2, WITH_LOAD);
    assert.deepEqual([isChange, checked.usdPerHour], [false, 3.6]);
  });

  it("has a diff if endBy has changed, which an update writes without a request", async () => {
    const stack = createStack([{ ...ORDERS, state: "Running" }]);
    await stack.up(2, WITH_LOAD);
    stack.journal.clear();
    await stack.up(2, { initialLoad: { ...INITIAL_LOAD, endBy: "2026-01-09T00:00:00Z" } });
    assert.equal(stack.state?.initialLoad?.endBy, "2026-01-09T00:00:00Z");
    assert.equal(stack.journal.count("GET", "clickpipesCdcScaling"), 0);
  });

  it("shows a steady size that changed during the burst", async () => {
    const stack = createStack([{ ...ORDERS, state: "Snapshot" }]);
    await stack.up(2, WITH_LOAD);
    const { isChange } = await stack.preview(4, WITH_LOAD);
    assert.equal(isChange, true);
  });

  it("ends the burst although ignoreChanges names cores, and keeps the declared size", async () => {
    const stack = createStack([ORDERS]);
    stack.ignoreChanges = ["cores"];
    await stack.up(2, WITH_LOAD);
    const burst = stack.getCores();
    await stack.wait(7 * HOUR_MS);
    await stack.up(4, WITH_LOAD);
    assert.deepEqual([burst, stack.getCores(), stack.state?.cores], [24, 2, 2]);
  });

  it("changes to a smaller burst although ignoreChanges names cores", async () => {
    const stack = createStack([{ ...ORDERS, state: "Snapshot" }]);
    stack.ignoreChanges = ["cores"];
    await stack.up(2, WITH_LOAD);
    await stack.up(2, { initialLoad: { ...INITIAL_LOAD, cores: 16 } });
    assert.deepEqual([stack.getCores(), stack.state?.cores], [16, 2]);
  });

  it("warns if a wildcard in ignoreChanges keeps a burst that would end, and sends nothing", async () => {
    const stack = createStack([ORDERS]);
    stack.ignoreChanges = ["*"];
    await stack.up(2, WITH_LOAD);
    await stack.wait(7 * HOUR_MS);
    for (let previews = 0; previews < 2; previews++) {
      stack.engine.rows.length = 0;
      await stack.up(2, WITH_LOAD);
      assert.deepEqual(stack.listWarnings(), [
        "ignoreChanges keeps 24 cores, at $1,752.00 a month, although the program declares 2 now. " +
          "List the arguments to ignore instead of a wildcard",
      ]);
    }
    assert.deepEqual([stack.getCores(), stack.listAcceptedCores()], [24, [24]]);
  });

  it("does not warn of a wildcard in ignoreChanges while the burst should be active", async () => {
    const stack = createStack([{ ...ORDERS, state: "Snapshot" }]);
    stack.ignoreChanges = ["*"];
    await stack.up(2, WITH_LOAD);
    await stack.wait(HOUR_MS);
    await stack.preview(2, WITH_LOAD);
    assert.doesNotMatch(stack.listWarnings().join("\n"), /ignoreChanges/);
  });
});

describe("if the pipes can't be read,", () => {
  const down = { fault: { kind: "status", status: 503 }, path: /clickpipes$/, times: 1_000 } as const;

  it("no warning is shown while a pipe that loads will end the burst", async () => {
    const stack = createStack([{ ...ORDERS, state: "Snapshot" }]);
    await stack.up(2, { initialLoad: { cores: 24 } });
    assert.doesNotMatch(stack.listWarnings().join("\n"), /nothing is known to end/);
  });

  it("a burst stays active, and a warning names its monthly price", async () => {
    const stack = createStack([ORDERS]);
    await stack.up(2, WITH_LOAD);
    stack.engine.rows.length = 0;
    stack.faults.add(down);
    await stack.up(2, WITH_LOAD);
    assert.equal(stack.getCores(), 24);
    assert.match(
      stack.listWarnings().join("\n"),
      /burst of 24 cores stays active, at \$1,752\.00 a month: the pipes could not be read \(HTTP 503/,
    );
  });

  it("a new resource gets the steady size", async () => {
    const stack = createStack([ORDERS]);
    stack.faults.add(down);
    await stack.up(2, WITH_LOAD);
    assert.equal(stack.getCores(), 2);
  });

  it("a preview without keys shows the steady size and the burst's price", async () => {
    const config = { "clickhouse:tokenKey": "", "clickhouse:tokenSecret": "" };
    const { checked } = await createStack([ORDERS], { config }).preview(2, WITH_LOAD);
    assert.deepEqual([checked.cores, checked.phase], [2, "unknown"]);
    assert.match(checked.phaseReason ?? "", /no API key.*24 cores if the update finds a pipe.*\$2\.40\/h/);
  });

  it("the pipes of another service are still read", async () => {
    const stack = createStack([ORDERS]);
    const provider = stack.startRun();
    stack.faults.add({ ...down, times: 1 });
    assert.equal((await stack.preview(2, WITH_LOAD, provider)).checked.phase, "unknown");
    assert.equal((await stack.preview(2, WITH_LOAD, provider)).checked.phase, "initialLoad");
  });

  it("because the rate limit leaves no turn, a preview gives up after a minute", async () => {
    const stack = createStack([ORDERS]);
    const held = { kind: "status", status: 429, headers: { "X-RateLimit-Reset": "10" } } as const;
    stack.faults.add({ fault: held, times: Infinity });
    const { checked } = await stack.preview(2, WITH_LOAD);
    assert.match(checked.phaseReason ?? "", /the API's rate limit left no turn within 60 s/);
    assert.ok(stack.clock.nowMs() <= 75_000, `${stack.clock.nowMs()} ms`);
  });

  const replaceWhileDown = async (stack: ReturnType<typeof createStack>, inputs = WITH_LOAD) => {
    await stack.up(2, inputs);
    stack.faults.add(down);
    await stack.replace(2, inputs);
  };

  it("a replacement during a burst keeps it", async () => {
    const stack = createStack([ORDERS]);
    await replaceWhileDown(stack);
    assert.deepEqual([stack.getCores(), stack.listAcceptedCores()], [24, [24]]);
  });

  it("a create on a service that has the burst already fails before it shrinks a running load", async () => {
    const stack = createStack([{ ...ORDERS, state: "Snapshot" }]);
    stack.cloud.setCores(DEFAULT_SERVICE_ID, 24);
    stack.faults.add({ ...down, times: 1 });
    const failure = await captureError(stack.up(2, WITH_LOAD));
    assert.match(failure.message, /from 24 to 2 cores failed: .*orders \(Snapshot\) may still be loading/);
    assert.deepEqual([stack.getCores(), stack.listAcceptedCores()], [24, []]);
  });

  it("a create on a service that has the burst of a load that is done scales to the steady size", async () => {
    const stack = createStack([{ ...ORDERS, state: "Running" }]);
    stack.cloud.setCores(DEFAULT_SERVICE_ID, 24);
    stack.faults.add({ ...down, times: 1 });
    await stack.up(2, WITH_LOAD);
    assert.equal(stack.getCores(), 2);
  });

  it("the warning says if the burst of a stack has no end", async () => {
    const stack = createStack([ORDERS]);
    const endless = { initialLoad: { cores: 24 } };
    await stack.up(2, endless);
    stack.engine.rows.length = 0;
    stack.faults.add(down);
    await stack.preview(2, endless);
    assert.match(
      stack.listWarnings().join("\n"),
      /nothing is known to end the burst of 24 cores, at \$1,752\.00 a month/,
    );
  });
});

describe("the pipes of an initial load", () => {
  const createLoadOfPipe = (id: string) => ({ initialLoad: { ...INITIAL_LOAD, pipes: [id] } });

  it("are the only ones that count", async () => {
    const other = {
      ...ORDERS,
      id: "00000000-0000-4000-9000-0000000000b3",
      name: "users",
      state: "Running",
    } as const;
    const { checked } = await createStack([ORDERS, other]).preview(2, createLoadOfPipe(other.id));
    assert.equal(checked.phase, "steady");
  });

  it("may be in capital letters", async () => {
    const { checked } = await createStack([ORDERS]).preview(2, createLoadOfPipe(PIPE_ID.toUpperCase()));
    assert.equal(checked.phase, "initialLoad");
  });

  it("are rejected if the service has no such pipe, with a list of its pipes", async () => {
    const id = "00000000-0000-4000-9000-0000000000ff";
    const failure = await captureError(createStack([ORDERS]).preview(2, createLoadOfPipe(id)));
    assert.equal(
      failure.message,
      `initialLoad.pipes.0: must be a database ClickPipe of this service, got "${id}". It has ${PIPE_ID} (orders, postgres)`,
    );
  });

  it("count as done after they were deleted, and fail no later up", async () => {
    const stack = createStack([ORDERS, STREAM]);
    await stack.up(2, createLoadOfPipe(PIPE_ID));
    stack.cloud.removePipe(DEFAULT_SERVICE_ID, PIPE_ID);
    stack.cloud.addPipe(DEFAULT_SERVICE_ID, { ...ORDERS, id: "00000000-0000-4000-9000-0000000000b9" });
    await stack.up(2, createLoadOfPipe(PIPE_ID));
    assert.equal(stack.getCores(), 2);
  });

  it("are rejected if they don't load a database", async () => {
    const failure = await captureError(createStack([ORDERS, STREAM]).preview(2, createLoadOfPipe(STREAM_ID)));
    assert.match(
      failure.message,
      /^initialLoad\.pipes\.0: must be a database ClickPipe of this service, got ".*b2" \(events\)\. It has /,
    );
  });
});

describe("a destroy", () => {
  it("during an initial load warns with the name of the pipe", async () => {
    const stack = createStack([ORDERS]);
    await stack.up(2, WITH_LOAD);
    await stack.destroy();
    assert.match(
      stack.listWarnings().join("\n"),
      /destroyed during the initial load of orders \(Snapshot\), which continues with 2 cores instead of 24/,
    );
  });

  it("does not warn if the size stays the same", async () => {
    const stack = createStack([{ ...ORDERS, state: "Snapshot" }]);
    await stack.up(2, { ...WITH_LOAD, coresAfterDestroy: 24 });
    await stack.destroy();
    assert.doesNotMatch(stack.listWarnings().join("\n"), /destroyed during/);
  });

  it("does not warn after the initial load", async () => {
    const stack = createStack([ORDERS]);
    await stack.up(2, WITH_LOAD);
    await stack.wait(7 * HOUR_MS);
    await stack.destroy();
    assert.doesNotMatch(stack.listWarnings().join("\n"), /destroyed during/);
  });
});

describe("advice on an initial load", () => {
  const endless: Partial<DynamicInputs> = { initialLoad: { cores: 24 } };
  const listAdvice = async (
    stack: ReturnType<typeof createStack>,
    inputs: Partial<DynamicInputs>,
    cores = 2,
  ) => {
    stack.engine.rows.length = 0;
    await stack.up(cores, inputs);
    return stack.listWarnings().flatMap((text) => /suppressAdvice: \["(\w+)"\]/.exec(text)?.[1] ?? []);
  };

  it("omits the advice on an end if no pipe is known to load, because the warning says more", async () => {
    const stack = createStack([{ ...ORDERS, state: "Snapshot" }]);
    await stack.up(2, endless);
    stack.cloud.setPipeState(DEFAULT_SERVICE_ID, PIPE_ID, "Paused");
    assert.deepEqual(await listAdvice(stack, { initialLoad: { cores: 16 } }), []);
    assert.equal(
      stack.listWarnings().filter((text) => text.includes("nothing is known to end the burst")).length,
      1,
    );
  });

  it("is shown once", async () => {
    const stack = createStack([{ ...ORDERS, state: "Snapshot" }]);
    assert.deepEqual(await listAdvice(stack, endless), [
      "rarelyNeeded",
      "initialLoadParallelism",
      "noEndBy",
      "resizeDuringLoad",
    ]);
    assert.deepEqual(await listAdvice(stack, endless), []);
  });

  it("is shown again if the program has changed what it is about", async () => {
    const stack = createStack([{ ...ORDERS, state: "Snapshot" }]);
    await stack.up(2, endless);
    assert.deepEqual(await listAdvice(stack, { initialLoad: { cores: 16 } }), [
      "initialLoadParallelism",
      "noEndBy",
      "resizeDuringLoad",
    ]);
  });

  it("is shown again when an initial load starts again", async () => {
    const stack = createStack([{ ...ORDERS, state: "Running" }]);
    await stack.up(2, endless);
    stack.cloud.setPipeState(DEFAULT_SERVICE_ID, PIPE_ID, "Snapshot");
    assert.deepEqual(await listAdvice(stack, endless), [
      "initialLoadParallelism",
      "noEndBy",
      "resizeDuringLoad",
    ]);
  });

  it("is not shown if the program suppresses it", async () => {
    const stack = createStack([{ ...ORDERS, state: "Snapshot" }]);
    const suppressAdvice = ["rarelyNeeded", "initialLoadParallelism", "noEndBy", "resizeDuringLoad"];
    assert.deepEqual(await listAdvice(stack, { ...endless, suppressAdvice }), []);
  });
});
