import assert from "node:assert/strict";
import { checkBurstEnd, checkLargestSize, checkMonthlyCost } from "../../examples/review/policy-pack/rules";
import { createProperties } from "../support/preview-json";

describe("policy rules of the review example", () => {
  const now = new Date("2026-11-01T00:00:00Z");
  const burst = (endBy?: unknown, cores = 24) =>
    createProperties(2, {
      initialLoad: { cores, ...(endBy === undefined ? {} : { endBy }) },
    });

  describe("checkLargestSize", () => {
    it("allows a size at the limit", () =>
      assert.equal(checkLargestSize(createProperties(16), 16), undefined));

    it("rejects a size above the limit", () => {
      assert.equal(checkLargestSize(createProperties(17), 16), "17 cores is above the allowed maximum of 16");
    });

    it("rejects a burst size above the limit, even if the current size is below it", () => {
      assert.match(checkLargestSize(burst(), 16) ?? "", /^24 cores/);
    });

    it("rejects a steady size above the limit, even if the current size is below it", () => {
      assert.match(checkLargestSize(createProperties(8, { cores: 20 }), 16) ?? "", /^20 cores/);
    });
  });

  describe("checkBurstEnd", () => {
    it("allows a size without an initial load", () => {
      assert.equal(checkBurstEnd(createProperties(24), 30, now), undefined);
    });

    for (const endBy of ["2026-12-01T00:00:00Z", "2026-10-01T00:00:00Z", "2026-11-30T23:00:00-01:00"]) {
      it(`allows an initial load with endBy ${endBy}`, () =>
        assert.equal(checkBurstEnd(burst(endBy), 30, now), undefined));
    }

    it("rejects an initial load without endBy", () => {
      assert.match(checkBurstEnd(burst(), 30, now) ?? "", /^initialLoad\.endBy is not set/);
    });

    for (const endBy of ["2026-12-01T00:00:01Z", "soon", 5]) {
      it(`rejects an initial load with endBy ${JSON.stringify(endBy)}`, () => {
        assert.match(
          checkBurstEnd(burst(endBy), 30, now) ?? "",
          /^initialLoad\.endBy must be at most 30 days away, got /,
        );
      });
    }
  });

  describe("checkMonthlyCost", () => {
    it("allows a total at the limit, without rounding errors", () => {
      const services = [0.14, 0.07].map((usdPerMonth) => ({ usdPerMonth }));
      assert.equal(checkMonthlyCost(services, 0.21), undefined);
    });

    it("rejects a total above the limit", () => {
      assert.equal(
        checkMonthlyCost([createProperties(8), createProperties(4)], 800),
        "$876.00/month for all services is above the allowed maximum of $800.00",
      );
    });

    it("counts the burst size if it is unknown whether a pipe is loading", () => {
      const unknownPhase = { ...createProperties(2), phase: "unknown", initialLoad: { cores: 24 } };
      assert.match(checkMonthlyCost([unknownPhase], 500) ?? "", /^\$1752\.00\/month/);
      assert.equal(checkMonthlyCost([{ ...unknownPhase, phase: "steady" }], 500), undefined);
    });

    it("allows a stack without services", () => assert.equal(checkMonthlyCost([], 1), undefined));
  });
});
