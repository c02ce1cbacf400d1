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

function ask(scaling: Scaling, cores: number, nowMs: number, guesses: Partial<Guesses> = {}): boolean {
  return scaling.request(cores, nowMs, CONVERGENCE_MS, { ...DEFAULT_GUESSES, ...guesses });
}

/** 2 cores, on the way to 8 since 0. */
function growing(): Scaling {
  const scaling = new Scaling(2, 0);
  ask(scaling, 8, 0);
  return scaling;
}

describe("the emulated scaling", () => {
  it("keeps its size while nobody asks for another", () => {
    assert.equal(new Scaling(2, 0).getCores(HOUR_MS), 2);
  });

  it("has the old size until a change lands", () => {
    assert.equal(growing().getCores(CONVERGENCE_MS - 1), 2);
  });

  it("has the new size from the moment a change lands", () => {
    assert.equal(growing().getCores(CONVERGENCE_MS), 8);
  });

  it("lands a change at once where convergence takes no time", () => {
    const scaling = new Scaling(2, 0);
    scaling.request(8, 0, 0, DEFAULT_GUESSES);
    assert.equal(scaling.getCores(0), 8);
  });

  describe("asked during a change", () => {
    function sizes(guesses: Partial<Guesses>, ...atMs: readonly number[]): number[] {
      const scaling = growing();
      ask(scaling, 4, MINUTE_MS, guesses);
      return atMs.map((nowMs) => scaling.getCores(nowMs));
    }

    it("lets the new change take the place of the old one", () => {
      assert.deepEqual(sizes({}, 2 * MINUTE_MS, 3 * MINUTE_MS - 1, 3 * MINUTE_MS), [2, 2, 4]);
    });

    it("lands the new change after the old one where changes queue", () => {
      const queues = { patchDuringChange: "queues" } as const;
      assert.deepEqual(sizes(queues, 2 * MINUTE_MS, 4 * MINUTE_MS - 1, 4 * MINUTE_MS), [8, 8, 4]);
    });

    it("refuses the new change where changes conflict", () => {
      assert.equal(ask(growing(), 4, MINUTE_MS, { patchDuringChange: "conflicts" }), false);
    });

    it("goes on with the old change where the new one was refused", () => {
      assert.deepEqual(sizes({ patchDuringChange: "conflicts" }, 2 * MINUTE_MS, HOUR_MS), [8, 8]);
    });

    it("takes a new change again as soon as the old one has landed", () => {
      assert.equal(ask(growing(), 4, CONVERGENCE_MS, { patchDuringChange: "conflicts" }), true);
    });
  });

  describe("asked for the same size again", () => {
    it("lands it when it would have landed anyway", () => {
      const scaling = growing();
      ask(scaling, 8, MINUTE_MS);
      assert.equal(scaling.getCores(CONVERGENCE_MS), 8);
    });

    it("begins anew where that is the guess", () => {
      const scaling = growing();
      ask(scaling, 8, MINUTE_MS, { sameSizeRestarts: true });
      assert.deepEqual([scaling.getCores(CONVERGENCE_MS), scaling.getCores(3 * MINUTE_MS)], [2, 8]);
    });

    it("does not refuse it, even where changes conflict", () => {
      assert.equal(ask(growing(), 8, MINUTE_MS, { patchDuringChange: "conflicts" }), true);
    });
  });

  describe("set by somebody else", () => {
    it("has that size when it lands", () => {
      const scaling = new Scaling(2, 0);
      scaling.setCores(16, 0, MINUTE_MS);
      assert.deepEqual([scaling.getCores(MINUTE_MS - 1), scaling.getCores(MINUTE_MS)], [2, 16]);
    });

    it("goes on with the change that was under way", () => {
      const scaling = growing();
      scaling.setCores(16, 0, MINUTE_MS);
      assert.deepEqual([scaling.getCores(MINUTE_MS), scaling.getCores(CONVERGENCE_MS)], [16, 8]);
    });

    it("keeps that size where it lands after the change that was under way", () => {
      const scaling = growing();
      scaling.setCores(16, 0, 3 * MINUTE_MS);
      assert.equal(scaling.getCores(HOUR_MS), 16);
    });

    it("lands changes in the order of their times, however late it is looked at", () => {
      const scaling = new Scaling(2, 0);
      scaling.setCores(16, 0, 3 * MINUTE_MS);
      scaling.setCores(4, 0, MINUTE_MS);
      assert.equal(scaling.getCores(HOUR_MS), 16);
    });

    it("has that size at once where it lands now", () => {
      const scaling = new Scaling(2, 0);
      scaling.setCores(16, MINUTE_MS, MINUTE_MS);
      assert.equal(scaling.getCores(MINUTE_MS), 16);
    });
  });
});

describe("the emulated bill", () => {
  it("is empty at the beginning", () => assert.equal(new Scaling(2, 0).getBilledUnitHours(0), 0));

  for (const [ranMs, unitHours] of [
    [1, 1],
    [HOUR_MS, 1],
    [HOUR_MS + 1, 2],
    [24 * HOUR_MS, 24],
  ] as const) {
    it(`of 2 cores is ${unitHours} unit hours after ${ranMs} ms`, () => {
      assert.equal(new Scaling(2, 0).getBilledUnitHours(ranMs), unitHours);
    });
  }

  it("counts an hour at the largest size that ran in it", () => {
    assert.equal(growing().getBilledUnitHours(HOUR_MS), 4);
  });

  it("counts an hour at a large size that ran for a part of it", () => {
    const scaling = growing();
    ask(scaling, 2, CONVERGENCE_MS);
    assert.equal(scaling.getBilledUnitHours(HOUR_MS), 4);
  });

  it("counts the next hour at the size that is left", () => {
    const scaling = growing();
    ask(scaling, 2, CONVERGENCE_MS);
    assert.equal(scaling.getBilledUnitHours(2 * HOUR_MS), 4 + 1);
  });

  it("does not count a size that ran only in the hour before", () => {
    const scaling = new Scaling(8, 0);
    scaling.setCores(2, 0, HOUR_MS);
    assert.equal(scaling.getBilledUnitHours(2 * HOUR_MS), 4 + 1);
  });

  it("does not count a size that begins as the hour ends", () => {
    const scaling = new Scaling(2, 0);
    scaling.setCores(8, 0, HOUR_MS);
    assert.equal(scaling.getBilledUnitHours(HOUR_MS), 1);
  });

  it("begins its hours when the service began", () => {
    assert.equal(new Scaling(2, 30 * MINUTE_MS).getBilledUnitHours(90 * MINUTE_MS), 1);
  });

  it("is the same however often it is asked for", () => {
    const scaling = growing();
    scaling.getBilledUnitHours(HOUR_MS);
    assert.equal(scaling.getBilledUnitHours(HOUR_MS), 4);
  });
});

describe("the emulated body", () => {
  it("is written in millicores and GB", () => {
    assert.deepEqual(serializeScaling(8), { replicaCpuMillicores: 8_000, replicaMemoryGb: 32 });
  });

  it("of every legal size is taken", () => {
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
    it(`${JSON.stringify(body)} is refused for want of two numbers`, () => {
      assert.equal(validateScaling(body, 24), "replicaCpuMillicores and replicaMemoryGb must be numbers");
    });
  }

  for (const cores of [0, -1, 0.5, 2.5, 25, NaN, Infinity]) {
    it(`of ${cores} cores is refused where 24 are the most`, () => {
      assert.equal(
        validateScaling(serializeScaling(cores), 24),
        "replicaCpuMillicores must be a multiple of 1000 from 1000 to 24000",
      );
    });
  }

  it("of 32 cores is taken where they are the most", () => {
    assert.equal(validateScaling(serializeScaling(32), 32), undefined);
  });

  it("with other memory than the cores have is refused", () => {
    assert.equal(
      validateScaling({ ...serializeScaling(8), replicaMemoryGb: 64 }, 24),
      "replicaMemoryGb must be 32",
    );
  });
});

describe("the emulated rate limit", () => {
  const THREE_IN_10_S = { requests: 3, windowMs: 10 * SECOND_MS };

  function answers(countRefusedRequests: boolean, ...atMs: readonly number[]): (number | undefined)[] {
    const windows = new RateLimiter(THREE_IN_10_S, countRefusedRequests);
    return atMs.map((nowMs) => windows.countRequest("key", nowMs)?.resetSeconds);
  }

  it("is the documented 10 requests in 10 s", () => {
    assert.deepEqual(DOCUMENTED_RATE_LIMIT, { requests: 10, windowMs: 10_000 });
  });

  it("takes as many requests as the limit says", () => {
    assert.deepEqual(answers(false, 0, 1, 2), [undefined, undefined, undefined]);
  });

  it("refuses one more and says in how many seconds the next is free", () => {
    assert.equal(answers(false, 0, 0, 0, 4_000).at(-1), 6);
  });

  it("rounds those seconds up", () => assert.equal(answers(false, 0, 0, 0, 4_500).at(-1), 6));

  it("says no less than one second", () => assert.equal(answers(false, 0, 0, 0, 9_999).at(-1), 1));

  it("takes the next as soon as the first is out of the window", () => {
    assert.equal(answers(false, 0, 5_000, 5_000, 10_000).at(-1), undefined);
  });

  it("slides: it does not forget all requests at once", () => {
    assert.equal(answers(false, 0, 5_000, 5_000, 10_000, 10_001).at(-1), 5);
  });

  it("forgets refused requests", () => {
    assert.equal(answers(false, 0, 0, 0, 9_000, 9_000, 9_000, 10_000).at(-1), undefined);
  });

  it("counts refused requests where that is the guess", () => {
    assert.equal(answers(true, 0, 0, 0, 9_000, 9_000, 9_000, 10_000).at(-1), 9);
  });

  it("counts each key apart", () => {
    const windows = new RateLimiter({ requests: 1, windowMs: 10_000 }, false);
    windows.countRequest("key", 0);
    assert.equal(windows.countRequest("other", 0), undefined);
  });

  it("begins anew after clear", () => {
    const windows = new RateLimiter({ requests: 1, windowMs: 10_000 }, false);
    windows.countRequest("key", 0);
    windows.clear();
    assert.equal(windows.countRequest("key", 0), undefined);
  });

  it("takes no more than the limit in any window", () => {
    const gapsMs = fc.array(fc.nat({ max: 6 * SECOND_MS }), { maxLength: 40 });
    fc.assert(
      fc.property(gapsMs, fc.boolean(), (gaps, countRefusedRequests) => {
        const windows = new RateLimiter(THREE_IN_10_S, countRefusedRequests);
        let nowMs = 0;
        const takenAtMs: number[] = [];
        for (const gapMs of gaps) {
          nowMs += gapMs;
          if (windows.countRequest("key", nowMs) === undefined) takenAtMs.push(nowMs);
        }
        return takenAtMs.every((fromMs) => {
          return takenAtMs.filter((atMs) => atMs >= fromMs && atMs < fromMs + 10 * SECOND_MS).length <= 3;
        });
      }),
    );
  });

  it("takes a request again after the seconds it named", () => {
    fc.assert(
      fc.property(fc.nat({ max: 9_999 }), (refusedAtMs) => {
        const windows = new RateLimiter({ requests: 1, windowMs: 10_000 }, false);
        windows.countRequest("key", 0);
        const { resetSeconds } = windows.countRequest("key", refusedAtMs) ?? assert.fail("not refused");
        return windows.countRequest("key", refusedAtMs + resetSeconds * SECOND_MS) === undefined;
      }),
    );
  });
});
