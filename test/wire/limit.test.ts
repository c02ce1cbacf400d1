import assert from "node:assert/strict";
import { type Emulator, startEmulator } from "../../emulator";
import { Priority } from "../../provider/cloud/rate-limit/limiter";
import { createClient, SkippingClock, TARGET } from "./client";

describe("sixty reads in a row", () => {
  const clock = new SkippingClock();
  let emulator: Emulator;

  before(async () => {
    // A server counts in whole milliseconds: what the client rounds must not add up to an eleventh request.
    emulator = await startEmulator({ clock: { now: () => Math.round(clock.elapsedMs) } });
    const client = createClient(emulator.url, { clock });
    for (let count = 0; count < 60; count++)
      await client.getScaling(TARGET, { priority: Priority.read }).catch(() => undefined);
  });
  after(() => emulator.close());

  it("are never refused", () => {
    const statuses = emulator.journal.entries.map(({ status }) => status);
    assert.deepEqual(statuses, Array<number>(60).fill(200));
  });

  it("wait no longer than the limit requires", () => {
    const windowMs = 10_050;
    const startMs = windowMs; // the places that count as taken when a process starts
    assert.ok(clock.elapsedMs <= startMs + 5 * windowMs, `${clock.elapsedMs} ms`);
  });
});
