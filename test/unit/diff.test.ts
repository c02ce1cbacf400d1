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

function createState(changed: Partial<State> = {}): State {
  return readState({ ...NEWS, organizationId: "organization", __organizationFrom: "the key", ...changed });
}

function createNews(changed: Partial<CheckedInputs> = {}): CheckedInputs {
  return { ...NEWS, ...changed };
}

describe("listReplaceKeys", () => {
  it("returns nothing if nothing changed", () =>
    assert.deepEqual(listReplaceKeys(createState(), createNews()), []));

  it("returns serviceId for another service", () =>
    assert.deepEqual(listReplaceKeys(createState(), createNews({ serviceId: "other" })), ["serviceId"]));

  it("returns organizationId for another organization", () => {
    assert.deepEqual(listReplaceKeys(createState(), createNews({ organizationId: "other" })), [
      "organizationId",
    ]);
  });

  it("returns both for another service in another organization", () => {
    const both = createNews({ serviceId: "other", organizationId: "other" });
    assert.deepEqual(listReplaceKeys(createState(), both), ["serviceId", "organizationId"]);
  });

  it("returns nothing if the same organization is declared for the first time", () => {
    assert.deepEqual(listReplaceKeys(createState(), createNews({ organizationId: "organization" })), []);
  });

  it("returns nothing if the organization is not declared any more", () => {
    assert.deepEqual(listReplaceKeys(createState({ __organizationFrom: "argument" }), createNews()), []);
  });

  it("returns nothing for another size", () =>
    assert.deepEqual(listReplaceKeys(createState(), createNews({ cores: 4 })), []));
});

describe("haveInputsChanged", () => {
  it("is false if nothing changed", () =>
    assert.equal(haveInputsChanged(createState(), createNews()), false));

  for (const changed of [
    { cores: 4 },
    { maxCores: 32 },
    { maxUsdPerHour: 2 },
    { coresAfterDestroy: 1 },
    { wakeService: true },
  ]) {
    it(`is true for ${JSON.stringify(changed)}`, () =>
      assert.equal(haveInputsChanged(createState(), createNews(changed)), true));
  }

  for (const setting of ["maxCores", "maxUsdPerHour", "coresAfterDestroy", "wakeService"] as const) {
    it(`is true if ${setting} is not declared any more`, () => {
      const { [setting]: gone, ...others } = NEWS;
      assert.equal(haveInputsChanged(createState(), others), true);
    });
  }

  it("is true if the organization is declared for the first time", () => {
    assert.equal(haveInputsChanged(createState(), createNews({ organizationId: "organization" })), true);
  });

  it("is true if the organization is not declared any more", () => {
    assert.equal(haveInputsChanged(createState({ __organizationFrom: "argument" }), createNews()), true);
  });

  it("is false if the organization is declared as before", () => {
    const named = createNews({ organizationId: "organization" });
    assert.equal(haveInputsChanged(createState({ __organizationFrom: "argument" }), named), false);
  });

  it("is false for a new price", () => {
    assert.equal(
      haveInputsChanged(createState(), createNews({ usdPerHour: 9, usdPerMonth: 9 * 730 })),
      false,
    );
  });
});

describe("hasDrifted", () => {
  it("is false at the declared size", () => assert.equal(hasDrifted(createState(), createNews()), false));

  it("is true at another size", () =>
    assert.equal(hasDrifted(createState({ replicaCpuMillicores: 4_000 }), createNews()), true));

  it("is true if only the memory differs", () =>
    assert.equal(hasDrifted(createState({ replicaMemoryGb: 64 }), createNews()), true));

  it("is true if a change to another size is pending", () => {
    assert.equal(hasDrifted(createState({ pendingCores: 16 }), createNews()), true);
  });

  it("is false if a change to the declared size is pending", () => {
    assert.equal(hasDrifted(createState({ pendingCores: 8 }), createNews()), false);
  });

  it("is true at the old size, whatever is pending", () => {
    assert.equal(hasDrifted(createState({ pendingCores: 16 }), createNews({ currentCores: 16 })), true);
  });
});

describe("isSettingsOnly", () => {
  it("is true at the declared size", () => assert.equal(isSettingsOnly(createState(), createNews()), true));

  it("is true if only settings changed", () => {
    assert.equal(isSettingsOnly(createState(), createNews({ wakeService: true, maxCores: 32 })), true);
  });

  it("is false at another size", () =>
    assert.equal(isSettingsOnly(createState(), createNews({ currentCores: 4 })), false));

  it("is false if a change to the declared size is pending", () => {
    assert.equal(isSettingsOnly(createState({ pendingCores: 8 }), createNews()), false);
  });

  it("is false if a change to another size is pending", () => {
    assert.equal(isSettingsOnly(createState({ pendingCores: 16 }), createNews()), false);
  });
});
