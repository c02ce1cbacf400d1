import { type DynamicProvider, type DynamicState } from "../../provider/dynamic/provider";
import assert from "node:assert/strict";
import { DEFAULT_SERVICE_ID } from "../../emulator";
import { InitializationError } from "../../provider/errors";
import { createSimulation } from "../../simulation/simulation";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const URN = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/clickpipes:CdcScaling::orders";

async function checkInputs(provider: DynamicProvider) {
  return (await provider.check({}, { serviceId: DEFAULT_SERVICE_ID, cores: 8, __urn: URN })).inputs!;
}

describe("an up on a machine whose wall clock jumps during the wait", () => {
  for (const [direction, jumpMs] of [
    ["a day ahead", DAY_MS],
    ["a day back", -DAY_MS],
  ] as const) {
    it(`${direction} succeeds as without the jump`, async () => {
      let offMs = 0;
      const world = createSimulation({ convergenceMs: 4 * MINUTE_MS, getCalendarOffMs: () => offMs });
      const { clock, journal, provider } = world;
      clock.scheduleAt(2 * MINUTE_MS, () => (offMs = jumpMs));
      const { outs } = await clock.run(provider.create(await checkInputs(provider)));
      assert.deepEqual([outs?.cores, outs?.pendingCores, journal.count("PATCH")], [8, undefined, 1]);
      assert.ok(clock.nowMs() < 5 * MINUTE_MS, `it took ${clock.nowMs()} ms`);
    });

    it(`${direction} between two runs still reaches the size and forgets no change`, async () => {
      let offMs = 0;
      const world = createSimulation({ convergenceMs: 4 * MINUTE_MS, getCalendarOffMs: () => offMs });
      const { clock, cloud } = world;
      const state = await captureState(world, "2m");
      offMs = jumpMs;
      const next = world.startRun();
      const { outs } = await clock.run(next.update(DEFAULT_SERVICE_ID, state, await checkInputs(next)));
      assert.deepEqual([outs?.cores, outs?.pendingCores], [8, undefined]);
      assert.equal(cloud.getCores(DEFAULT_SERVICE_ID), 8);
    });
  }
});

describe("a change that was lost before the wall clock was set back by a day", () => {
  it("counts as lost in the next up, and is sent again", async () => {
    let offMs = 0;
    const world = createSimulation({ convergenceMs: 4 * MINUTE_MS, getCalendarOffMs: () => offMs });
    const { clock, cloud, faults } = world;
    faults.add({ method: "PATCH", fault: { kind: "status", status: 200 } });
    const state = await captureState(world, "2m");
    offMs = -DAY_MS;
    const next = world.startRun();
    const { outs } = await clock.run(next.update(DEFAULT_SERVICE_ID, state, await checkInputs(next)));
    assert.deepEqual([outs?.cores, outs?.pendingCores], [8, undefined]);
    assert.equal(cloud.getCores(DEFAULT_SERVICE_ID), 8);
  });
});

describe("an up on a machine that is suspended during the wait", () => {
  it("succeeds with one change if the machine resumes within the timeout", async () => {
    const { clock, journal, provider } = createSimulation({ convergenceMs: 4 * MINUTE_MS });
    clock.scheduleAt(MINUTE_MS, () => clock.suspend(15 * MINUTE_MS));
    const { outs } = await clock.run(provider.create(await checkInputs(provider)));
    assert.deepEqual([outs?.cores, journal.count("PATCH")], [8, 1]);
    assert.ok(clock.nowMs() < 17 * MINUTE_MS, `it took ${clock.nowMs()} ms`);
  });

  it("reads once more if the machine resumes after the timeout, and succeeds if the size has arrived", async () => {
    const { clock, journal, provider } = createSimulation({ convergenceMs: 4 * MINUTE_MS });
    clock.scheduleAt(MINUTE_MS, () => clock.suspend(8 * 60 * MINUTE_MS));
    const { outs } = await clock.run(provider.create(await checkInputs(provider)));
    assert.deepEqual([outs?.cores, journal.count("PATCH")], [8, 1]);
  });

  it("sends no burst of requests after the machine resumes", async () => {
    const { clock, journal, provider } = createSimulation({ convergenceMs: 40 * MINUTE_MS });
    clock.scheduleAt(MINUTE_MS, () => clock.suspend(10 * MINUTE_MS));
    await clock.run(provider.create(await checkInputs(provider)).catch(() => undefined));
    const atMs = journal.entries.map((entry) => entry.atMs);
    const woken = atMs.filter((ms) => ms >= 11 * MINUTE_MS && ms < 11 * MINUTE_MS + 10_000);
    assert.ok(woken.length <= 3, `${woken.length} requests in the 10 s after it woke`);
    assert.equal(journal.entries.filter(({ status }) => status === 429).length, 0);
  });
});

/** What the engine keeps of a create that gave up before its change had arrived. */
async function captureState(
  world: ReturnType<typeof createSimulation>,
  limit: string,
): Promise<DynamicState> {
  const { clock, provider } = world;
  const news = { ...(await checkInputs(provider)), __timeouts: { create: limit } };
  const error = await clock.run(provider.create(news).catch((thrown: unknown) => thrown));
  assert.ok(error instanceof InitializationError, String(error));
  return error.properties as DynamicState;
}
