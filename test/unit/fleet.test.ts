import assert from "node:assert/strict";
import { scaled, scaledInWaves } from "../../reliability/fleet";

describe("40 services of one process", () => {
  let outcome: Awaited<ReturnType<typeof scaled>>;
  before(async () => (outcome = await scaled({ processes: 1, servicesOfEach: 40 })));

  it("all converge", () => assert.deepEqual([outcome.failed, outcome.converged], [0, 40]));

  it("have no request refused", () => assert.equal(outcome.refusedShare, 0));

  it("ask for their organisation once", () => {
    const asked = outcome.entries.filter(({ path }) => path.endsWith("/organizations"));
    assert.equal(asked.length, 1);
  });

  it("are all changed before the API's limit goes to polls", () => {
    const paths = outcome.entries.map(({ method }) => method);
    const lastChange = paths.lastIndexOf("PATCH");
    // The organisation, and a first read for each; the polls that fit between are few.
    assert.ok(lastChange <= 1 + 2 * 40 + 10, `the last change is request ${lastChange}`);
  });
});

describe("20 services that are scaled while 40 others wait", () => {
  it("are all changed before the API's limit goes to those that wait", async () => {
    const { pollsMeanwhile, meanwhile } = await scaledInWaves({ first: 40, second: 20, afterMs: 240_000 });
    // A first read and a change for each; each tenth place goes to what has waited longest.
    assert.ok(pollsMeanwhile < 15, `${pollsMeanwhile} polls of ${meanwhile} requests`);
  });
});

describe("200 services of one program", () => {
  let outcome: Awaited<ReturnType<typeof scaled>>;
  before(async () => (outcome = await scaled({ processes: 1, servicesOfEach: 200 })));

  it("all converge", () => assert.deepEqual([outcome.failed, outcome.converged], [0, 200]));

  it("have no request refused", () => assert.equal(outcome.refusedShare, 0));

  it("are each looked at again within ten minutes", () => {
    const lastLookMs = new Map<string, number>();
    let longestMs = 0;
    for (const { method, path, atMs } of outcome.entries) {
      if (method === "PATCH") lastLookMs.set(path, atMs);
      else if (lastLookMs.has(path)) {
        longestMs = Math.max(longestMs, atMs - (lastLookMs.get(path) ?? 0));
        lastLookMs.set(path, atMs);
      }
    }
    assert.ok(longestMs > 0 && longestMs < 10 * 60_000, `${Math.round(longestMs / 1_000)} s without a look`);
  });
});

describe("200 services of five processes that share a key", () => {
  let outcome: Awaited<ReturnType<typeof scaled>>;
  before(async () => (outcome = await scaled({ processes: 5, servicesOfEach: 40 })));

  it("all converge", () => assert.deepEqual([outcome.failed, outcome.converged], [0, 200]));

  it("have a small share of requests refused", () =>
    assert.ok(outcome.refusedShare < 0.1, `${(100 * outcome.refusedShare).toFixed(1)} %`));
});
