import assert from "node:assert/strict";
import fc from "fast-check";
import { getCoresAfterDestroy } from "../../provider/state/record";
import { omitUndefined } from "../../provider/state/omit-undefined";
import { toInputs, readState, getObservedSize } from "../../provider/state/stored-state";
import { toSize } from "../../sizing";
import { deriveFromSize } from "../../provider/state/derived";

const LEAST = { serviceId: "service", organizationId: "organization", cores: 8, currentCores: 8 };
const WHOLE = {
  ...LEAST,
  __organizationFrom: "argument",
  maxCores: 32,
  maxUsdPerHour: 1,
  coresAfterDestroy: 2,
  wakeService: true,
  replicaCpuMillicores: 8_000,
  replicaMemoryGb: 32,
  computeUnits: 4,
  usdPerHour: 0.8,
  usdPerMonth: 584,
  lastBurst: { cores: 24, from: "2026-01-01T00:00Z", to: "2026-01-01T06:04:12.345Z" },
  baselineCores: 4,
  pendingCores: 16,
  __pending: [
    { cores: 24, since: "2025-12-31T23:58:00.000Z" },
    { cores: 16, since: "2026-01-01T00:00:00.000Z" },
  ],
};

describe("readState", () => {
  it("keeps every property", () => assert.deepEqual(readState(WHOLE), WHOLE));

  it("reads the properties that every release wrote", () => {
    assert.deepEqual(omitUndefined(readState(LEAST)), LEAST);
  });

  it("ignores unknown properties", () => {
    assert.equal("fromTheFuture" in readState({ ...LEAST, fromTheFuture: 1 }), false);
  });

  for (const [field, damaged] of [
    ["__organizationFrom", false],
    ["maxCores", "32"],
    ["maxUsdPerHour", null],
    ["coresAfterDestroy", 0],
    ["coresAfterDestroy", "2"],
    ["wakeService", "true"],
    ["replicaCpuMillicores", "8000"],
    ["replicaMemoryGb", {}],
    ["computeUnits", []],
    ["usdPerHour", "0.80"],
    ["usdPerMonth", null],
    ["lastBurst", { ...WHOLE.lastBurst, to: undefined }],
    ["lastBurst", { ...WHOLE.lastBurst, from: "yesterday" }],
    ["lastBurst", { ...WHOLE.lastBurst, cores: 0 }],
    ["baselineCores", -1],
    ["baselineCores", 0],
    ["pendingCores", "16"],
    ["__pending", [{ cores: "24" }]],
    ["__pending", 1_767_225_600_000],
  ] as const) {
    it(`treats ${JSON.stringify(damaged)} in ${field} as absent`, () => {
      assert.equal(readState({ ...WHOLE, [field]: damaged })[field], undefined);
    });
  }

  it("keeps the other properties if one is damaged", () => {
    const { usdPerHour, ...others } = WHOLE;
    assert.deepEqual(omitUndefined(readState({ ...WHOLE, usdPerHour: "a lot" })), others);
  });

  for (const field of ["serviceId", "organizationId", "currentCores"]) {
    it(`rejects a state without ${field}`, () => {
      assert.throws(
        () => readState({ ...WHOLE, [field]: undefined }),
        new RegExp(`the property ${field} is missing`),
      );
    });
  }

  it("names the resource in the error of a missing property", () => {
    const urn = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/clickpipes:CdcScaling::orders";
    assert.throws(
      () => readState({ ...WHOLE, currentCores: "8" }, { urn }),
      /the state of orders failed: the property currentCores is missing/,
    );
    assert.throws(
      () => readState({ ...WHOLE, currentCores: "8" }),
      /the state of service service failed: the property currentCores/,
    );
  });

  it("uses the id of the resource only if the state has no serviceId", () => {
    assert.equal(readState({ ...WHOLE, serviceId: undefined }, { id: "id" }).serviceId, "id");
    assert.equal(readState(WHOLE, { id: "id" }).serviceId, "service");
  });

  for (const outputs of [undefined, null, "state", []]) {
    it(`rejects ${JSON.stringify(outputs)}`, () => assert.throws(() => readState(outputs)));
  }
});

describe("getObservedSize", () => {
  it("returns the size that the API returned", () => {
    const state = readState({
      ...LEAST,
      currentCores: 2.5,
      replicaCpuMillicores: 2_500,
      replicaMemoryGb: 12,
    });
    assert.deepEqual(getObservedSize(state), { replicaCpuMillicores: 2_500, replicaMemoryGb: 12 });
  });

  it("derives the size from currentCores if the state has nothing else", () => {
    assert.deepEqual(getObservedSize(readState(LEAST)), toSize(8));
  });

  it("derives the part that the state lacks from currentCores", () => {
    const state = readState({ ...LEAST, replicaCpuMillicores: 6_000 });
    assert.deepEqual(getObservedSize(state), { replicaCpuMillicores: 6_000, replicaMemoryGb: 32 });
  });
});

describe("getCoresAfterDestroy", () => {
  for (const [what, kept, expected] of [
    ["the size from before", { baselineCores: 4 }, 4],
    ["coresAfterDestroy if it is declared", { baselineCores: 4, coresAfterDestroy: 2 }, 2],
    ["the nearest whole size to the one from before", { baselineCores: 2.5 }, 3],
    ["a size above the documented limit that was observed before", { baselineCores: 28 }, 28],
    ["nothing if no service can have the known size", { baselineCores: 1e9 }, undefined],
    [
      "the size from before if no service can have coresAfterDestroy",
      { baselineCores: 4, coresAfterDestroy: 1e9 },
      4,
    ],
    ["nothing if nothing is known", {}, undefined],
  ] as const) {
    it(`returns ${what}`, () =>
      assert.equal(getCoresAfterDestroy(readState({ ...LEAST, ...kept })), expected));
  }
});

describe("deriveFromSize", () => {
  it("returns cores, memory, compute units and cost", () => {
    assert.deepEqual(deriveFromSize(toSize(8), undefined), {
      currentCores: 8,
      replicaCpuMillicores: 8_000,
      replicaMemoryGb: 32,
      computeUnits: 4,
      usdPerHour: 0.8,
      usdPerMonth: 584,
    });
  });

  it("uses the price that the stack sets", () =>
    assert.equal(deriveFromSize(toSize(8), 0.3).usdPerHour, 1.2));
});

describe("toInputs", () => {
  it("returns the declared part and the observed size", () => {
    const { baselineCores, __organizationFrom, ...kept } = WHOLE;
    const { pendingCores, __pending, lastBurst, ...declared } = kept;
    const settled = { ...WHOLE, pendingCores: undefined, __pending: undefined };
    assert.deepEqual(toInputs(readState(settled)), declared);
  });

  it("keeps a pending change, and the size that it asks for as the declared one", () => {
    const { cores, currentCores, pendingCores } = toInputs(readState(WHOLE));
    assert.deepEqual([cores, currentCores, pendingCores], [16, 8, 16]);
  });

  it("keeps the declared size of a resource with an initial load, whatever is pending", () => {
    const loading = readState({ ...WHOLE, cores: 2, initialLoad: { cores: 16 } });
    assert.equal(toInputs(loading).cores, 2);
  });

  it("omits an organization that the program did not declare", () => {
    const found = readState({ ...WHOLE, __organizationFrom: "environment CLICKHOUSE_ORG_ID" });
    assert.equal("organizationId" in toInputs(found), false);
  });

  it("omits undefined properties", () => {
    assert.deepEqual(toInputs(readState(LEAST)), { serviceId: "service", cores: 8, currentCores: 8 });
  });
});

describe("omitUndefined", () => {
  it("only omits undefined", () => {
    assert.deepEqual(omitUndefined({ a: undefined, b: null, c: 0, d: "", e: false }), {
      b: null,
      c: 0,
      d: "",
      e: false,
    });
  });

  it("keeps JSON unchanged", () => {
    const json = fc.dictionary(
      fc.string().filter((name) => name !== "__proto__"),
      fc.jsonValue(),
      { noNullPrototype: true },
    );
    fc.assert(fc.property(json, (object) => assert.deepEqual(omitUndefined(object), object)));
  });
});
