import assert from "node:assert/strict";
import { type FleetOutcome, scaleFleet, scaleFleetInWaves } from "../../simulation/simulated-fleet";

describe("scaling 40 services in one process", () => {
  let outcome: FleetOutcome;
  before(async () => (outcome = await scaleFleet({ servicesOfEach: 40 })));

  it("converges every service", () => assert.deepEqual([outcome.failed, outcome.unconverged], [0, 0]));

  it("sends no request that the API refuses", () => assert.equal(outcome.refused, 0));

  it("reads the organization once", () => {
    const reads = outcome.entries.filter(({ path }) => path.endsWith("/organizations"));
    assert.equal(reads.length, 1);
  });

  it("sends every change before it spends the rate limit on polls", () => {
    const methods = outcome.entries.map(({ method }) => method);
    const lastChange = methods.lastIndexOf("PATCH");
    // The organization, a first read and a change for each service, and a few polls that fit between.
    assert.ok(lastChange <= 1 + 2 * 40 + 10, `the last change is request ${lastChange}`);
  });
});

describe("scaling 20 services while 40 others wait", () => {
  it("sends every change before it spends the rate limit on polls of the others", async () => {
    const { pollsOfFirst, requests } = await scaleFleetInWaves({ first: 40, second: 20, afterMs: 240_000 });
    // A first read and a change for each; every tenth request goes to the longest wait.
    assert.ok(pollsOfFirst < 15, `${pollsOfFirst} polls of ${requests} requests`);
  });
});

describe("scaling 200 services in one process", () => {
  let outcome: FleetOutcome;
  before(async () => (outcome = await scaleFleet({ servicesOfEach: 200 })));

  it("converges every service", () => assert.deepEqual([outcome.failed, outcome.unconverged], [0, 0]));

  it("sends no request that the API refuses", () => assert.equal(outcome.refused, 0));

  it("reads each size again within ten minutes", () => {
    const lastReadMs = new Map<string, number>();
    let longestMs = 0;
    for (const { method, path, atMs } of outcome.entries) {
      const lastMs = lastReadMs.get(path);
      if (method === "PATCH") lastReadMs.set(path, atMs);
      else if (lastMs !== undefined) {
        longestMs = Math.max(longestMs, atMs - lastMs);
        lastReadMs.set(path, atMs);
      }
    }
    assert.ok(longestMs > 0 && longestMs < 10 * 60_000, `${Math.round(longestMs / 1_000)} s without a read`);
  });
});

describe("scaling 200 services in five processes that share a key", () => {
  let outcome: FleetOutcome;
  before(async () => (outcome = await scaleFleet({ processes: 5, servicesOfEach: 40 })));

  it("converges every service", () => assert.deepEqual([outcome.failed, outcome.unconverged], [0, 0]));

  it("has less than a tenth of its requests refused", () => {
    const refusedShare = outcome.refused / outcome.requests;
    assert.ok(refusedShare < 0.1, `${(100 * refusedShare).toFixed(1)} %`);
  });
});
