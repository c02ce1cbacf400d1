import assert from "node:assert/strict";
import { createSeed, createServices } from "../../emulator";
import { lowerBoundMs } from "../../bench/bound";
import { virtualFleet, type VirtualFleetRow } from "../../bench/virtual-fleet";
import { createSimulation } from "../../simulation/simulation";

/** What a relapse would show in, by counts and ratios in virtual time; docs/performance.md has the measured times. */
const FLEETS = [
  { services: 1, convergenceMs: 240_000, mostOfBound: 1.05, mostRequestsOfEach: 45 },
  { services: 10, convergenceMs: 240_000, mostOfBound: 1.1, mostRequestsOfEach: 30 },
  { services: 100, convergenceMs: 240_000, mostOfBound: 1.1, mostRequestsOfEach: 5 },
  { services: 40, convergenceMs: 60_000, mostOfBound: 1.1, mostRequestsOfEach: 4.5 },
];

for (const { services: count, convergenceMs, mostOfBound, mostRequestsOfEach } of FLEETS) {
  describe(`a wait for ${count} services that converge in ${convergenceMs / 1_000} s`, () => {
    let fleet: VirtualFleetRow;
    before(async () => (fleet = await virtualFleet({ services: count, convergenceMs })));

    it("ends with all at their size, each changed once", () =>
      assert.deepEqual([fleet.failed, fleet.away, fleet.changes], [0, 0, count]));

    it(`takes at most ${mostOfBound} x what a scheduler that knows the future takes`, () => {
      const ratio = fleet.wallMs / lowerBoundMs({ services: count, convergenceMs });
      assert.ok(ratio <= mostOfBound, `${ratio.toFixed(3)} x`);
    });

    it(`takes at most ${mostRequestsOfEach} requests for each, none of them refused`, () => {
      const ofEach = fleet.requests / count;
      assert.ok(ofEach <= mostRequestsOfEach, `${ofEach.toFixed(1)} requests`);
      assert.equal(fleet.refused, 0);
    });
  });
}

describe("a preview of many services", () => {
  async function requestsOf(declared: object): Promise<number> {
    const { provider, clock, journal } = createSimulation({ seed: createSeed(12) });
    const previewed = async () => {
      for (const { id } of createServices(12)) {
        await provider.check(
          {},
          { serviceId: id, cores: 2, __urn: `urn:pulumi:a::b::c::${id}`, ...declared },
        );
      }
    };
    await clock.run(previewed());
    return journal.count();
  }

  it("sends nothing", async () => assert.equal(await requestsOf({}), 0));

  it("with an initial load asks for the pipes of each once, and for the organisation once", async () =>
    assert.equal(await requestsOf({ initialLoad: { cores: 8 } }), 12 + 1));
});
