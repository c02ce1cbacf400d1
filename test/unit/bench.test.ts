import assert from "node:assert/strict";
import { computeLowerBoundMs } from "../../bench/lower-bound";
import { compareRuns, summarize } from "../../bench/statistics";

describe("lowerBoundMs", () => {
  it("returns the convergence time and its confirmation if all requests fit into one window", () => {
    assert.equal(computeLowerBoundMs({ services: 1, convergenceMs: 240_000 }), 241_000);
    assert.equal(computeLowerBoundMs({ services: 5, convergenceMs: 240_000 }), 241_000);
  });

  it("adds the time until the last change may be sent", () => {
    // 200 requests until then: the last 10 at 190 s.
    assert.equal(computeLowerBoundMs({ services: 100, convergenceMs: 240_000 }), 431_000);
    assert.equal(computeLowerBoundMs({ services: 40, convergenceMs: 60_000, requestsOfEach: 3 }), 130_000);
  });

  it("returns the time that all requests take if the convergence is short", () => {
    // 160 requests: the last 10 at 150 s.
    assert.equal(computeLowerBoundMs({ services: 40, convergenceMs: 60_000 }), 150_000);
    assert.equal(computeLowerBoundMs({ services: 40, convergenceMs: 0 }), 150_000);
  });

  it("never falls as services are added", () => {
    const bounds = Array.from({ length: 60 }, (_, index) =>
      computeLowerBoundMs({ services: index + 1, convergenceMs: 45_000 }),
    );
    assert.deepEqual(
      bounds,
      [...bounds].sort((a, b) => a - b),
    );
  });
});

describe("summarize", () => {
  it("returns the median, or the mean of the two middle values", () => {
    assert.deepEqual(summarize([3, 1, 2]), { median: 2, min: 1, max: 3 });
    assert.deepEqual(summarize([4, 1, 2, 3]), { median: 2.5, min: 1, max: 4 });
  });

  it("rejects an empty list", () => assert.throws(() => summarize([]), /no values/));
});

describe("compareRuns", () => {
  it("divides each run by its neighbor", () => {
    // The machine was half as fast in the second round.
    assert.deepEqual(compareRuns([10, 20], [20, 40]), { median: 0.5, min: 0.5, max: 0.5 });
  });

  it("rejects lists of different length", () =>
    assert.throws(() => compareRuns([1, 2], [1]), /got 2 and 1 runs/));
});
