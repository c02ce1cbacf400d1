import assert from "node:assert/strict";
import { burstEnds, largestSize, monthlyCost } from "../../examples/review/policy-pack/rules";
import { sized } from "../support/preview-json";

describe("the policies of the example review", () => {
  const now = new Date("2026-11-01T00:00:00Z");
  const burst = (endBy?: unknown, cores = 24) =>
    sized(2, { steadyCores: 2, initialLoad: { cores, ...(endBy === undefined ? {} : { endBy }) } });

  describe("largest-size", () => {
    it("allows sizes up to the limit", () => assert.equal(largestSize(sized(16), 16), undefined));

    it("refuses a larger one", () => {
      assert.equal(largestSize(sized(17), 16), "17 cores are more than the 16 that are allowed");
    });

    it("refuses a burst that is larger, though the size of today is not", () => {
      assert.match(largestSize(burst(), 16) ?? "", /^24 cores/);
    });

    it("refuses a steady size that is larger, though the size of today is not", () => {
      assert.match(largestSize(sized(8, { steadyCores: 20 }), 16) ?? "", /^20 cores/);
    });
  });

  describe("burst-ends", () => {
    it("has nothing against a size without an initial load", () => {
      assert.equal(burstEnds(sized(24), 30, now), undefined);
    });

    for (const endBy of ["2026-12-01T00:00:00Z", "2026-10-01T00:00:00Z", "2026-11-30T23:00:00-01:00"]) {
      it(`allows an end at ${endBy}`, () => assert.equal(burstEnds(burst(endBy), 30, now), undefined));
    }

    it("refuses an initial load without an end", () => {
      assert.match(burstEnds(burst(), 30, now) ?? "", /without `endBy`.*set `endBy`/);
    });

    for (const endBy of ["2026-12-01T00:00:01Z", "soon", 5]) {
      it(`refuses an end at ${JSON.stringify(endBy)}`, () => {
        assert.match(burstEnds(burst(endBy), 30, now) ?? "", /is not within 30 days$/);
      });
    }
  });

  describe("monthly-cost", () => {
    it("allows a sum up to the limit, without errors of binary fractions", () => {
      const services = [0.14, 0.07].map((usdPerMonth) => ({ usdPerMonth }));
      assert.equal(monthlyCost(services, 0.21), undefined);
    });

    it("refuses a sum above it", () => {
      assert.equal(
        monthlyCost([sized(8), sized(4)], 800),
        "$876.00 a month for all services is more than the $800.00 that are allowed",
      );
    });

    it("counts a burst where nobody knew whether a pipe loads", () => {
      const undecided = { ...sized(2), phase: "unknown", initialLoad: { cores: 24 } };
      assert.match(monthlyCost([undecided], 500) ?? "", /^\$1752\.00 a month/);
      assert.equal(monthlyCost([{ ...undecided, phase: "steady" }], 500), undefined);
    });

    it("has nothing against a stack without services", () => assert.equal(monthlyCost([], 1), undefined));
  });
});
