import assert from "node:assert/strict";
import { DEFAULT_SERVICE_ID } from "../../emulator";
import { InitializationFailure } from "../../provider/errors";
import type { Inputs } from "../../provider/inputs";
import type { State } from "../../provider/state";
import { virtual } from "../support/virtual";

const INPUTS: Inputs = {
  serviceId: DEFAULT_SERVICE_ID,
  cores: 8,
  __urn: "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/clickpipes:CdcScaling::orders",
};

/** One create; how long after the change had arrived it returned, and how many reads that took. */
async function created(randomSeed: number): Promise<{ lateMs: number; gets: number }> {
  const { provider, cloud, journal, clock } = virtual({ randomSeed });
  let convergenceMs = 0;
  const draw = cloud.drawConvergenceMs.bind(cloud);
  cloud.drawConvergenceMs = () => (convergenceMs = draw());
  const { inputs } = await provider.check({}, INPUTS);
  await clock.run(provider.create(inputs ?? assert.fail()));
  const patch = journal.of("PATCH")[0] ?? assert.fail("no PATCH");
  return {
    lateMs: clock.now() - (patch.atMs + convergenceMs),
    gets: journal.count("GET", "clickpipesCdcScaling"),
  };
}

describe("the wait for 1,000 changes that arrive after 3 to 5 minutes", () => {
  const waits: { lateMs: number; gets: number }[] = [];

  before(async () => {
    for (let seed = 1; seed <= 1_000; seed++) waits.push(await created(seed));
    waits.sort((a, b) => a.lateMs - b.lateMs);
  });

  it("never ends before the change has arrived", () => assert.ok(waits.every(({ lateMs }) => lateMs >= 0)));

  it("ends at most 3.5 s late on average", () => {
    const meanMs = waits.reduce((sum, { lateMs }) => sum + lateMs, 0) / waits.length;
    assert.ok(meanMs <= 3_500, `${meanMs} ms`);
  });

  it("ends at most 7 s late in 99 of 100", () => {
    const p99Ms = waits[Math.ceil(waits.length * 0.99) - 1]?.lateMs ?? NaN;
    assert.ok(p99Ms <= 7_000, `${p99Ms} ms`);
  });

  it("takes at most 45 reads", () => {
    const most = Math.max(...waits.map(({ gets }) => gets));
    assert.ok(most <= 45, `${most} reads`);
  });
});

describe("a wait that goes on with an earlier run's change", () => {
  for (const convergenceMs of [190_000, 225_000, 240_000]) {
    it(`looks by the change's age, not its own, at one of ${convergenceMs / 1_000} s`, async () => {
      const { provider, nextRun, journal, clock } = virtual({ convergenceMs });
      const { inputs } = await provider.check({}, { ...INPUTS, __timeouts: { create: "2m" } });
      const failure: unknown = await clock.run(provider.create(inputs!).catch((error: unknown) => error));
      assert.ok(failure instanceof InitializationFailure, String(failure));
      await clock.run(nextRun().update(DEFAULT_SERVICE_ID, failure.properties as State, inputs!));
      const patch = journal.of("PATCH")[0] ?? assert.fail("no PATCH");
      const lateMs = clock.now() - (patch.atMs + convergenceMs);
      assert.ok(lateMs >= 0 && lateMs <= 7_000, `${lateMs} ms`);
    });
  }
});

describe("changes one after the other that arrive sooner than documented", () => {
  it("are seen sooner, once the first was seen", async () => {
    const { provider, cloud, clock } = virtual({ convergenceMs: 60_000 });
    const { inputs } = await provider.check({}, INPUTS);
    let { outs } = await clock.run(provider.create(inputs!));
    const latesMs: number[] = [];
    for (let change = 1; change <= 8; change++) {
      const cores = change % 2 === 0 ? 8 : 4;
      const beganAtMs = clock.nowMs();
      ({ outs } = await clock.run(provider.update(DEFAULT_SERVICE_ID, outs!, { ...inputs!, cores })));
      latesMs.push(clock.nowMs() - beganAtMs - 60_000);
      assert.equal(cloud.coresOf(DEFAULT_SERVICE_ID), cores);
    }
    const later = latesMs.slice(2);
    assert.ok(Math.max(...later) <= 8_000, later.join(" "));
  });
});
