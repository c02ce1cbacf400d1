import assert from "node:assert/strict";
import { DEFAULT_SERVICE_ID, type Emulator, startEmulator } from "../../emulator";
import { Stack } from "../support/stack";

describe("the quickstart on the real CLI", () => {
  let emulator: Emulator;
  let stack: Stack;

  before(async () => {
    emulator = await startEmulator({ convergenceMs: 1_000, rateLimit: "none" });
    stack = await Stack.createFromExample("quickstart", emulator, {
      "quickstart:serviceId": DEFAULT_SERVICE_ID,
      "quickstart:cores": 8,
    });
  });
  after(() => emulator.close());

  it("previews size and cost without a request", async () => {
    const output = await stack.runSuccessfully("preview", "--diff");
    assert.match(output, /cores +: 8/);
    assert.match(output, /replicaMemoryGb +: 32/);
    assert.match(output, /usdPerHour +: 0.8/);
    assert.match(output, /usdPerMonth +: 584/);
    assert.equal(emulator.journal.count(), 0);
  });

  it("scales the service with one PATCH", async () => {
    const output = await stack.runSuccessfully("up");
    assert.equal(emulator.cloud.getCores(DEFAULT_SERVICE_ID), 8);
    assert.equal(emulator.journal.count("PATCH"), 1);
    assert.match(output, /usdPerMonth: 584/);
    const { outputs } = (await stack.findScaling()) ?? assert.fail("no resource");
    assert.equal(outputs.baselineCores, 2);
    assert.equal(outputs.pendingCores, undefined);
  });

  it("sends nothing if nothing changed", async () => {
    emulator.journal.clear();
    assert.match(await stack.runSuccessfully("up"), /unchanged/);
    assert.equal(emulator.journal.count(), 0);
  });

  it("shows a change by somebody else", async () => {
    emulator.cloud.setCores(DEFAULT_SERVICE_ID, 3);
    const output = await stack.runSuccessfully("preview", "--refresh", "--diff");
    assert.match(output, /cores +: 8 => 3|cores +: 3 => 8/);
  });

  it("repairs it with up --refresh", async () => {
    await stack.runSuccessfully("up", "--refresh");
    assert.equal(emulator.cloud.getCores(DEFAULT_SERVICE_ID), 8);
  });

  it("keeps the size from before its first change after a repair", async () => {
    const { outputs } = (await stack.findScaling()) ?? assert.fail("no resource");
    assert.equal(outputs.baselineCores, 2);
  });

  it("restores the size from before on destroy", async () => {
    await stack.runSuccessfully("destroy");
    assert.equal(emulator.cloud.getCores(DEFAULT_SERVICE_ID), 2);
    assert.equal(await stack.findScaling(), undefined);
  });
});
