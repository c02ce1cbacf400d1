import assert from "node:assert/strict";
import { computeLowerBoundMs } from "../../bench/lower-bound";
import { createSeed, createServices } from "../../emulator";
import { type FleetOutcome, scaleFleet } from "../../simulation/simulated-fleet";
import { createSimulation } from "../../simulation/simulation";

/** Counts and ratios in virtual time that a regression would exceed. docs/performance.md has the measured times. */
const FLEETS = [
  { services: 1, convergenceMs: 240_000, maxBoundRatio: 1.05, maxRequestsOfEach: 45 },
  { services: 10, convergenceMs: 240_000, maxBoundRatio: 1.1, maxRequestsOfEach: 30 },
  { services: 100, convergenceMs: 240_000, maxBoundRatio: 1.1, maxRequestsOfEach: 5 },
  { services: 1_000, convergenceMs: 240_000, maxBoundRatio: 1.1, maxRequestsOfEach: 4.1 },
  { services: 40, convergenceMs: 60_000, maxBoundRatio: 1.1, maxRequestsOfEach: 4.5 },
];

for (const { services: count, convergenceMs, maxBoundRatio, maxRequestsOfEach } of FLEETS) {
  describe(`a wait for ${count} services that converge in ${convergenceMs / 1_000} s`, () => {
    let fleet: FleetOutcome;
    before(async () => {
      fleet = await scaleFleet({ servicesOfEach: count, convergenceMs, createTimeout: "12h" });
    });

    it("changes each service once and ends when all have their size", () =>
      assert.deepEqual([fleet.failed, fleet.unconverged, fleet.changes], [0, 0, count]));

    it(`takes at most ${maxBoundRatio} times the lower bound`, () => {
      const ratio = fleet.wallMs / computeLowerBoundMs({ services: count, convergenceMs });
      assert.ok(ratio <= maxBoundRatio, `${ratio.toFixed(3)} x`);
    });

    it(`sends at most ${maxRequestsOfEach} requests per service, and the API refuses none`, () => {
      const ofEach = fleet.requests / count;
      assert.ok(ofEach <= maxRequestsOfEach, `${ofEach.toFixed(1)} requests`);
      assert.equal(fleet.refused, 0);
    });
  });
}

/** Measured on 2026-11-26: 270 s, 309 s, 382 s. */
for (const { servicesOfEach, maxMeanEndS } of [
  { servicesOfEach: 10, maxMeanEndS: 280 },
  { servicesOfEach: 40, maxMeanEndS: 320 },
  { servicesOfEach: 100, maxMeanEndS: 390 },
]) {
  describe(`a wait for ${servicesOfEach} services that converge in 3 to 5 minutes`, () => {
    let fleet: FleetOutcome;
    before(async () => (fleet = await scaleFleet({ servicesOfEach, createTimeout: "12h" })));

    it(`ends after at most ${maxMeanEndS} s for the average service`, () =>
      assert.ok(fleet.meanEndMs <= 1_000 * maxMeanEndS, `${fleet.meanEndMs} ms`));

    it("misses no change, and the API refuses no request", () =>
      assert.deepEqual([fleet.failed, fleet.unconverged, fleet.refused], [0, 0, 0]));

    it("gives the same figures for the same seed", async () =>
      assert.deepEqual(await scaleFleet({ servicesOfEach, createTimeout: "12h" }), fleet));
  });
}

describe("a preview of 12 services", () => {
  async function countRequests(declared: object): Promise<number> {
    const { provider, clock, journal } = createSimulation({ seed: createSeed(12) });
    const preview = async () => {
      for (const { id } of createServices(12)) {
        const urn = `urn:pulumi:a::b::c::${id}`;
        await provider.check({}, { serviceId: id, cores: 2, __urn: urn, ...declared });
      }
    };
    await clock.run(preview());
    return journal.count();
  }

  it("sends nothing", async () => assert.equal(await countRequests({}), 0));

  it("reads the pipes of each service once and the organization once if there is an initial load", async () =>
    assert.equal(await countRequests({ initialLoad: { cores: 8 } }), 12 + 1));
});
