import assert from "node:assert/strict";
import fc from "fast-check";
import { getCoresAfterDestroy } from "../../provider/state/record";
import { omitUndefined } from "../../provider/state/omit-undefined";
import { toInputs, readState, getObservedSize } from "../../provider/state/stored-state";
import { toSize } from "../../sizing";
import { deriveFromSize, deriveKeepingPrice } from "../../provider/state/derived";

const LEAST = { serviceId: "service", organizationId: "organization", cores: 8 };
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

describe("reading state", () => {
  it("keeps every field", () => assert.deepEqual(readState(WHOLE), WHOLE));

  it("takes the fields that every release wrote", () => {
    assert.deepEqual(omitUndefined(readState(LEAST)), LEAST);
  });

  it("ignores fields that it does not know", () => {
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
    it(`takes ${JSON.stringify(damaged)} in ${field} for absent`, () => {
      assert.equal(readState({ ...WHOLE, [field]: damaged })[field], undefined);
    });
  }

  it("keeps the other fields beside a damaged one", () => {
    const { usdPerHour, ...others } = WHOLE;
    assert.deepEqual(omitUndefined(readState({ ...WHOLE, usdPerHour: "a lot" })), others);
  });

  for (const field of ["serviceId", "organizationId", "cores"]) {
    it(`refuses state without ${field}`, () => {
      assert.throws(
        () => readState({ ...WHOLE, [field]: undefined }),
        new RegExp(`the property ${field} is missing`),
      );
    });
  }

  it("names the resource where it names what is lacking", () => {
    const urn = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/clickpipes:CdcScaling::orders";
    assert.throws(
      () => readState({ ...WHOLE, cores: "8" }, { urn }),
      /the state of orders failed: the property cores is missing/,
    );
    assert.throws(
      () => readState({ ...WHOLE, cores: "8" }),
      /the state of service service failed: the property cores/,
    );
  });

  it("takes the service from the resource's id only where it lacks it", () => {
    assert.equal(readState({ ...WHOLE, serviceId: undefined }, { id: "id" }).serviceId, "id");
    assert.equal(readState(WHOLE, { id: "id" }).serviceId, "service");
  });

  for (const outputs of [undefined, null, "state", []]) {
    it(`refuses ${JSON.stringify(outputs)}`, () => assert.throws(() => readState(outputs)));
  }
});

describe("the size that was seen", () => {
  it("is the one that the API told", () => {
    const state = readState({ ...LEAST, cores: 2.5, replicaCpuMillicores: 2_500, replicaMemoryGb: 12 });
    assert.deepEqual(getObservedSize(state), { replicaCpuMillicores: 2_500, replicaMemoryGb: 12 });
  });

  it("follows from cores where state holds no more", () => {
    assert.deepEqual(getObservedSize(readState(LEAST)), toSize(8));
  });

  it("follows from cores for the one part that state lacks", () => {
    const state = readState({ ...LEAST, replicaCpuMillicores: 6_000 });
    assert.deepEqual(getObservedSize(state), { replicaCpuMillicores: 6_000, replicaMemoryGb: 32 });
  });
});

describe("the cores that a destroy puts back", () => {
  for (const [what, kept, expected] of [
    ["the size from before", { baselineCores: 4 }, 4],
    ["the size after destroy, where one is declared", { baselineCores: 4, coresAfterDestroy: 2 }, 2],
    ["the nearest whole size to one from before", { baselineCores: 2.5 }, 3],
    ["a size above the documented limit that was seen before", { baselineCores: 28 }, 28],
    ["nothing, where no service can have what is known", { baselineCores: 1e9 }, undefined],
    [
      "the size from before, where no service can have the other",
      { baselineCores: 4, coresAfterDestroy: 1e9 },
      4,
    ],
    ["nothing, where nothing is known", {}, undefined],
  ] as const) {
    it(`are ${what}`, () => assert.equal(getCoresAfterDestroy(readState({ ...LEAST, ...kept })), expected));
  }
});

describe("what follows from a size", () => {
  it("is cores, memory, compute units and cost", () => {
    assert.deepEqual(deriveFromSize(toSize(8), undefined), {
      cores: 8,
      replicaCpuMillicores: 8_000,
      replicaMemoryGb: 32,
      computeUnits: 4,
      usdPerHour: 0.8,
      usdPerMonth: 584,
    });
  });

  it("costs what the stack sets", () => assert.equal(deriveFromSize(toSize(8), 0.3).usdPerHour, 1.2));
});

describe("what is kept of an earlier price", () => {
  const NEW_USD = 0.3;
  const AT_OLD_PRICE = deriveFromSize(toSize(8), 0.2);

  it("is the whole cost, where the size is the same", () => {
    assert.deepEqual(deriveKeepingPrice(toSize(8), NEW_USD, AT_OLD_PRICE), AT_OLD_PRICE);
  });

  it("is nothing where the size is another", () => {
    assert.deepEqual(
      deriveKeepingPrice(toSize(4), NEW_USD, AT_OLD_PRICE),
      deriveFromSize(toSize(4), NEW_USD),
    );
  });

  it("is nothing where the memory alone is another", () => {
    const grown = { ...toSize(8), replicaMemoryGb: 64 };
    assert.equal(deriveKeepingPrice(grown, NEW_USD, AT_OLD_PRICE).usdPerHour, 1.2);
  });

  it("is nothing where nothing is known from before", () => {
    assert.deepEqual(deriveKeepingPrice(toSize(8), NEW_USD, {}), deriveFromSize(toSize(8), NEW_USD));
  });

  it("is the first that has the size", () => {
    const other = deriveFromSize(toSize(4), 0.1);
    const later = deriveFromSize(toSize(8), 0.4);
    assert.deepEqual(deriveKeepingPrice(toSize(8), NEW_USD, other, AT_OLD_PRICE, later), AT_OLD_PRICE);
  });

  it("is made whole where a part is missing", () => {
    const damaged = { ...AT_OLD_PRICE, usdPerMonth: undefined };
    assert.deepEqual(deriveKeepingPrice(toSize(8), NEW_USD, damaged), {
      ...AT_OLD_PRICE,
      usdPerMonth: deriveFromSize(toSize(8), NEW_USD).usdPerMonth,
    });
  });
});

describe("state as inputs", () => {
  it("holds the declared part and the size that was seen", () => {
    const { baselineCores, __organizationFrom, ...kept } = WHOLE;
    const { pendingCores, __pending, lastBurst, ...declared } = kept;
    assert.deepEqual(toInputs(readState(WHOLE)), declared);
  });

  it("leaves out an organization that the program did not name", () => {
    const found = readState({ ...WHOLE, __organizationFrom: "environment CLICKHOUSE_ORG_ID" });
    assert.equal("organizationId" in toInputs(found), false);
  });

  it("leaves out what is undefined", () => {
    assert.deepEqual(toInputs(readState(LEAST)), { serviceId: "service", cores: 8 });
  });
});

describe("present", () => {
  it("leaves out undefined alone", () => {
    assert.deepEqual(omitUndefined({ a: undefined, b: null, c: 0, d: "", e: false }), {
      b: null,
      c: 0,
      d: "",
      e: false,
    });
  });

  it("keeps JSON as it is", () => {
    const json = fc.dictionary(
      fc.string().filter((name) => name !== "__proto__"),
      fc.jsonValue(),
      { noNullPrototype: true },
    );
    fc.assert(fc.property(json, (object) => assert.deepEqual(omitUndefined(object), object)));
  });
});
