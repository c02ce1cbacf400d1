import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { startEmulator } from "../../emulator";
import { type Crash, nameOf, survivals } from "../../reliability/crash";
import { cliSurvived } from "../../reliability/crash-cli";
import { processesOfEnvironment } from "../support/environment";
import { orders } from "../support/program";
import { patched, Stack } from "../support/stack";

/** `npm run reliability` kills at every request. */
const CHOSEN: readonly Crash[] = [
  { operation: "create", request: "change", moment: "after", isInstant: true },
  { operation: "update", request: "first read", moment: "before", isInstant: true },
  { operation: "delete", request: "read that shows the size", moment: "after", isInstant: true },
];

describe("a CLI that is killed leaves nothing that writes, and after `pulumi cancel` the next command goes on", () => {
  let broken: ReadonlyMap<string, readonly string[]>;

  before(async () => (broken = await survivals(CHOSEN, cliSurvived, 3)));

  for (const crash of CHOSEN) {
    it(nameOf(crash), () => assert.deepEqual(broken.get(nameOf(crash)), []));
  }
});

/** Nothing but the end of its CLI ends such a wait while a test lasts. */
const FOR_EVER_MS = 3_600_000;

describe("a CLI that is killed while a change is under way", () => {
  it("leaves no provider that goes on waiting", async () => {
    const emulator = await startEmulator({ convergenceMs: FOR_EVER_MS });
    try {
      const stack = await Stack.of(emulator, orders(8));
      const providers = () => processesOfEnvironment("dynamic-provider", emulator.url);
      const running = stack.start("up");
      await patched(emulator, running);
      await pause(3_000);
      assert.notEqual((await providers()).length, 0, "no provider was waiting");
      running.signal("SIGKILL");
      await running.ended;
      while ((await providers()).length > 0) await pause(250);
    } finally {
      await emulator.close();
    }
  });
});
