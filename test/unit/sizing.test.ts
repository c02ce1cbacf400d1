import assert from "node:assert/strict";
import fc from "fast-check";
import { computeCost, HOURS_PER_MONTH, LIST_PRICE } from "../../sizing/price";
import {
  formatChange,
  toCores,
  DOCUMENTED_MAX_CORES,
  MIN_CORES,
  findNearestLegalCores,
  OPENAPI_MAX_CORES,
  isSameSize,
  toSize,
  formatSize,
} from "../../sizing/size";

const legalCores = fc.integer({ min: MIN_CORES, max: OPENAPI_MAX_CORES });
const maxCores = fc.integer({ min: DOCUMENTED_MAX_CORES, max: OPENAPI_MAX_CORES });
/** Tenths of cents, as a contract may have them. */
const unitPrice = fc.integer({ min: 0, max: 5_000 }).map((mills) => mills / 1_000);

describe("a size", () => {
  it("is written in millicores and GB", () => {
    assert.deepEqual(toSize(8), { replicaCpuMillicores: 8_000, replicaMemoryGb: 32 });
  });

  it("goes from cores to the API's form and back", () => {
    fc.assert(fc.property(legalCores, (cores) => toCores(toSize(cores)) === cores));
  });

  it("goes from the API's form to cores and back", () => {
    fc.assert(
      fc.property(legalCores, (cores) => {
        const seen = { replicaCpuMillicores: cores * 1_000, replicaMemoryGb: cores * 4 };
        assert.deepEqual(toSize(toCores(seen)), seen);
      }),
    );
  });

  it("that nobody can ask for has a fraction of cores", () => {
    assert.equal(toCores({ replicaCpuMillicores: 2_500, replicaMemoryGb: 10 }), 2.5);
  });

  it("equals another one exactly where the cores are equal", () => {
    fc.assert(fc.property(legalCores, legalCores, (a, b) => isSameSize(toSize(a), toSize(b)) === (a === b)));
  });

  it("differs from one that has only other memory", () => {
    assert.equal(isSameSize(toSize(8), { ...toSize(8), replicaMemoryGb: 64 }), false);
  });

  it("differs from one that has only another CPU", () => {
    assert.equal(isSameSize(toSize(8), { ...toSize(8), replicaCpuMillicores: 4_000 }), false);
  });

  for (const [cores, text] of [
    [1, "1 core (4 GB)"],
    [2, "2 cores (8 GB)"],
    [2.5, "2.5 cores (10 GB)"],
    [32, "32 cores (128 GB)"],
  ] as const) {
    it(`reads "${text}"`, () => assert.equal(formatSize(toSize(cores)), text));
  }
});

describe("a change of size", () => {
  for (const [from, to, text] of [
    [toSize(2), toSize(8), "2 → 8 cores"],
    [toSize(2), toSize(1), "2 → 1 core"],
    [{ ...toSize(2), replicaMemoryGb: 6 }, toSize(8), "2 cores (6 GB) → 8 cores (32 GB)"],
  ] as const) {
    it(`reads "${text}"`, () => assert.equal(formatChange(from, to), text));
  }
});

describe("the largest size", () => {
  it("is 24 cores, as documented, and 32 in the OpenAPI document", () => {
    assert.deepEqual([DOCUMENTED_MAX_CORES, OPENAPI_MAX_CORES], [24, 32]);
  });
});

describe("the nearest legal cores", () => {
  for (const [asked, nearest] of [
    [-3, 1],
    [0, 1],
    [0.4, 1],
    [2.4, 2],
    [2.5, 3],
    [25, 24],
    [Infinity, 24],
    [-Infinity, 1],
    [NaN, 1],
  ] as const) {
    it(`of ${asked} are ${nearest}`, () => {
      assert.equal(findNearestLegalCores(asked, DOCUMENTED_MAX_CORES), nearest);
    });
  }

  it("are a whole number within the limits, whatever was asked", () => {
    fc.assert(
      fc.property(fc.double(), maxCores, (asked, max) => {
        const nearest = findNearestLegalCores(asked, max);
        return Number.isInteger(nearest) && nearest >= MIN_CORES && nearest <= max;
      }),
    );
  });

  it("of a legal number are that number", () => {
    fc.assert(fc.property(legalCores, (cores) => findNearestLegalCores(cores, OPENAPI_MAX_CORES) === cores));
  });
});

describe("the cost", () => {
  for (const [cores, computeUnits, usdPerHour, usdPerMonth] of [
    [1, 0.5, 0.1, 73],
    [2, 1, 0.2, 146],
    [3, 1.5, 0.3, 219],
    [8, 4, 0.8, 584],
    [24, 12, 2.4, 1_752],
    [32, 16, 3.2, 2_336],
  ] as const) {
    it(`of ${cores} cores is $${usdPerHour} an hour and $${usdPerMonth} a month at list price`, () => {
      assert.deepEqual(computeCost(cores), { computeUnits, usdPerHour, usdPerMonth });
    });
  }

  it("follows another price of a compute unit", () => {
    assert.deepEqual(computeCost(8, 0.15), { computeUnits: 4, usdPerHour: 0.6, usdPerMonth: 438 });
  });

  it("is nothing where a compute unit costs nothing", () => {
    assert.deepEqual(computeCost(8, 0), { computeUnits: 4, usdPerHour: 0, usdPerMonth: 0 });
  });

  it("rounds half a cent up, even where its binary form lies below the half", () => {
    assert.equal(computeCost(2, 1.005).usdPerHour, 1.01);
  });

  it("of a month comes from the exact hour, not from the rounded one", () => {
    assert.equal(computeCost(1, 0.25).usdPerMonth, 91.25);
  });

  it("is in whole cents", () => {
    fc.assert(
      fc.property(legalCores, unitPrice, (cores, usd) => {
        const { usdPerHour, usdPerMonth } = computeCost(cores, usd);
        assert.deepEqual([usdPerHour, usdPerMonth], [usdPerHour, usdPerMonth].map(twoDecimals));
      }),
    );
  });

  it("of an hour is within half a cent of cores times price", () => {
    fc.assert(
      fc.property(legalCores, unitPrice, (cores, usd) => {
        return Math.abs(computeCost(cores, usd).usdPerHour - (cores / 2) * usd) <= 0.005 + 1e-9;
      }),
    );
  });

  it("never falls with more cores", () => {
    fc.assert(
      fc.property(legalCores, unitPrice, (cores, usd) => {
        return computeCost(cores, usd).usdPerMonth <= computeCost(cores + 1, usd).usdPerMonth;
      }),
    );
  });
});

describe("the list price", () => {
  it("cannot be changed by a program", () => {
    assert.throws(() => Object.assign(LIST_PRICE, { usdPerComputeUnitHour: 0 }), TypeError);
  });

  it("is for months of 730 hours", () => assert.equal(HOURS_PER_MONTH, 730));
});

function twoDecimals(usd: number): number {
  return Number(usd.toFixed(2));
}
