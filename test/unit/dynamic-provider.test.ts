import assert from "node:assert/strict";
import { DEFAULT_SERVICE_ID } from "../../emulator";
import type { DynamicInputs } from "../../provider/dynamic/provider";
import { InitializationError } from "../../provider/errors";
import { createSimulation } from "../../simulation/simulation";

const URN = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/clickpipes:CdcScaling::orders";
const HIDDEN = { __urn: URN, __timeouts: { delete: "5m" }, __provider: "code" };
const INPUTS: DynamicInputs = { serviceId: DEFAULT_SERVICE_ID, cores: 8, ...HIDDEN };

/** A resource that was created with these inputs. */
async function create(inputs: DynamicInputs = INPUTS) {
  const { clock, provider } = createSimulation({ convergenceMs: 0 });
  const { inputs: checked = assert.fail() } = await provider.check({}, inputs);
  const { outs: state = assert.fail() } = await clock.run(
    provider.create({ ...checked, __provider: "code" }),
  );
  const diff = async (news: DynamicInputs) => {
    const { inputs: newChecked = assert.fail() } = await provider.check(checked, news);
    return provider.diff(DEFAULT_SERVICE_ID, state, newChecked);
  };
  return { clock, provider, checked, state, diff };
}

describe("the dynamic provider", () => {
  it("keeps the URN, the timeouts and the provider's code in the state", async () => {
    const { state } = await create();
    const { __urn, __timeouts, __provider } = state;
    assert.deepEqual({ __urn, __timeouts, __provider }, HIDDEN);
  });

  it("keeps them if the resource was created but failed to initialize", async () => {
    const { clock, provider } = createSimulation({ convergenceMs: 3_600_000 });
    const inputs = { ...INPUTS, __timeouts: { create: "1m" } };
    const { inputs: checked = assert.fail() } = await provider.check({}, inputs);
    const failed = clock.run(provider.create({ ...checked, __provider: "code" }));
    const error: unknown = await failed.catch((reason: unknown) => reason);
    assert.ok(error instanceof InitializationError, String(error));
    const { __urn, __timeouts, __provider } = error.properties;
    assert.deepEqual({ __urn, __timeouts, __provider }, { ...HIDDEN, __timeouts: { create: "1m" } });
  });

  it("returns the inputs of a refresh with them", async () => {
    const { clock, provider, state } = await create();
    const { inputs } = await clock.run(provider.read(DEFAULT_SERVICE_ID, state));
    assert.deepEqual([inputs?.__urn, inputs?.__provider], [URN, "code"]);
  });

  it("omits the module of the provider from the result of check", async () => {
    const { checked } = await create();
    assert.equal("__provider" in checked, false);
  });

  it("finds no diff in the same inputs", async () => {
    const { diff } = await create();
    assert.deepEqual(await diff(INPUTS), { changes: false });
  });

  it("finds a diff in another delete timeout, because delete gets nothing but the state", async () => {
    const { diff } = await create();
    const { changes } = await diff({ ...INPUTS, __timeouts: { delete: "10m" } });
    assert.equal(changes, undefined);
  });

  it("finds no diff in other create and update timeouts", async () => {
    const { diff } = await create();
    const __timeouts = { create: "9m", update: "9m", delete: "5m" };
    assert.deepEqual(await diff({ ...INPUTS, __timeouts }), { changes: false });
  });
});
