import assert from "node:assert/strict";
import { DEFAULT_SERVICE_ID as ID } from "../../emulator";
import { captureError, SimulatedStack } from "../../simulation/simulated-stack";
import type { EngineLiveness } from "../../provider/operation/engine";

const MINUTE_MS = 60_000;

describe("a change of the size", () => {
  function createStack(liveness: EngineLiveness) {
    const stack = new SimulatedStack({ convergenceMs: MINUTE_MS });
    stack.engine.liveness = liveness;
    return stack;
  }

  it("is delayed while Pulumi's engine is silent, and sent when it answers", async () => {
    const stack = createStack("silent");
    const { clock, engine, cloud, journal } = stack;
    let sentWhileSilent: number | undefined;
    clock.scheduleAt(MINUTE_MS / 2, () => {
      sentWhileSilent = journal.count("PATCH");
      engine.liveness = "alive";
    });
    await stack.up(8);
    assert.deepEqual([sentWhileSilent, journal.count("PATCH"), cloud.getCores(ID)], [0, 1, 8]);
  });

  it("is never sent if the engine stays silent, and the error says so", async () => {
    const stack = createStack("silent");
    const { journal } = stack;
    const { message } = await captureError(stack.up(8, { __timeouts: { create: "1m" } }));
    assert.match(
      message,
      /Last observed: 2 cores .*Pulumi's engine doesn't respond, so the change was not sent.*change not sent ×\d+.*Nothing was changed/,
    );
    assert.equal(journal.count("PATCH"), 0);
  });

  it("that waits for the rate limit is delayed if the engine becomes silent meanwhile", async () => {
    const stack = createStack("alive");
    const { clock, engine, faults, journal } = stack;
    const headers = { "X-RateLimit-Reset": "30" };
    faults.add({ method: "PATCH", fault: { kind: "status", status: 429, headers } });
    clock.scheduleAt(MINUTE_MS / 4, () => (engine.liveness = "silent"));
    let sentWhileSilent: number | undefined;
    clock.scheduleAt(MINUTE_MS, () => {
      sentWhileSilent = journal.count("PATCH") - 1; // without the refused one
      engine.liveness = "alive";
    });
    await stack.up(8);
    assert.deepEqual([sentWhileSilent, journal.count("PATCH")], [0, 2]);
  });

  it("is not sent if the engine is gone, and the process exits", async () => {
    const stack = createStack("gone");
    const { journal, engine } = stack;
    assert.match((await captureError(stack.up(8))).message, /the engine has exited/);
    assert.deepEqual([journal.count("PATCH"), engine.hasExited], [0, true]);
  });

  it("is not sent if the engine ends just before it", async () => {
    const stack = createStack("alive");
    const { journal, engine } = stack;
    const answers: EngineLiveness[] = ["alive"]; // to the first ping of the operation
    engine.ping = () => Promise.resolve(answers.shift() ?? "gone");
    await captureError(stack.up(8));
    assert.deepEqual(
      journal.entries.map(({ path }) => path.split("/").at(-1)),
      ["organizations", "clickpipesCdcScaling"],
    );
  });

  it("is still waited for while the engine is silent", async () => {
    const stack = createStack("alive");
    const { clock, engine } = stack;
    clock.scheduleAt(MINUTE_MS / 2, () => (engine.liveness = "silent"));
    await stack.up(8);
    assert.equal(stack.getCores(), 8);
  });
});

describe("an idle service", () => {
  it("is not woken while Pulumi's engine is silent", async () => {
    const stack = new SimulatedStack();
    stack.cloud.setServiceState(ID, "idle");
    stack.engine.liveness = "silent";
    let stateWhileSilent: string | undefined;
    stack.clock.scheduleAt(MINUTE_MS / 2, () => {
      stateWhileSilent = stack.cloud.getService(ID).state;
      stack.engine.liveness = "alive";
    });
    await stack.up(8, { wakeService: true });
    assert.equal(stateWhileSilent, "idle");
    assert.equal(stack.getCores(), 8);
  });
});
