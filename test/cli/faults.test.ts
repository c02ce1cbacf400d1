import assert from "node:assert/strict";
import { DEFAULT_SERVICE_ID, type Emulator, startEmulator } from "../../emulator";
import { createOrdersProgram } from "../support/program";
import { Stack } from "../support/stack";

const SCALING = /clickpipesCdcScaling$/;

/** A few of what `npm run reliability` tries in full, on the real CLI. */
describe("a stack whose API fails", () => {
  let emulator: Emulator;
  let stack: Stack;

  before(async () => {
    emulator = await startEmulator({ convergenceMs: 0, rateLimit: "none" });
    stack = await Stack.create(emulator, createOrdersProgram(8));
    await stack.runSuccessfully("up");
  });
  beforeEach(() => emulator.journal.clear());
  afterEach(() => emulator.faults.clear());
  after(() => emulator.close());

  it("with 504 although it accepted the change, reaches the size with one change", async () => {
    emulator.faults.add({ method: "PATCH", fault: { kind: "status", status: 504, applied: true } });
    stack.write(createOrdersProgram(6));
    await stack.runSuccessfully("up");
    assert.deepEqual([(await stack.findScaling())?.outputs.cores, emulator.journal.count("PATCH")], [6, 1]);
  });

  it("with a reset at the first read, retries", async () => {
    emulator.faults.add({ method: "GET", fault: { kind: "reset", when: "before" } });
    stack.write(createOrdersProgram(5));
    await stack.runSuccessfully("up");
    assert.deepEqual([(await stack.findScaling())?.outputs.cores, emulator.journal.count("PATCH")], [5, 1]);
  });

  it("with 401 after the change, keeps the observed size and the pending change", async () => {
    emulator.faults.add({ path: SCALING, after: 2, times: Infinity, fault: { kind: "status", status: 401 } });
    stack.write(createOrdersProgram(4));
    const output = await stack.runFailing("up");
    assert.match(output, /HTTP 401.*\(request ID .*The change to 4 cores \(16 GB\) may still arrive/);
    assert.doesNotMatch(output, /\n +at /, "no stack trace");
    const { outputs } = (await stack.findScaling()) ?? assert.fail("no resource");
    assert.deepEqual([outputs.cores, outputs.pendingCores], [5, 4]);
  });

  it("and works again, resumes with the next up and sends nothing more", async () => {
    await stack.runSuccessfully("up");
    const { outputs } = (await stack.findScaling()) ?? assert.fail("no resource");
    assert.deepEqual([outputs.cores, outputs.pendingCores], [4, undefined]);
    assert.equal(emulator.journal.count("PATCH"), 0);
  });

  it("with a 404 for an existing endpoint, keeps the state on a refresh", async () => {
    emulator.faults.add({ path: SCALING, times: Infinity, fault: { kind: "status", status: 404 } });
    await stack.runFailing("refresh");
    assert.equal((await stack.findScaling())?.outputs.cores, 4);
  });

  it("with web pages instead of responses, retries on a refresh", async () => {
    emulator.faults.add({
      times: 2,
      fault: { kind: "status", status: 502, body: "<html>Bad Gateway</html>" },
    });
    await stack.runSuccessfully("refresh");
    assert.equal((await stack.findScaling())?.outputs.cores, 4);
  });

  it("with 429 during a destroy, restores the size when the limit allows", async () => {
    const headers = { "X-RateLimit-Reset": "1" };
    emulator.faults.add({ method: "PATCH", fault: { kind: "status", status: 429, headers } });
    await stack.runSuccessfully("destroy");
    assert.equal(emulator.cloud.getCores(DEFAULT_SERVICE_ID), 2);
  });
});
