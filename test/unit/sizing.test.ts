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
  it("is in millicores and GB", () => {
    assert.deepEqual(toSize(8), { replicaCpuMillicores: 8_000, replicaMemoryGb: 32 });
  });

  it("converts from cores to the API's form and back", () => {
    fc.assert(fc.property(legalCores, (cores) => toCores(toSize(cores)) === cores));
  });

  it("converts from the API's form to cores and back", () => {
    fc.assert(
      fc.property(legalCores, (cores) => {
        const seen = { replicaCpuMillicores: cores * 1_000, replicaMemoryGb: cores * 4 };
        assert.deepEqual(toSize(toCores(seen)), seen);
      }),
    );
  });

  it("has a fraction of cores if the API would not accept it", () => {
    assert.equal(toCores({ replicaCpuMillicores: 2_500, replicaMemoryGb: 10 }), 2.5);
  });

  it("equals another size exactly if the cores are equal", () => {
    fc.assert(fc.property(legalCores, legalCores, (a, b) => isSameSize(toSize(a), toSize(b)) === (a === b)));
  });

  it("differs from a size with other memory", () => {
    assert.equal(isSameSize(toSize(8), { ...toSize(8), replicaMemoryGb: 64 }), false);
  });

  it("differs from a size with another CPU", () => {
    assert.equal(isSameSize(toSize(8), { ...toSize(8), replicaCpuMillicores: 4_000 }), false);
  });

  for (const [cores, text] of [
    [1, "1 core (4 GB)"],
    [2, "2 cores (8 GB)"],
    [2.5, "2.5 cores (10 GB)"],
    [32, "32 cores (128 GB)"],
  ] as const) {
    it(`is formatted as "${text}"`, () => assert.equal(formatSize(toSize(cores)), text));
  }
});

describe("a change of size", () => {
  for (const [from, to, text] of [
    [toSize(2), toSize(8), "2 → 8 cores"],
    [toSize(2), toSize(1), "2 → 1 core"],
    [{ ...toSize(2), replicaMemoryGb: 6 }, toSize(8), "2 cores (6 GB) → 8 cores (32 GB)"],
  ] as const) {
    it(`is formatted as "${text}"`, () => assert.equal(formatChange(from, to), text));
  }
});

describe("the maximum size", () => {
  it("is 24 cores in the documentation and 32 in the OpenAPI document", () => {
    assert.deepEqual([DOCUMENTED_MAX_CORES, OPENAPI_MAX_CORES], [24, 32]);
  });
});

describe("findNearestLegalCores", () => {
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
    it(`returns ${nearest} for ${asked}`, () => {
      assert.equal(findNearestLegalCores(asked, DOCUMENTED_MAX_CORES), nearest);
    });
  }

  it("returns a whole number within the limits for any number", () => {
    fc.assert(
      fc.property(fc.double(), maxCores, (asked, max) => {
        const nearest = findNearestLegalCores(asked, max);
        return Number.isInteger(nearest) && nearest >= MIN_CORES && nearest <= max;
      }),
    );
  });

  it("returns a legal number unchanged", () => {
    fc.assert(fc.property(legalCores, (cores) => findNearestLegalCores(cores, OPENAPI_MAX_CORES) === cores));
  });
});

describe("computeCost", () => {
  for (const [cores, computeUnits, usdPerHour, usdPerMonth] of [
    [1, 0.5, 0.1, 73],
    [2, 1, 0.2, 146],
    [3, 1.5, 0.3, 219],
    [8, 4, 0.8, 584],
    [24, 12, 2.4, 1_752],
    [32, 16, 3.2, 2_336],
  ] as const) {
    it(`returns $${usdPerHour} an hour and $${usdPerMonth} a month for ${cores} cores at list price`, () => {
      assert.deepEqual(computeCost(cores), { computeUnits, usdPerHour, usdPerMonth });
    });
  }

  it("uses another price of a compute unit", () => {
    assert.deepEqual(computeCost(8, 0.15), { computeUnits: 4, usdPerHour: 0.6, usdPerMonth: 438 });
  });

  it("returns 0 if a compute unit costs nothing", () => {
    assert.deepEqual(computeCost(8, 0), { computeUnits: 4, usdPerHour: 0, usdPerMonth: 0 });
  });

  it("rounds half a cent up, even if its binary form is below the half", () => {
    assert.equal(computeCost(2, 1.005).usdPerHour, 1.01);
  });

  it("computes a month from the exact hour, not from the rounded one", () => {
    assert.equal(computeCost(1, 0.25).usdPerMonth, 91.25);
  });

  it("returns whole cents", () => {
    fc.assert(
      fc.property(legalCores, unitPrice, (cores, usd) => {
        const { usdPerHour, usdPerMonth } = computeCost(cores, usd);
        assert.deepEqual([usdPerHour, usdPerMonth], [usdPerHour, usdPerMonth].map(roundToCents));
      }),
    );
  });

  it("returns an hour within half a cent of cores times price", () => {
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
  it("can't be modified by a program", () => {
    assert.throws(() => Object.assign(LIST_PRICE, { usdPerComputeUnitHour: 0 }), TypeError);
  });

  it("is for months of 730 hours", () => assert.equal(HOURS_PER_MONTH, 730));
});

function roundToCents(usd: number): number {
  return Number(usd.toFixed(2));
}
