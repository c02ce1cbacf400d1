import assert from "node:assert/strict";
import fc from "fast-check";
import { DEFAULT_GUESSES, type Guesses } from "../../emulator/cloud/guesses";
import { DOCUMENTED_RATE_LIMIT, RateLimiter } from "../../emulator/http/rate-limit";
import { Scaling } from "../../emulator/cloud/scaling";
import { serializeScaling, validateScaling } from "../../emulator/http/scaling-body";

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const CONVERGENCE_MS = 2 * MINUTE_MS;

function request(scaling: Scaling, cores: number, nowMs: number, guesses: Partial<Guesses> = {}): boolean {
  return scaling.request(cores, nowMs, CONVERGENCE_MS, { ...DEFAULT_GUESSES, ...guesses });
}

/** Creates a scaling of 2 cores with a change to 8 that was requested at 0 ms. */
function createGrowing(): Scaling {
  const scaling = new Scaling(2, 0);
  request(scaling, 8, 0);
  return scaling;
}

describe("the emulated scaling", () => {
  it("keeps its size without a change", () => {
    assert.equal(new Scaling(2, 0).getCores(HOUR_MS), 2);
  });

  it("has the old size until a change takes effect", () => {
    assert.equal(createGrowing().getCores(CONVERGENCE_MS - 1), 2);
  });

  it("has the new size once a change takes effect", () => {
    assert.equal(createGrowing().getCores(CONVERGENCE_MS), 8);
  });

  it("applies a change at once if convergence takes 0 ms", () => {
    const scaling = new Scaling(2, 0);
    scaling.request(8, 0, 0, DEFAULT_GUESSES);
    assert.equal(scaling.getCores(0), 8);
  });

  describe("during a change", () => {
    function getSizesAfterSecondChange(guesses: Partial<Guesses>, ...atMs: readonly number[]): number[] {
      const scaling = createGrowing();
      request(scaling, 4, MINUTE_MS, guesses);
      return atMs.map((nowMs) => scaling.getCores(nowMs));
    }

    it("replaces the old change by a new one", () => {
      assert.deepEqual(
        getSizesAfterSecondChange({}, 2 * MINUTE_MS, 3 * MINUTE_MS - 1, 3 * MINUTE_MS),
        [2, 2, 4],
      );
    });

    it("applies the new change after the old one if changes queue", () => {
      const queues = { patchDuringChange: "queues" } as const;
      assert.deepEqual(
        getSizesAfterSecondChange(queues, 2 * MINUTE_MS, 4 * MINUTE_MS - 1, 4 * MINUTE_MS),
        [8, 8, 4],
      );
    });

    it("refuses the new change if changes conflict", () => {
      assert.equal(request(createGrowing(), 4, MINUTE_MS, { patchDuringChange: "conflicts" }), false);
    });

    it("applies the old change if the new one was refused", () => {
      assert.deepEqual(
        getSizesAfterSecondChange({ patchDuringChange: "conflicts" }, 2 * MINUTE_MS, HOUR_MS),
        [8, 8],
      );
    });

    it("accepts a new change once the old one took effect", () => {
      assert.equal(request(createGrowing(), 4, CONVERGENCE_MS, { patchDuringChange: "conflicts" }), true);
    });
  });

  describe("a second request for the same size", () => {
    it("takes effect at the time of the first", () => {
      const scaling = createGrowing();
      request(scaling, 8, MINUTE_MS);
      assert.equal(scaling.getCores(CONVERGENCE_MS), 8);
    });

    it("restarts the change if sameSizeRestarts is true", () => {
      const scaling = createGrowing();
      request(scaling, 8, MINUTE_MS, { sameSizeRestarts: true });
      assert.deepEqual([scaling.getCores(CONVERGENCE_MS), scaling.getCores(3 * MINUTE_MS)], [2, 8]);
    });

    it("is accepted even if changes conflict", () => {
      assert.equal(request(createGrowing(), 8, MINUTE_MS, { patchDuringChange: "conflicts" }), true);
    });
  });

  describe("a change by another user", () => {
    it("takes effect at its time", () => {
      const scaling = new Scaling(2, 0);
      scaling.setCores(16, 0, MINUTE_MS);
      assert.deepEqual([scaling.getCores(MINUTE_MS - 1), scaling.getCores(MINUTE_MS)], [2, 16]);
    });

    it("does not cancel the change in progress", () => {
      const scaling = createGrowing();
      scaling.setCores(16, 0, MINUTE_MS);
      assert.deepEqual([scaling.getCores(MINUTE_MS), scaling.getCores(CONVERGENCE_MS)], [16, 8]);
    });

    it("determines the size if it takes effect after the change in progress", () => {
      const scaling = createGrowing();
      scaling.setCores(16, 0, 3 * MINUTE_MS);
      assert.equal(scaling.getCores(HOUR_MS), 16);
    });

    it("takes effect in the order of time, even if the size is read late", () => {
      const scaling = new Scaling(2, 0);
      scaling.setCores(16, 0, 3 * MINUTE_MS);
      scaling.setCores(4, 0, MINUTE_MS);
      assert.equal(scaling.getCores(HOUR_MS), 16);
    });

    it("takes effect at once if its time is now", () => {
      const scaling = new Scaling(2, 0);
      scaling.setCores(16, MINUTE_MS, MINUTE_MS);
      assert.equal(scaling.getCores(MINUTE_MS), 16);
    });
  });
});

describe("the emulated billing", () => {
  it("starts at 0", () => assert.equal(new Scaling(2, 0).getBilledUnitHours(0), 0));

  for (const [ranMs, unitHours] of [
    [1, 1],
    [HOUR_MS, 1],
    [HOUR_MS + 1, 2],
    [24 * HOUR_MS, 24],
  ] as const) {
    it(`counts ${unitHours} unit hours for 2 cores after ${ranMs} ms`, () => {
      assert.equal(new Scaling(2, 0).getBilledUnitHours(ranMs), unitHours);
    });
  }

  it("counts an hour at the largest size that ran in it", () => {
    assert.equal(createGrowing().getBilledUnitHours(HOUR_MS), 4);
  });

  it("counts an hour at a large size that ran for only part of it", () => {
    const scaling = createGrowing();
    request(scaling, 2, CONVERGENCE_MS);
    assert.equal(scaling.getBilledUnitHours(HOUR_MS), 4);
  });

  it("counts the next hour at the smaller size", () => {
    const scaling = createGrowing();
    request(scaling, 2, CONVERGENCE_MS);
    assert.equal(scaling.getBilledUnitHours(2 * HOUR_MS), 4 + 1);
  });

  it("does not count a size that ran only in the hour before", () => {
    const scaling = new Scaling(8, 0);
    scaling.setCores(2, 0, HOUR_MS);
    assert.equal(scaling.getBilledUnitHours(2 * HOUR_MS), 4 + 1);
  });

  it("does not count a size that starts as the hour ends", () => {
    const scaling = new Scaling(2, 0);
    scaling.setCores(8, 0, HOUR_MS);
    assert.equal(scaling.getBilledUnitHours(HOUR_MS), 1);
  });

  it("starts its hours when the service was created", () => {
    assert.equal(new Scaling(2, 30 * MINUTE_MS).getBilledUnitHours(90 * MINUTE_MS), 1);
  });

  it("returns the same for repeated reads", () => {
    const scaling = createGrowing();
    scaling.getBilledUnitHours(HOUR_MS);
    assert.equal(scaling.getBilledUnitHours(HOUR_MS), 4);
  });
});

describe("the body of the emulated scaling", () => {
  it("is in millicores and GB", () => {
    assert.deepEqual(serializeScaling(8), { replicaCpuMillicores: 8_000, replicaMemoryGb: 32 });
  });

  it("is accepted for every legal size", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 32 }),
        (cores) => validateScaling(serializeScaling(cores), 32) === undefined,
      ),
    );
  });

  for (const body of [null, undefined, "8", 8]) {
    it(`${JSON.stringify(body)} is refused`, () => {
      assert.equal(validateScaling(body, 24), "The body must be an object");
    });
  }

  for (const body of [
    {},
    { replicaCpuMillicores: 8_000 },
    { replicaMemoryGb: 32 },
    { replicaCpuMillicores: "8000", replicaMemoryGb: 32 },
  ]) {
    it(`${JSON.stringify(body)} is refused because a number is missing`, () => {
      assert.equal(validateScaling(body, 24), "replicaCpuMillicores and replicaMemoryGb must be numbers");
    });
  }

  for (const cores of [0, -1, 0.5, 2.5, 25, NaN, Infinity]) {
    it(`is refused for ${cores} cores if the maximum is 24`, () => {
      assert.equal(
        validateScaling(serializeScaling(cores), 24),
        "replicaCpuMillicores must be a multiple of 1000 from 1000 to 24000",
      );
    });
  }

  it("is accepted for 32 cores if the maximum is 32", () => {
    assert.equal(validateScaling(serializeScaling(32), 32), undefined);
  });

  it("is refused if the memory does not match the cores", () => {
    assert.equal(
      validateScaling({ ...serializeScaling(8), replicaMemoryGb: 64 }, 24),
      "replicaMemoryGb must be 32",
    );
  });
});

describe("the emulated rate limit", () => {
  const THREE_IN_10_S = { requests: 3, windowMs: 10 * SECOND_MS };

  function getResetSeconds(refusedCount: boolean, ...atMs: readonly number[]): (number | undefined)[] {
    const limiter = new RateLimiter(THREE_IN_10_S, refusedCount);
    return atMs.map((nowMs) => limiter.countRequest("key", nowMs)?.resetSeconds);
  }

  it("is the documented 10 requests in 10 s", () => {
    assert.deepEqual(DOCUMENTED_RATE_LIMIT, { requests: 10, windowMs: 10_000 });
  });

  it("accepts requests up to the limit", () => {
    assert.deepEqual(getResetSeconds(false, 0, 1, 2), [undefined, undefined, undefined]);
  });

  it("refuses one more and returns the seconds until the next is accepted", () => {
    assert.equal(getResetSeconds(false, 0, 0, 0, 4_000).at(-1), 6);
  });

  it("rounds the seconds up", () => assert.equal(getResetSeconds(false, 0, 0, 0, 4_500).at(-1), 6));

  it("returns at least one second", () => assert.equal(getResetSeconds(false, 0, 0, 0, 9_999).at(-1), 1));

  it("accepts the next once the first is out of the window", () => {
    assert.equal(getResetSeconds(false, 0, 5_000, 5_000, 10_000).at(-1), undefined);
  });

  it("does not forget all requests at once", () => {
    assert.equal(getResetSeconds(false, 0, 5_000, 5_000, 10_000, 10_001).at(-1), 5);
  });

  it("does not count refused requests", () => {
    assert.equal(getResetSeconds(false, 0, 0, 0, 9_000, 9_000, 9_000, 10_000).at(-1), undefined);
  });

  it("counts refused requests if countRefusedRequests is true", () => {
    assert.equal(getResetSeconds(true, 0, 0, 0, 9_000, 9_000, 9_000, 10_000).at(-1), 9);
  });

  it("counts each key separately", () => {
    const limiter = new RateLimiter({ requests: 1, windowMs: 10_000 }, false);
    limiter.countRequest("key", 0);
    assert.equal(limiter.countRequest("other", 0), undefined);
  });

  it("starts again after clear", () => {
    const limiter = new RateLimiter({ requests: 1, windowMs: 10_000 }, false);
    limiter.countRequest("key", 0);
    limiter.clear();
    assert.equal(limiter.countRequest("key", 0), undefined);
  });

  it("accepts no more than the limit in any window", () => {
    const gapsMs = fc.array(fc.nat({ max: 6 * SECOND_MS }), { maxLength: 40 });
    fc.assert(
      fc.property(gapsMs, fc.boolean(), (gaps, refusedCount) => {
        const limiter = new RateLimiter(THREE_IN_10_S, refusedCount);
        let nowMs = 0;
        const acceptedAtMs: number[] = [];
        for (const gapMs of gaps) {
          nowMs += gapMs;
          if (limiter.countRequest("key", nowMs) === undefined) acceptedAtMs.push(nowMs);
        }
        return acceptedAtMs.every((fromMs) => {
          return acceptedAtMs.filter((atMs) => atMs >= fromMs && atMs < fromMs + 10 * SECOND_MS).length <= 3;
        });
      }),
    );
  });

  it("accepts a request after the returned seconds", () => {
    fc.assert(
      fc.property(fc.nat({ max: 9_999 }), (refusedAtMs) => {
        const limiter = new RateLimiter({ requests: 1, windowMs: 10_000 }, false);
        limiter.countRequest("key", 0);
        const { resetSeconds } = limiter.countRequest("key", refusedAtMs) ?? assert.fail("not refused");
        return limiter.countRequest("key", refusedAtMs + resetSeconds * SECOND_MS) === undefined;
      }),
    );
  });
});
