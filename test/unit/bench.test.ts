import assert from "node:assert/strict";
import { lowerBoundMs } from "../../bench/bound";
import { ratios, spread } from "../../bench/statistics";

describe("the lower bound of a fleet", () => {
  it("is the convergence and its confirmation for the services that fit into one window", () => {
    assert.equal(lowerBoundMs({ services: 1, convergenceMs: 240_000 }), 241_000);
    assert.equal(lowerBoundMs({ services: 5, convergenceMs: 240_000 }), 241_000);
  });

  it("waits until the last change may leave", () => {
    // 200 requests until then: the last 10 at 190 s.
    assert.equal(lowerBoundMs({ services: 100, convergenceMs: 240_000 }), 431_000);
    assert.equal(lowerBoundMs({ services: 40, convergenceMs: 60_000, requestsOfEach: 3 }), 130_000);
  });

  it("is what all requests together need where the convergence is short", () => {
    // 160 requests: the last 10 at 150 s.
    assert.equal(lowerBoundMs({ services: 40, convergenceMs: 60_000 }), 150_000);
    assert.equal(lowerBoundMs({ services: 40, convergenceMs: 0 }), 150_000);
  });

  it("never falls as services are added", () => {
    const bounds = Array.from({ length: 60 }, (_, index) =>
      lowerBoundMs({ services: index + 1, convergenceMs: 45_000 }),
    );
    assert.deepEqual(
      bounds,
      [...bounds].sort((a, b) => a - b),
    );
  });
});

describe("runs in turns", () => {
  it("give their median, between two where there is no middle one", () => {
    assert.deepEqual(spread([3, 1, 2]), { median: 2, min: 1, max: 3 });
    assert.deepEqual(spread([4, 1, 2, 3]), { median: 2.5, min: 1, max: 4 });
  });

  it("are compared with the run beside them", () => {
    // The machine was twice as slow in the second round.
    assert.deepEqual(ratios([10, 20], [20, 40]), { median: 0.5, min: 0.5, max: 0.5 });
  });

  it("can't be compared where one is missing", () => {
    assert.throws(() => ratios([1, 2], [1]));
    assert.throws(() => spread([]));
  });
});
