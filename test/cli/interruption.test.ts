import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { DEFAULT_SERVICE_ID, type Emulator, startEmulator } from "../../emulator";
import { createOrdersProgram } from "../support/program";
import { Stack, waitForPatch } from "../support/stack";

/** Longer than the 5 s in which a provider expects a response of its engine. */
const SILENCE_MS = 8_000;

/** Pulumi's warning about a create that it has not seen end. */
const PENDING = /pending/i;

describe("an up that is interrupted", () => {
  let emulator: Emulator;
  let stack: Stack;

  beforeEach(async () => {
    // Commands follow each other faster than a person types: a refused request would be another test's subject.
    emulator = await startEmulator({ convergenceMs: 8_000, rateLimit: "none" });
    stack = await Stack.create(emulator, createOrdersProgram(8));
  });
  afterEach(() => emulator.close());

  it("finishes the change on the first Ctrl-C, and keeps it", async () => {
    const running = stack.start("up");
    await waitForPatch(emulator, running);
    running.signal("SIGINT");
    const { output } = await running.ended;
    assert.match(output, /cancel/);
    assert.equal((await stack.findScaling())?.outputs.cores, 8);
  });

  it("ends at once on the second Ctrl-C, and the next up resumes, with a warning until a refresh clears it", async () => {
    const running = stack.start("up");
    await waitForPatch(emulator, running);
    running.signal("SIGINT");
    await running.waitForOutput(/cancell/i);
    running.signal("SIGINT");
    const { code } = await running.ended;
    assert.notEqual(code, 0);
    assert.equal(emulator.cloud.getCores(DEFAULT_SERVICE_ID), 2, "the second Ctrl-C came after the change");
    assert.match(await stack.runSuccessfully("up"), PENDING);
    assert.equal(emulator.cloud.getCores(DEFAULT_SERVICE_ID), 8);
    assert.equal((await stack.findScaling())?.outputs.cores, 8);
    await stack.runSuccessfully("refresh", "--clear-pending-creates");
    assert.doesNotMatch(await stack.runSuccessfully("up"), PENDING);
    assert.equal((await stack.findScaling())?.outputs.cores, 8);
  });

  it("undoes a burst that was abandoned while its change was pending", async () => {
    emulator.cloud.convergenceMs = 0;
    await stack.runSuccessfully("up");
    emulator.cloud.convergenceMs = 60_000;
    stack.write(createOrdersProgram(24, `{ customTimeouts: { update: "3s" } }`));
    const gaveUp = await stack.runFailing("up");
    assert.match(gaveUp, /Timed out after 3s of 3s .*Last observed: 8 cores \(32 GB\)/);
    assert.equal((await stack.findScaling())?.outputs.pendingCores, 24);
    emulator.journal.clear();
    stack.write(createOrdersProgram(8, `{ customTimeouts: { update: "4s" } }`));
    await stack.runFailing("up");
    assert.deepEqual(
      emulator.journal.filter("PATCH").map(({ body }) => body),
      [{ replicaCpuMillicores: 8_000, replicaMemoryGb: 32 }],
    );
  });
});

describe("an up that is stopped with Ctrl-Z before its change", () => {
  it("sends nothing until it is resumed", async () => {
    const emulator = await startEmulator({ convergenceMs: 0, rateLimit: "none" });
    try {
      const stack = await Stack.create(emulator, createOrdersProgram(8));
      const running = stack.start("up");
      await new Promise<void>((resolve) => {
        const stop = emulator.watch((moment, { method }) => {
          if (moment !== "before" || method !== "GET") return;
          stop();
          running.signal("SIGSTOP");
          resolve();
        });
      });
      await pause(SILENCE_MS);
      const sentMeanwhile = emulator.journal.count("PATCH");
      running.signal("SIGCONT");
      const { code } = await running.ended;
      assert.deepEqual([sentMeanwhile, code, emulator.journal.count("PATCH")], [0, 0, 1]);
    } finally {
      await emulator.close();
    }
  });
});
