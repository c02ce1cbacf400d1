import assert from "node:assert/strict";
import { type Emulator, startEmulator } from "../../emulator";
import { createOrdersProgram } from "../support/program";
import { Stack } from "../support/stack";

describe("the price of the stack config", () => {
  let emulator: Emulator;
  let stack: Stack;

  before(async () => {
    emulator = await startEmulator({ convergenceMs: 0 });
    stack = await Stack.create(emulator, createOrdersProgram(8));
    await stack.runSuccessfully("up");
  });
  after(() => emulator.close());

  /** A refresh has the stack config of the last `up`. */
  const updateWithoutDiff = async () => {
    await stack.runSuccessfully("up", "--expect-no-changes");
    await stack.runSuccessfully("refresh", "--expect-no-changes");
  };

  it("is no diff if it alone has changed, with and without --refresh", async () => {
    await stack.runSuccessfully("config", "set", "clickpipes:usdPerComputeUnitHour", "0.3");
    await stack.runSuccessfully("preview", "--expect-no-changes");
    await stack.runSuccessfully("preview", "--refresh", "--expect-no-changes");
  });

  it("replaces the cost of the old price in the state by an up and a refresh, without a diff", async () => {
    await updateWithoutDiff();
    const { inputs, outputs } = (await stack.findScaling()) ?? assert.fail("no resource");
    assert.deepEqual([inputs.usdPerHour, outputs.usdPerHour], [1.2, 1.2]);
  });

  it("fails a preview if it is below a tenth of the list price", async () => {
    await stack.runSuccessfully("config", "set", "clickpipes:usdPerComputeUnitHour", "0.001");
    assert.match(await stack.runFailing("preview"), /is below \$0\.02, a tenth of the list price/);
  });

  it("may be lower if the stack says so, and leaves no trace once it is gone", async () => {
    await stack.runSuccessfully("config", "set", "clickpipes:allowLowPrice", "true");
    stack.write(createOrdersProgram(4));
    await stack.runSuccessfully("up");
    await stack.runSuccessfully("config", "rm", "clickpipes:usdPerComputeUnitHour");
    await updateWithoutDiff();
    const { inputs, outputs } = (await stack.findScaling()) ?? assert.fail("no resource");
    assert.deepEqual([inputs.usdPerMonth, outputs.usdPerMonth], [292, 292]);
  });
});
