import assert from "node:assert/strict";
import { DEFAULT_SERVICE_ID, type PipeSeed } from "../../emulator";
import { captureError, SimulatedStack } from "../../simulation/simulated-stack";
import { createSeedWithPipes } from "../../simulation/seed-with-pipes";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const SEED: PipeSeed = { id: "00000000-0000-4000-9000-0000000000c1", name: "seed", kind: "postgres" };
const ORDERS: PipeSeed = {
  id: "00000000-0000-4000-9000-0000000000c2",
  name: "orders",
  kind: "postgres",
  snapshotMs: 6 * HOUR_MS,
};
/** The clock starts on 2026-01-01. */
const AHEAD = { initialLoad: { cores: 24, endBy: "2026-01-08T00:00:00Z", startAhead: true } };

function createStack(pipes: readonly PipeSeed[]) {
  const seed = createSeedWithPipes(pipes);
  const stack = new SimulatedStack({
    convergenceMs: 200_000,
    seed,
    guesses: { resizeDuringSnapshot: "fails" },
  });
  const listWarnings = () => stack.engine.listMessages("warning");
  return Object.assign(stack, { listWarnings });
}

/** The message of an error, without the property's path. */
async function captureFailure(work: Promise<unknown>): Promise<string> {
  return (await captureError(work)).message;
}

describe("a burst with startAhead", () => {
  it("has its size before the new pipe exists, and ends after its load, with two changes", async () => {
    const stack = createStack([SEED]);
    await stack.up(2, AHEAD);
    assert.deepEqual([stack.getCores(), stack.state?.phase], [24, "prepared"]);
    stack.cloud.addPipe(DEFAULT_SERVICE_ID, ORDERS);
    await stack.wait(5 * HOUR_MS);
    await stack.up(2, AHEAD);
    assert.equal(stack.getCores(), 24);
    await stack.wait(2 * HOUR_MS);
    await stack.up(2, AHEAD);
    assert.deepEqual([stack.getCores(), stack.state?.phase], [2, "steady"]);
    assert.deepEqual(stack.listAcceptedCores(), [24, 2]);
    assert.equal(stack.cloud.countBrokenLoads(DEFAULT_SERVICE_ID), 0);
  });

  it("ends if its pipe loaded between two updates", async () => {
    const stack = createStack([SEED]);
    await stack.up(2, AHEAD);
    stack.cloud.addPipe(DEFAULT_SERVICE_ID, ORDERS);
    await stack.wait(7 * HOUR_MS);
    await stack.up(2, AHEAD);
    assert.deepEqual([stack.getCores(), stack.state?.phase], [2, "steady"]);
  });

  it("ends at endBy if no pipe comes", async () => {
    const stack = createStack([SEED]);
    await stack.up(2, AHEAD);
    await stack.wait(7 * 24 * HOUR_MS);
    await stack.up(2, AHEAD);
    assert.deepEqual([stack.getCores(), stack.state?.phase], [2, "overdue"]);
  });

  it("has no diff while nothing changes", async () => {
    const stack = createStack([SEED]);
    await stack.up(2, AHEAD);
    stack.journal.clear();
    await stack.up(2, AHEAD);
    assert.equal(stack.journal.count("PATCH"), 0);
  });

  it("remembers the pipes through a refresh", async () => {
    const stack = createStack([SEED]);
    await stack.up(2, AHEAD);
    await stack.refresh();
    stack.cloud.addPipe(DEFAULT_SERVICE_ID, ORDERS);
    await stack.wait(7 * HOUR_MS);
    await stack.up(2, AHEAD);
    assert.equal(stack.state?.phase, "steady");
  });

  it("starts no second burst for a later pipe", async () => {
    const stack = createStack([SEED]);
    await stack.up(2, AHEAD);
    stack.cloud.addPipe(DEFAULT_SERVICE_ID, ORDERS);
    await stack.wait(7 * HOUR_MS);
    await stack.up(2, AHEAD);
    stack.cloud.addPipe(DEFAULT_SERVICE_ID, { ...ORDERS, id: "00000000-0000-4000-9000-0000000000c3" });
    await stack.up(2, AHEAD);
    assert.equal(stack.getCores(), 2);
  });

  it("starts a second burst after startAhead was removed and set again", async () => {
    const stack = createStack([SEED]);
    await stack.up(2, AHEAD);
    stack.cloud.addPipe(DEFAULT_SERVICE_ID, ORDERS);
    await stack.wait(7 * HOUR_MS);
    await stack.up(2, AHEAD);
    await stack.up(2);
    await stack.up(2, AHEAD);
    assert.deepEqual([stack.getCores(), stack.state?.phase], [24, "prepared"]);
  });

  it("waits for the first pipe of a service, and warns that the size can't be ahead of it", async () => {
    const stack = createStack([]);
    stack.clock.scheduleAt(stack.clock.nowMs() + 2 * MINUTE_MS, () =>
      stack.cloud.addPipe(DEFAULT_SERVICE_ID, ORDERS),
    );
    await stack.up(2, AHEAD);
    assert.equal(stack.getCores(), 24);
    assert.match(
      stack.listWarnings().join("\n"),
      /has no database ClickPipe, .* Create a pipe of one small table first/,
    );
  });

  it("warns that it is too late if a pipe loads already", async () => {
    const stack = createStack([{ ...ORDERS, state: "Snapshot" }]);
    await stack.up(2, AHEAD);
    assert.match(stack.listWarnings().join("\n"), /startAhead is too late to be ahead: orders loads/);
  });

  it("is refused without endBy", async () => {
    const failure = await captureFailure(
      createStack([SEED]).preview(2, { initialLoad: { cores: 24, startAhead: true } }),
    );
    assert.equal(
      failure,
      "initialLoad.endBy: is required with `startAhead`: it ends a burst whose pipe never comes",
    );
  });

  it("is refused with pipes", async () => {
    const initialLoad = { ...AHEAD.initialLoad, pipes: [SEED.id] };
    assert.equal(
      await captureFailure(createStack([SEED]).preview(2, { initialLoad })),
      "initialLoad.pipes: must be left out with `startAhead`: a pipe that doesn't exist yet has no id",
    );
  });

  it("is refused for a new resource whose endBy has passed", async () => {
    const initialLoad = { ...AHEAD.initialLoad, endBy: "2025-12-31T00:00:00Z" };
    assert.equal(
      await captureFailure(createStack([SEED]).preview(2, { initialLoad })),
      "initialLoad.endBy: must be ahead with `startAhead`, got 2025-12-31T00:00Z, which has passed",
    );
  });

  it("is refused if endBy changes to a time that has passed", async () => {
    const stack = createStack([SEED]);
    await stack.up(2, AHEAD);
    const initialLoad = { ...AHEAD.initialLoad, endBy: "2025-12-31T00:00:00Z" };
    assert.match(await captureFailure(stack.preview(2, { initialLoad })), /must be ahead with `startAhead`/);
  });

  it("is refused if its value is no boolean", async () => {
    const initialLoad = { ...AHEAD.initialLoad, startAhead: "yes" as unknown as boolean };
    assert.equal(
      await captureFailure(createStack([SEED]).preview(2, { initialLoad })),
      'initialLoad.startAhead: must be true or false, got "yes" (default: false)',
    );
  });

  it("false is the same as none", async () => {
    const stack = createStack([SEED]);
    await stack.up(2, { initialLoad: { cores: 24, startAhead: false } });
    assert.deepEqual([stack.getCores(), stack.state?.phase], [2, "steady"]);
  });
});
