import { type DynamicInputs, type DynamicState } from "../../provider/dynamic/provider";
import assert from "node:assert/strict";
import { DEFAULT_SERVICE_ID } from "../../emulator";
import { InitializationError } from "../../provider/errors";
import { BANDS, type Detection, measureDetection } from "../../simulation/measure-detection";
import { createSimulation } from "../../simulation/simulation";

const INPUTS: DynamicInputs = {
  serviceId: DEFAULT_SERVICE_ID,
  cores: 8,
  __urn: "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/clickpipes:CdcScaling::orders",
};

for (const band of BANDS) {
  const [fromS, toS] = band.map((ms) => ms / 1_000);
  describe(`the wait for 400 changes that take ${fromS} to ${toS} s`, () => {
    const waits: Detection[] = [];

    before(async () => {
      for (let seed = 1; seed <= 400; seed++) waits.push(await measureDetection(seed, band));
      waits.sort((a, b) => a.noticedAfterMs - b.noticedAfterMs);
    });

    it("never returns before the change has arrived", () =>
      assert.ok(waits.every(({ returnedAfterMs }) => returnedAfterMs >= 0)));

    it("notices a change within 3.5 s on average", () => {
      const meanMs = waits.reduce((sum, { noticedAfterMs }) => sum + noticedAfterMs, 0) / waits.length;
      assert.ok(meanMs <= 3_500, `${meanMs} ms`);
    });

    it("notices 99 of 100 changes within 7 s", () => {
      const p99Ms = waits[Math.ceil(waits.length * 0.99) - 1]?.noticedAfterMs ?? NaN;
      assert.ok(p99Ms <= 7_000, `${p99Ms} ms`);
    });

    it("takes at most 60 reads in 5 minutes", () => {
      const most = Math.max(...waits.map(({ readsInFiveMinutes }) => readsInFiveMinutes));
      assert.ok(most <= 60, `${most} reads`);
    });
  });
}

describe("a wait that resumes an earlier run's change", () => {
  for (const convergenceMs of [190_000, 225_000, 240_000]) {
    it(`notices a change that takes ${convergenceMs / 1_000} s`, async () => {
      const { provider, startRun, journal, clock } = createSimulation({ convergenceMs });
      const { inputs } = await provider.check({}, { ...INPUTS, __timeouts: { create: "2m" } });
      const failure: unknown = await clock.run(provider.create(inputs!).catch((error: unknown) => error));
      assert.ok(failure instanceof InitializationError, String(failure));
      await clock.run(startRun().update(DEFAULT_SERVICE_ID, failure.properties as DynamicState, inputs!));
      const patch = journal.filter("PATCH")[0] ?? assert.fail("no PATCH");
      const arrivedAtMs = patch.atMs + convergenceMs;
      const reads = journal.filter("GET", "clickpipesCdcScaling");
      const noticed = reads.find(({ atMs }) => atMs >= arrivedAtMs) ?? assert.fail("never noticed");
      const lateMs = noticed.atMs - arrivedAtMs;
      assert.ok(lateMs <= 7_000, `${lateMs} ms`);
    });
  }
});
