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

describe("listReplaceKeys", () => {
  it("returns nothing if nothing changed", () => assert.deepEqual(listReplaceKeys(state(), news()), []));

  it("returns serviceId for another service", () =>
    assert.deepEqual(listReplaceKeys(state(), news({ serviceId: "other" })), ["serviceId"]));

  it("returns organizationId for another organization", () => {
    assert.deepEqual(listReplaceKeys(state(), news({ organizationId: "other" })), ["organizationId"]);
  });

  it("returns both for another service in another organization", () => {
    const both = news({ serviceId: "other", organizationId: "other" });
    assert.deepEqual(listReplaceKeys(state(), both), ["serviceId", "organizationId"]);
  });

  it("returns nothing if the same organization is declared for the first time", () => {
    assert.deepEqual(listReplaceKeys(state(), news({ organizationId: "organization" })), []);
  });

  it("returns nothing if the organization is not declared any more", () => {
    assert.deepEqual(listReplaceKeys(state({ __organizationFrom: "argument" }), news()), []);
  });

  it("returns nothing for another size", () =>
    assert.deepEqual(listReplaceKeys(state(), news({ cores: 4 })), []));
});

describe("haveInputsChanged", () => {
  it("is false if nothing changed", () => assert.equal(haveInputsChanged(state(), news()), false));

  for (const changed of [
    { cores: 4 },
    { maxCores: 32 },
    { maxUsdPerHour: 2 },
    { coresAfterDestroy: 1 },
    { wakeService: true },
  ]) {
    it(`is true for ${JSON.stringify(changed)}`, () =>
      assert.equal(haveInputsChanged(state(), news(changed)), true));
  }

  for (const setting of ["maxCores", "maxUsdPerHour", "coresAfterDestroy", "wakeService"] as const) {
    it(`is true if ${setting} is not declared any more`, () => {
      const { [setting]: gone, ...others } = NEWS;
      assert.equal(haveInputsChanged(state(), others), true);
    });
  }

  it("is true if the organization is declared for the first time", () => {
    assert.equal(haveInputsChanged(state(), news({ organizationId: "organization" })), true);
  });

  it("is true if the organization is not declared any more", () => {
    assert.equal(haveInputsChanged(state({ __organizationFrom: "argument" }), news()), true);
  });

  it("is false if the organization is declared as before", () => {
    const named = news({ organizationId: "organization" });
    assert.equal(haveInputsChanged(state({ __organizationFrom: "argument" }), named), false);
  });

  it("is false for a new price", () => {
    assert.equal(haveInputsChanged(state(), news({ usdPerHour: 9, usdPerMonth: 9 * 730 })), false);
  });
});

describe("hasDrifted", () => {
  it("is false at the declared size", () => assert.equal(hasDrifted(state(), news()), false));

  it("is true at another size", () =>
    assert.equal(hasDrifted(state({ replicaCpuMillicores: 4_000 }), news()), true));

  it("is true if only the memory differs", () =>
    assert.equal(hasDrifted(state({ replicaMemoryGb: 64 }), news()), true));

  it("is true if a change to another size is pending", () => {
    assert.equal(hasDrifted(state({ pendingCores: 16 }), news()), true);
  });

  it("is false if a change to the declared size is pending", () => {
    assert.equal(hasDrifted(state({ pendingCores: 8 }), news()), false);
  });

  it("is true at the old size, whatever is pending", () => {
    assert.equal(hasDrifted(state({ pendingCores: 16 }), news({ currentCores: 16 })), true);
  });
});

describe("isSettingsOnly", () => {
  it("is true at the declared size", () => assert.equal(isSettingsOnly(state(), news()), true));

  it("is true if only settings changed", () => {
    assert.equal(isSettingsOnly(state(), news({ wakeService: true, maxCores: 32 })), true);
  });

  it("is false at another size", () =>
    assert.equal(isSettingsOnly(state(), news({ currentCores: 4 })), false));

  it("is false if a change to the declared size is pending", () => {
    assert.equal(isSettingsOnly(state({ pendingCores: 8 }), news()), false);
  });

  it("is false if a change to another size is pending", () => {
    assert.equal(isSettingsOnly(state({ pendingCores: 16 }), news()), false);
  });
});
