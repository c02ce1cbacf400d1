import assert from "node:assert/strict";
import { DEFAULT_SERVICE_ID, type Emulator, startEmulator } from "../../emulator";
import { createOrdersProgram, createProgram, declareCompute } from "../support/program";
import { Stack } from "../support/stack";

describe("an up that times out", () => {
  let emulator: Emulator;
  let stack: Stack;

  before(async () => {
    emulator = await startEmulator({ convergenceMs: 600_000 });
    stack = await Stack.create(
      emulator,
      createOrdersProgram(8, `{ customTimeouts: { create: "3s", update: "20s" } }`),
    );
  });
  after(() => emulator.close());

  it("fails with what was attempted, what was observed and what to do", async () => {
    const output = await stack.runFailing("up");
    assert.match(
      output,
      new RegExp(`Timed out after 3s of 3s while scaling service ${DEFAULT_SERVICE_ID} from 2 to 8 cores`),
    );
    assert.match(output, /Last observed: 2 cores \(8 GB\)/);
    assert.match(output, /run `pulumi up` to resume waiting/);
    assert.doesNotMatch(output, /\n +at /, "no stack trace");
  });

  it("keeps the resource with the observed size", async () => {
    const kept = (await stack.findScaling()) ?? assert.fail("no resource");
    assert.deepEqual([kept.outputs.cores, kept.outputs.pendingCores], [2, 8]);
  });

  it("shows in the next preview what an up resumes", async () => {
    assert.match(await stack.runSuccessfully("preview"), /resumes waiting for 8 cores \(32 GB\)/);
  });

  it("is resumed by the next up, which sends nothing more", async () => {
    emulator.journal.clear();
    emulator.cloud.setCores(DEFAULT_SERVICE_ID, 8, 1_000);
    await stack.runSuccessfully("up");
    assert.equal(emulator.journal.count("PATCH"), 0);
    const { outputs } = (await stack.findScaling()) ?? assert.fail("no resource");
    assert.deepEqual([outputs.cores, outputs.pendingCores, outputs.baselineCores], [8, undefined, 2]);
  });
});

describe("a destroy", () => {
  let emulator: Emulator;
  let stack: Stack;

  before(async () => {
    emulator = await startEmulator({ convergenceMs: 0 });
    stack = await Stack.create(
      emulator,
      createProgram(declareCompute("orders", { cores: 8, coresAfterDestroy: 3 })),
    );
    await stack.runSuccessfully("up");
  });
  after(() => emulator.close());

  it("fails and keeps the resource if it can't restore the size", async () => {
    emulator.faults.add({ method: "PATCH", fault: { kind: "status", status: 403 } });
    const output = await stack.runFailing("destroy");
    assert.match(output, /needs the Admin role/);
    assert.doesNotMatch(output, /\n +at /, "no stack trace");
    assert.ok(await stack.findScaling());
  });

  it("leaves coresAfterDestroy", async () => {
    await stack.runSuccessfully("destroy");
    assert.equal(emulator.cloud.getCores(DEFAULT_SERVICE_ID), 3);
  });

  it("of an adopted size keeps it and names its cost", async () => {
    stack.write(createOrdersProgram(3));
    await stack.runSuccessfully("up");
    emulator.journal.clear();
    const output = await stack.runSuccessfully("destroy");
    assert.match(output, /keeps 3 cores \(12 GB\) at \$0\.30\/h \(\$219\.00 a month\)/);
    assert.equal(emulator.journal.count(), 0);
  });

  it("of a deleted service succeeds", async () => {
    stack.write(createOrdersProgram(4));
    await stack.runSuccessfully("up");
    emulator.cloud.deleteService(DEFAULT_SERVICE_ID);
    await stack.runSuccessfully("destroy");
    assert.equal(await stack.findScaling(), undefined);
  });
});
