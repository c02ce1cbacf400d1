import assert from "node:assert/strict";
import { haveInputsChanged, isSettingsOnly, listReplaceKeys, hasDrifted } from "../../provider/state/diff";
import type { CheckedInputs } from "../../provider/state/inputs";
import { readState, type State } from "../../provider/state/stored-state";
import { toSize } from "../../sizing";
import { deriveFromSize } from "../../provider/state/derived";

const DECLARED = {
  serviceId: "service",
  cores: 8,
  maxCores: 24,
  maxUsdPerHour: 1,
  coresAfterDestroy: 2,
  wakeService: false,
};
const NEWS: CheckedInputs = { ...DECLARED, ...deriveFromSize(toSize(8), undefined) };

function state(changed: Partial<State> = {}): State {
  return readState({ ...NEWS, organizationId: "organization", __organizationFrom: "the key", ...changed });
}

function news(changed: Partial<CheckedInputs> = {}): CheckedInputs {
  return { ...NEWS, ...changed };
}

describe("what makes it another setting in the cloud", () => {
  it("is nothing where nothing changed", () => assert.deepEqual(listReplaceKeys(state(), news()), []));

  it("is another service", () =>
    assert.deepEqual(listReplaceKeys(state(), news({ serviceId: "other" })), ["serviceId"]));

  it("is another organization", () => {
    assert.deepEqual(listReplaceKeys(state(), news({ organizationId: "other" })), ["organizationId"]);
  });

  it("is both at once", () => {
    const both = news({ serviceId: "other", organizationId: "other" });
    assert.deepEqual(listReplaceKeys(state(), both), ["serviceId", "organizationId"]);
  });

  it("is not the same organization, named for the first time", () => {
    assert.deepEqual(listReplaceKeys(state(), news({ organizationId: "organization" })), []);
  });

  it("is not an organization that is named no longer", () => {
    assert.deepEqual(listReplaceKeys(state({ __organizationFrom: "argument" }), news()), []);
  });

  it("is not another size", () => assert.deepEqual(listReplaceKeys(state(), news({ cores: 4 })), []));
});

describe("a difference of what is declared", () => {
  it("is none where nothing changed", () => assert.equal(haveInputsChanged(state(), news()), false));

  for (const changed of [
    { cores: 4 },
    { maxCores: 32 },
    { maxUsdPerHour: 2 },
    { coresAfterDestroy: 1 },
    { wakeService: true },
  ]) {
    it(`is ${JSON.stringify(changed)}`, () => assert.equal(haveInputsChanged(state(), news(changed)), true));
  }

  for (const setting of ["maxCores", "maxUsdPerHour", "coresAfterDestroy", "wakeService"] as const) {
    it(`is ${setting}, declared no longer`, () => {
      const { [setting]: gone, ...others } = NEWS;
      assert.equal(haveInputsChanged(state(), others), true);
    });
  }

  it("is an organization named for the first time", () => {
    assert.equal(haveInputsChanged(state(), news({ organizationId: "organization" })), true);
  });

  it("is an organization named no longer", () => {
    assert.equal(haveInputsChanged(state({ __organizationFrom: "argument" }), news()), true);
  });

  it("is not an organization that is named as before", () => {
    const named = news({ organizationId: "organization" });
    assert.equal(haveInputsChanged(state({ __organizationFrom: "argument" }), named), false);
  });

  it("is not a new price", () => {
    assert.equal(haveInputsChanged(state(), news({ usdPerHour: 9, usdPerMonth: 9 * 730 })), false);
  });
});

describe("a difference of what was seen", () => {
  it("is none at the declared size", () => assert.equal(hasDrifted(state(), news()), false));

  it("is another size", () => assert.equal(hasDrifted(state({ replicaCpuMillicores: 4_000 }), news()), true));

  it("is other memory alone", () => assert.equal(hasDrifted(state({ replicaMemoryGb: 64 }), news()), true));

  it("is a change to another size that is on its way", () => {
    assert.equal(hasDrifted(state({ pendingCores: 16 }), news()), true);
  });

  it("is not a change to the declared size that is on its way", () => {
    assert.equal(hasDrifted(state({ pendingCores: 8 }), news()), false);
  });

  it("is the old size, whatever is on its way", () => {
    assert.equal(hasDrifted(state({ pendingCores: 16 }), news({ cores: 16 })), true);
  });
});

describe("an update without a request", () => {
  it("is enough at the declared size", () => assert.equal(isSettingsOnly(state(), news()), true));

  it("is enough where settings alone changed", () => {
    assert.equal(isSettingsOnly(state(), news({ wakeService: true, maxCores: 32 })), true);
  });

  it("is not enough at another size", () => assert.equal(isSettingsOnly(state(), news({ cores: 4 })), false));

  it("is not enough while a change to the declared size is on its way", () => {
    assert.equal(isSettingsOnly(state({ pendingCores: 8 }), news()), false);
  });

  it("is not enough while a change to another size is on its way", () => {
    assert.equal(isSettingsOnly(state({ pendingCores: 16 }), news()), false);
  });
});
