import assert from "node:assert/strict";
import { declaredDiffers, needsNoRequest, replaced, seenDiffers } from "../../provider/state/diff";
import type { CheckedInputs } from "../../provider/state/inputs";
import { readState, type State } from "../../provider/state/stored-state";
import { sizeOf } from "../../sizing";
import { derivedFrom } from "../../provider/state/derived";

const DECLARED = {
  serviceId: "service",
  cores: 8,
  maxCores: 24,
  maxUsdPerHour: 1,
  coresAfterDestroy: 2,
  wakeService: false,
  __urn: "urn",
};
const NEWS: CheckedInputs = { ...DECLARED, ...derivedFrom(sizeOf(8), undefined) };

function state(changed: Partial<State> = {}): State {
  return readState({ ...NEWS, organizationId: "organization", __organizationFrom: "the key", ...changed });
}

function news(changed: Partial<CheckedInputs> = {}): CheckedInputs {
  return { ...NEWS, ...changed };
}

describe("what makes it another setting in the cloud", () => {
  it("is nothing where nothing changed", () => assert.deepEqual(replaced(state(), news()), []));

  it("is another service", () =>
    assert.deepEqual(replaced(state(), news({ serviceId: "other" })), ["serviceId"]));

  it("is another organisation", () => {
    assert.deepEqual(replaced(state(), news({ organizationId: "other" })), ["organizationId"]);
  });

  it("is both at once", () => {
    const both = news({ serviceId: "other", organizationId: "other" });
    assert.deepEqual(replaced(state(), both), ["serviceId", "organizationId"]);
  });

  it("is not the same organisation, named for the first time", () => {
    assert.deepEqual(replaced(state(), news({ organizationId: "organization" })), []);
  });

  it("is not an organisation that is named no longer", () => {
    assert.deepEqual(replaced(state({ __organizationFrom: "argument" }), news()), []);
  });

  it("is not another size", () => assert.deepEqual(replaced(state(), news({ cores: 4 })), []));
});

describe("a difference of what is declared", () => {
  it("is none where nothing changed", () => assert.equal(declaredDiffers(state(), news()), false));

  for (const changed of [
    { cores: 4 },
    { maxCores: 32 },
    { maxUsdPerHour: 2 },
    { coresAfterDestroy: 1 },
    { wakeService: true },
  ]) {
    it(`is ${JSON.stringify(changed)}`, () => assert.equal(declaredDiffers(state(), news(changed)), true));
  }

  for (const setting of ["maxCores", "maxUsdPerHour", "coresAfterDestroy", "wakeService"] as const) {
    it(`is ${setting}, declared no longer`, () => {
      const { [setting]: gone, ...others } = NEWS;
      assert.equal(declaredDiffers(state(), others), true);
    });
  }

  it("is an organisation named for the first time", () => {
    assert.equal(declaredDiffers(state(), news({ organizationId: "organization" })), true);
  });

  it("is an organisation named no longer", () => {
    assert.equal(declaredDiffers(state({ __organizationFrom: "argument" }), news()), true);
  });

  it("is not an organisation that is named as before", () => {
    const named = news({ organizationId: "organization" });
    assert.equal(declaredDiffers(state({ __organizationFrom: "argument" }), named), false);
  });

  it("is another time limit of delete", () => {
    const before = state({ __timeouts: { delete: "5m" } });
    assert.equal(declaredDiffers(before, news({ __timeouts: { delete: "10m" } })), true);
  });

  it("is not another time limit of create and update", () => {
    const before = state({ __timeouts: { create: "5m", update: "5m" } });
    assert.equal(declaredDiffers(before, news({ __timeouts: { create: "9m", update: "9m" } })), false);
  });

  it("is not a new price", () => {
    assert.equal(declaredDiffers(state(), news({ usdPerHour: 9, usdPerMonth: 9 * 730 })), false);
  });
});

describe("a difference of what was seen", () => {
  it("is none at the declared size", () => assert.equal(seenDiffers(state(), news()), false));

  it("is another size", () =>
    assert.equal(seenDiffers(state({ replicaCpuMillicores: 4_000 }), news()), true));

  it("is other memory alone", () => assert.equal(seenDiffers(state({ replicaMemoryGb: 64 }), news()), true));

  it("is a change to another size that is on its way", () => {
    assert.equal(seenDiffers(state({ pendingCores: 16 }), news()), true);
  });

  it("is not a change to the declared size that is on its way", () => {
    assert.equal(seenDiffers(state({ pendingCores: 8 }), news()), false);
  });

  it("is the old size, whatever is on its way", () => {
    assert.equal(seenDiffers(state({ pendingCores: 16 }), news({ cores: 16 })), true);
  });
});

describe("an update without a request", () => {
  it("is enough at the declared size", () => assert.equal(needsNoRequest(state(), news()), true));

  it("is enough where settings alone changed", () => {
    assert.equal(needsNoRequest(state(), news({ wakeService: true, maxCores: 32 })), true);
  });

  it("is not enough at another size", () => assert.equal(needsNoRequest(state(), news({ cores: 4 })), false));

  it("is not enough while a change to the declared size is on its way", () => {
    assert.equal(needsNoRequest(state({ pendingCores: 8 }), news()), false);
  });

  it("is not enough while a change to another size is on its way", () => {
    assert.equal(needsNoRequest(state({ pendingCores: 16 }), news()), false);
  });
});
