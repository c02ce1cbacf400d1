import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { startEmulator } from "../../emulator";
import { type Crash, nameOf, survivals } from "../reliability/crash";
import { cliSurvived } from "../reliability/crash-cli";
import { processesOfEnvironment } from "../support/environment";
import { orders } from "../support/program";
import { patched, Stack } from "../support/stack";

/** `npm run reliability` kills at every request. */
const CHOSEN: readonly Crash[] = [
  { operation: "create", request: "change", moment: "after", isInstant: true },
  { operation: "update", request: "first read", moment: "before", isInstant: true },
  { operation: "delete", request: "read that shows the size", moment: "after", isInstant: true },
];

describe("a CLI that is killed leaves nothing that writes, and after `pulumi cancel` the next command goes on", function () {
  this.timeout(180_000);
  let broken: ReadonlyMap<string, readonly string[]>;

  before(async () => (broken = await survivals(CHOSEN, cliSurvived, 3)));

  for (const crash of CHOSEN) {
    it(nameOf(crash), () => assert.deepEqual(broken.get(nameOf(crash)), []));
  }
});

describe("a CLI that is killed while a change is under way", function () {
  this.timeout(60_000);

  it("leaves no provider that goes on waiting", async () => {
    const emulator = await startEmulator({ convergenceMs: 60_000 });
    try {
      const stack = await Stack.of(emulator, orders(8));
      const providers = () => processesOfEnvironment("dynamic-provider", emulator.url);
      const running = stack.start("up");
      await patched(emulator, running);
      await pause(3_000);
      assert.notEqual((await providers()).length, 0, "no provider was waiting");
      running.signal("SIGKILL");
      await running.ended;
      const endsAtMs = performance.now() + 10_000;
      while ((await providers()).length > 0 && performance.now() < endsAtMs) await pause(250);
      assert.deepEqual(await providers(), []);
    } finally {
      await emulator.close();
    }
  });
});
