import assert from "node:assert/strict";
import {
  checkBurstEnd,
  checkLargestSize,
  checkMonthlyCost,
  checkStackPrice,
  checkType,
  isScaling,
  LIST_PRICE_USD,
  SCALING_TYPE,
} from "../../examples/review/policy-pack/rules";
import { LIST_PRICE } from "../../sizing";
import { createProperties } from "../support/preview-json";

describe("policy rules of the review example", () => {
  const now = new Date("2026-11-01T00:00:00Z");
  const past = "2026-10-31T23:59:59Z";
  const future = "2026-12-01T00:00:00Z";
  const code = 'exports.handler=()=>require("pulumi-clickpipes/provider").provider';

  const createResource = (props: object, type = SCALING_TYPE) => ({
    type,
    name: "orders",
    props: { ...props },
  });
  const createScaling = (cores: number, overrides = {}) => createResource(createProperties(cores, overrides));
  const createBurst = (endBy?: unknown, cores: unknown = 24) =>
    createScaling(2, { initialLoad: { cores, ...(endBy === undefined ? {} : { endBy }) } });

  /** Throws when it is read, as a value does in a policy that a preview doesn't know yet. */
  const withUnknown = (props: object, name: string) =>
    Object.defineProperty({ ...props }, name, {
      get: () => {
        throw new Error(`string value at .${name} can't be known during preview`);
      },
    });

  describe("isScaling", () => {
    for (const [what, type, props] of [
      ["our type", SCALING_TYPE, {}],
      ["another type whose code names our provider", "pulumi-nodejs:dynamic:Resource", { __provider: code }],
      [
        "another type whose secret code names our provider",
        "pulumi-nodejs:dynamic:Resource",
        { __provider: { value: code } },
      ],
      [
        "another dynamic type with what our provider computes",
        "pulumi-nodejs:dynamic/a:B",
        createProperties(2),
      ],
    ] as const) {
      it(`recognizes ${what}`, () => assert.equal(isScaling(createResource(props, type)), true));
    }

    for (const [what, type, props] of [
      ["the component around it", "clickpipes:index:CdcCompute", createProperties(2)],
      ["other dynamic resources", "pulumi-nodejs:dynamic:Resource", { __provider: "x", usdPerMonth: 1 }],
    ] as const) {
      it(`leaves out ${what}`, () => assert.equal(isScaling(createResource(props, type)), false));
    }
  });

  describe("checkType", () => {
    it("rejects our provider under another type, also if its code is secret", () => {
      for (const __provider of [code, { value: code }]) {
        assert.equal(
          checkType(createResource({ __provider }, "pulumi-nodejs:dynamic/a:B")),
          "orders uses the provider of pulumi-clickpipes under another type, pulumi-nodejs:dynamic/a:B. " +
            "Declare a CdcCompute instead.",
        );
      }
    });

    it("allows our type, and other providers", () => {
      assert.equal(checkType(createResource({ __provider: code })), undefined);
      assert.equal(
        checkType(createResource({ __provider: "other" }, "pulumi-nodejs:dynamic/a:B")),
        undefined,
      );
    });
  });

  describe("checkLargestSize", () => {
    it("allows a size at the limit", () =>
      assert.equal(checkLargestSize(createScaling(16), 16, now), undefined));

    it("rejects a size above the limit", () => {
      assert.equal(checkLargestSize(createScaling(17), 16, now), "orders may use 17 cores. The limit is 16.");
    });

    for (const endBy of [undefined, future, "soon", 5, null]) {
      it(`rejects a burst above the limit with endBy ${JSON.stringify(endBy)}, while a small size is in force`, () => {
        assert.match(checkLargestSize(createBurst(endBy), 16, now) ?? "", /^orders may use 24 cores\./);
      });
    }

    it("rejects a burst above the limit if its end is unknown", () => {
      const initialLoad = withUnknown({ cores: 24 }, "endBy");
      assert.match(checkLargestSize(createScaling(2, { initialLoad }), 16, now) ?? "", /^orders may use 24 /);
    });

    it("does not count a burst that has ended, but the size in force", () => {
      assert.equal(checkLargestSize(createBurst(past), 16, now), undefined);
      const kept = createScaling(24, { cores: 2, initialLoad: { cores: 24, endBy: past } });
      assert.match(checkLargestSize(kept, 16, now) ?? "", /^orders may use 24 cores\./);
    });

    it("rejects a steady size above the limit, even if the current size is below it", () => {
      assert.match(checkLargestSize(createScaling(8, { cores: 20 }), 16, now) ?? "", /^orders may use 20 /);
    });

    it("allows a state of an early release, which has no currentCores without an initial load", () => {
      const { currentCores, ...early } = createProperties(8);
      assert.equal(currentCores, 8);
      assert.equal(checkLargestSize(createResource(early), 16, now), undefined);
    });
  });

  describe("sizes that can't be read", () => {
    const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value: 2 };
    const values: readonly (readonly [unknown, string])[] = [
      ["2", "text"],
      [secret, "not a number"],
      [null, "not a number"],
      [NaN, "NaN"],
      [Infinity, "Infinity"],
      [-24, "-24"],
      [0, "0"],
    ];
    const properties: readonly (readonly [string, (value: unknown) => ReturnType<typeof createScaling>])[] = [
      ["cores", (cores) => createScaling(2, { cores })],
      ["currentCores", (currentCores) => createScaling(2, { currentCores })],
      ["initialLoad.cores", (cores) => createBurst(future, cores)],
    ];

    for (const [property, create] of properties) {
      for (const [value, description] of values) {
        it(`rejects ${property} that is ${typeof value === "number" ? value : JSON.stringify(value)}`, () => {
          const message = `The size of orders can't be checked: ${property} is ${description}.`;
          const resource = create(value);
          assert.equal(checkLargestSize(resource, 16, now), message);
          const limit = { maxUsdPerMonth: 9_999, usdPerComputeUnitHour: 0.2 };
          assert.equal(checkMonthlyCost([resource], limit, now), message);
        });
      }
    }

    for (const [property, props] of [
      ["cores", withUnknown(createProperties(2), "cores")],
      ["currentCores", withUnknown(createProperties(2), "currentCores")],
      ["initialLoad.cores", createProperties(2, { initialLoad: withUnknown({}, "cores") })],
      ["initialLoad.cores", withUnknown(createProperties(2), "initialLoad")],
    ] as const) {
      it(`rejects ${property} that is unknown`, () => {
        assert.equal(
          checkLargestSize({ ...createResource({}), props }, 16, now),
          `The size of orders can't be checked: ${property} is unknown until the update.`,
        );
      });
    }

    it("rejects a missing size, and a burst that is no object", () => {
      assert.match(checkLargestSize(createResource({}), 16, now) ?? "", /: cores is missing\.$/);
      assert.match(
        checkLargestSize(createScaling(2, { currentCores: undefined, initialLoad: { cores: 4 } }), 16, now) ??
          "",
        /: currentCores is missing\.$/,
      );
      assert.match(
        checkLargestSize(createScaling(2, { initialLoad: "24" }), 16, now) ?? "",
        /: initialLoad\.cores is text\.$/,
      );
    });

    it("rejects an ended burst whose size is text", () => {
      assert.match(
        checkLargestSize(createBurst(past, "24"), 16, now) ?? "",
        /: initialLoad\.cores is text\.$/,
      );
    });
  });

  describe("checkBurstEnd", () => {
    it("allows a size without an initial load", () => {
      assert.equal(checkBurstEnd(createScaling(24), 30, now), undefined);
    });

    for (const endBy of [future, past, "2026-11-30T23:00:00-01:00"]) {
      it(`allows an initial load with endBy ${endBy}`, () =>
        assert.equal(checkBurstEnd(createBurst(endBy), 30, now), undefined));
    }

    it("rejects an initial load without endBy", () => {
      assert.equal(
        checkBurstEnd(createBurst(), 30, now),
        "initialLoad of orders has no endBy. A stuck pipe would keep the burst size forever.",
      );
    });

    for (const endBy of ["2026-12-01T00:00:01Z", "soon", 5]) {
      it(`rejects an initial load with endBy ${JSON.stringify(endBy)}`, () => {
        assert.equal(
          checkBurstEnd(createBurst(endBy), 30, now),
          `initialLoad of orders must end within 30 days. Its endBy is ${JSON.stringify(endBy)}.`,
        );
      });
    }

    it("rejects an end that is unknown", () => {
      const initialLoad = withUnknown({ cores: 4 }, "endBy");
      assert.match(
        checkBurstEnd(createScaling(2, { initialLoad }), 30, now) ?? "",
        /Its endBy is unknown until the update\.$/,
      );
    });
  });

  describe("checkMonthlyCost", () => {
    const limit = (maxUsdPerMonth: number, usdPerComputeUnitHour: number = LIST_PRICE_USD) => ({
      maxUsdPerMonth,
      usdPerComputeUnitHour,
    });

    it("counts with the list price that the package documents", () =>
      assert.equal(LIST_PRICE_USD, LIST_PRICE.usdPerComputeUnitHour));

    it("allows a total at the limit, without rounding errors", () => {
      const services = Array.from({ length: 3 }, () => createScaling(1));
      assert.equal(checkMonthlyCost(services, limit(219), now), undefined);
      assert.notEqual(checkMonthlyCost(services, limit(218.99), now), undefined);
    });

    it("rejects a total above the limit", () => {
      assert.equal(
        checkMonthlyCost([createScaling(8), createScaling(4)], limit(800), now),
        "All services may cost $876.00 a month. The limit is $800.00.",
      );
    });

    for (const usdPerMonth of [0.01, -5_000, "0", null, undefined, NaN]) {
      it(`does not believe a resource whose usdPerMonth is ${String(usdPerMonth)}`, () => {
        const cheap = createScaling(24, { usdPerMonth, usdPerHour: usdPerMonth });
        assert.match(
          checkMonthlyCost([cheap], limit(1_000), now) ?? "",
          /^All services may cost \$1752\.00 /,
        );
      });
    }

    it("lets no service with a negative size pay for another", () => {
      const services = [createScaling(24), createScaling(2, { currentCores: -22 })];
      assert.match(checkMonthlyCost(services, limit(1_000), now) ?? "", /currentCores is -22\.$/);
    });

    it("counts a burst that may still come, in any phase", () => {
      for (const phase of ["unknown", "steady", "initialLoad"]) {
        const service = createScaling(2, { phase, initialLoad: { cores: 24, endBy: future } });
        assert.match(
          checkMonthlyCost([service], limit(500), now) ?? "",
          /^All services may cost \$1752\.00 /,
        );
      }
      assert.equal(checkMonthlyCost([createBurst(past)], limit(500), now), undefined);
    });

    it("leaves out a burst that only a later update may start, if told so", () => {
      const excluding = { ...limit(500), excludeLaterBursts: true };
      const createPhase = (phase: string) =>
        createScaling(2, { phase, initialLoad: { cores: 24, endBy: future } });
      assert.equal(checkMonthlyCost([createPhase("steady")], excluding, now), undefined);
      assert.match(checkMonthlyCost([createPhase("unknown")], excluding, now) ?? "", /\$1752\.00/);
    });

    it("counts with the price of its configuration", () => {
      assert.equal(checkMonthlyCost([createScaling(8)], limit(500, 0.1), now), undefined);
      assert.match(checkMonthlyCost([createScaling(8)], limit(500, 0.3), now) ?? "", /\$876\.00/);
    });

    for (const price of [0, -0.2, NaN, Infinity, "0.2"]) {
      it(`rejects everything if its price is ${typeof price === "number" ? price : JSON.stringify(price)}`, () => {
        assert.match(
          checkMonthlyCost([], limit(500, price as number), now) ?? "",
          /^The policy's usdPerComputeUnitHour must be a number above 0\. It is /,
        );
      });
    }

    it("allows a stack without services", () => assert.equal(checkMonthlyCost([], limit(1), now), undefined));
  });

  describe("checkStackPrice", () => {
    it("allows the price that the policies count with, rounded to cents", () => {
      assert.equal(checkStackPrice(createScaling(5), LIST_PRICE_USD), undefined);
      assert.equal(checkStackPrice(createScaling(1, { usdPerHour: 0.12 }), 0.235), undefined);
    });

    it("shows another price", () => {
      assert.equal(
        checkStackPrice(createScaling(8, { usdPerHour: 0.01 }), LIST_PRICE_USD),
        "The stack shows $0.01 an hour for orders. The policies count $0.80: 8 cores at $0.2 for each compute unit and hour.",
      );
      assert.notEqual(checkStackPrice(createScaling(8), 0.15), undefined);
    });

    it("shows a price that is no number", () => {
      assert.match(
        checkStackPrice(createScaling(8, { usdPerHour: "0.8" }), 0.2) ?? "",
        /^The stack shows no price /,
      );
    });
  });
});
