import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { startEmulator } from "../../emulator";
import { type Crash, describeCrash, runCrashes } from "../../reliability/crash";
import { crashCli } from "../../reliability/crash-cli";
import { listProcesses } from "../support/environment";
import { createOrdersProgram } from "../support/program";
import { Stack, waitForPatch } from "../support/stack";

/** `npm run reliability` kills at every request. */
const CRASHES: readonly Crash[] = [
  { operation: "create", request: "change", moment: "after", isInstant: true },
  { operation: "update", request: "first read", moment: "before", isInstant: true },
  { operation: "delete", request: "read of the new size", moment: "after", isInstant: true },
];

describe("after the CLI is killed, nothing sends a change, and the next command succeeds after `pulumi cancel`:", () => {
  let violations: ReadonlyMap<string, readonly string[]>;

  before(async () => (violations = await runCrashes(CRASHES, crashCli, 3)));

  for (const crash of CRASHES) {
    it(describeCrash(crash), () => assert.deepEqual(violations.get(describeCrash(crash)), []));
  }
});

/** Longer than the test: only the end of the CLI ends the wait. */
const NEVER_MS = 3_600_000;

describe("a CLI that is killed while a change is in progress", () => {
  it("leaves no provider process that waits", async () => {
    const emulator = await startEmulator({ convergenceMs: NEVER_MS });
    try {
      const stack = await Stack.create(emulator, createOrdersProgram(8));
      const listProviders = () => listProcesses("dynamic-provider", emulator.url);
      const running = stack.start("up");
      await waitForPatch(emulator, running);
      await pause(3_000);
      assert.notEqual((await listProviders()).length, 0, "no provider was waiting");
      running.signal("SIGKILL");
      await running.ended;
      while ((await listProviders()).length > 0) await pause(250);
    } finally {
      await emulator.close();
    }
  });
});
