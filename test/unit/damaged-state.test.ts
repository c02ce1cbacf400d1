import { type DynamicCheckedInputs, type DynamicState } from "../../provider/dynamic/provider";
import assert from "node:assert/strict";
import { DEFAULT_ORGANIZATION_ID, DEFAULT_SERVICE_ID } from "../../emulator";
import { SettingsError } from "../../provider/errors";
import { createSimulation } from "../../simulation/simulation";
import { captureError, URN } from "../../simulation/simulated-stack";

const ID = DEFAULT_SERVICE_ID;

/** A resource at 8 cores, 2 before, whose state somebody has damaged since. */
async function createDamagedResource(damage: object) {
  const world = createSimulation({ convergenceMs: 0 });
  const { inputs } = await world.provider.check({}, { serviceId: ID, cores: 8, __urn: URN });
  const { outs } = await world.clock.run(world.provider.create(inputs!));
  const state = { ...outs, ...damage } as unknown as DynamicState;
  return { ...world, provider: world.startRun(), inputs: inputs!, state };
}

const LOST = [undefined, null, "eight", {}] as const;

for (const lost of LOST) {
  describe(`a state whose currentCores are ${JSON.stringify(lost)}`, () => {
    it("is repaired by a refresh", async () => {
      const { provider, clock, state } = await createDamagedResource({ currentCores: lost });
      const { props } = await clock.run(provider.read(ID, state));
      assert.deepEqual([props?.cores, props?.baselineCores], [8, 2]);
    });

    it("is destroyed with the size from before", async () => {
      const { provider, clock, cloud, state } = await createDamagedResource({ currentCores: lost });
      await clock.run(provider.delete(ID, state));
      assert.equal(cloud.getCores(ID), 2);
    });

    it("fails a diff and an update with the missing property and the remedy", async () => {
      const { provider, inputs, state, journal } = await createDamagedResource({ currentCores: lost });
      journal.clear();
      for (const work of [() => provider.diff(ID, state, inputs), () => provider.update(ID, state, inputs)]) {
        const error = await captureError(work());
        assert.ok(error instanceof SettingsError, String(error));
        assert.match(
          error.message,
          /the state of orders failed: the property currentCores is missing.*`pulumi refresh`/,
        );
      }
      assert.equal(journal.count(), 0);
    });
  });

  describe(`a state whose serviceId is ${JSON.stringify(lost)}`, () => {
    const damage = { serviceId: typeof lost === "string" ? 5 : lost };

    it("uses the id of the resource in a refresh", async () => {
      const { provider, clock, state } = await createDamagedResource(damage);
      assert.equal((await clock.run(provider.read(ID, state))).props?.serviceId, ID);
    });

    it("uses the id of the resource in a destroy", async () => {
      const { provider, clock, cloud, state } = await createDamagedResource(damage);
      await clock.run(provider.delete(ID, state));
      assert.equal(cloud.getCores(ID), 2);
    });

    it("uses the id of the resource in an up, without a replacement", async () => {
      const { provider, state, inputs } = await createDamagedResource(damage);
      assert.deepEqual(await provider.diff(ID, state, inputs), { changes: false });
      const more = { ...inputs, maxUsdPerHour: 4 } as DynamicCheckedInputs;
      assert.equal((await provider.update(ID, state, more)).outs?.serviceId, ID);
    });
  });

  describe(`a state whose organizationId is ${JSON.stringify(lost)}`, () => {
    const damage = { organizationId: typeof lost === "string" ? 5 : lost };

    it("fails each command with the missing property and the remedy, and sends nothing", async () => {
      const { provider, state, inputs, journal } = await createDamagedResource(damage);
      journal.clear();
      for (const work of [
        () => provider.read(ID, state),
        () => provider.delete(ID, state),
        () => provider.diff(ID, state, inputs),
        () => provider.update(ID, state, inputs),
      ]) {
        const error = await captureError(work());
        assert.ok(error instanceof SettingsError, String(error));
        assert.match(
          error.message,
          /orders failed: the property organizationId is missing.*`pulumi state edit`.*`pulumi state delete`/,
        );
      }
      assert.equal(journal.count(), 0);
    });
  });
}

describe("a state without its currentCores", () => {
  it("is kept by a refresh that fails because the service is idle", async () => {
    const { provider, clock, cloud, state } = await createDamagedResource({ currentCores: undefined });
    cloud.setServiceState(ID, "idle");
    assert.match((await captureError(clock.run(provider.read(ID, state)))).message, /Current state: idle/);
  });

  it("is destroyed with a warning if the size from before is missing too", async () => {
    const { provider, clock, engine, state } = await createDamagedResource({
      currentCores: undefined,
      baselineCores: undefined,
    });
    await clock.run(provider.delete(ID, state));
    assert.match(engine.rows.at(-1)?.message ?? "", /keeps its size and its cost/);
  });

  it("passes the size from before on to a replacement", async () => {
    const { provider, clock, state, inputs } = await createDamagedResource({ currentCores: undefined });
    await provider.check({}, { serviceId: ID, cores: 8, __urn: `${URN}-2` });
    await clock.run(provider.delete(ID, state));
    const { outs } = await clock.run(provider.create({ ...inputs, organizationId: DEFAULT_ORGANIZATION_ID }));
    assert.equal(outs?.baselineCores, 2);
  });
});
