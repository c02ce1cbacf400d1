import assert from "node:assert/strict";
import { DEFAULT_SERVICE_ID as ID } from "../../emulator";
import { failureOf, createSimulatedStack } from "../../simulation/simulated-stack";
import type { EngineLiveness } from "../../provider/operation/engine";

const MINUTE_MS = 60_000;

describe("a change of the size", () => {
  function changing(heart: EngineLiveness) {
    const stack = createSimulatedStack({ convergenceMs: MINUTE_MS });
    stack.engine.heart = heart;
    return stack;
  }

  it("is held back while Pulumi's engine is silent, and sent when it answers", async () => {
    const { up, clock, engine, cloud, journal } = changing("silent");
    let sentWhileSilent: number | undefined;
    clock.at(MINUTE_MS / 2, () => {
      sentWhileSilent = journal.count("PATCH");
      engine.heart = "alive";
    });
    await up(8);
    assert.deepEqual([sentWhileSilent, journal.count("PATCH"), cloud.getCores(ID)], [0, 1, 8]);
  });

  it("is never sent where the engine stays silent, and the error says so", async () => {
    const { up, journal } = changing("silent");
    const { message } = await failureOf(up(8, { __timeouts: { create: "1m" } }));
    assert.match(
      message,
      /still 2 cores .*to the change Pulumi's engine is silent, so it was not sent .*change not sent: \d+ times.*Nothing was changed/,
    );
    assert.equal(journal.count("PATCH"), 0);
  });

  it("that waits for the API's limit is held back where the engine falls silent meanwhile", async () => {
    const { up, clock, engine, faults, journal } = changing("alive");
    const headers = { "X-RateLimit-Reset": "30" };
    faults.add({ method: "PATCH", fault: { kind: "status", status: 429, headers } });
    clock.at(MINUTE_MS / 4, () => (engine.heart = "silent"));
    let sentWhileSilent: number | undefined;
    clock.at(MINUTE_MS, () => {
      sentWhileSilent = journal.count("PATCH") - 1; // without the refused one
      engine.heart = "alive";
    });
    await up(8);
    assert.deepEqual([sentWhileSilent, journal.count("PATCH")], [0, 2]);
  });

  it("is not sent where the engine is gone, and the process ends", async () => {
    const { up, journal, engine } = changing("gone");
    assert.match((await failureOf(up(8))).message, /the engine is gone/);
    assert.deepEqual([journal.count("PATCH"), engine.hasLeft], [0, true]);
  });

  it("is the first request that is left out where the engine goes just before it", async () => {
    const { up, journal, engine } = changing("alive");
    const pulses: EngineLiveness[] = ["alive"]; // of the beat with which an operation begins
    engine.ping = () => Promise.resolve(pulses.shift() ?? "gone");
    await failureOf(up(8));
    assert.deepEqual(
      journal.entries.map(({ path }) => path.split("/").at(-1)),
      ["organizations", "clickpipesCdcScaling"],
    );
  });

  it("goes on being waited for while the engine is silent", async () => {
    const { up, clock, engine, cloud } = changing("alive");
    clock.at(MINUTE_MS / 2, () => (engine.heart = "silent"));
    await up(8);
    assert.equal(cloud.getCores(ID), 8);
  });
});

describe("an idle service", () => {
  it("is not woken while Pulumi's engine is silent", async () => {
    const { up, clock, engine, cloud } = createSimulatedStack();
    cloud.setServiceState(ID, "idle");
    engine.heart = "silent";
    let stateWhileSilent: string | undefined;
    clock.at(MINUTE_MS / 2, () => {
      stateWhileSilent = cloud.getService(ID).state;
      engine.heart = "alive";
    });
    await up(8, { wakeService: true });
    assert.equal(stateWhileSilent, "idle");
    assert.equal(cloud.getCores(ID), 8);
  });
});
