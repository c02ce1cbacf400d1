import assert from "node:assert/strict";
import { createSeed, DEFAULT_SERVICE_ID } from "../../emulator";
import type { DynamicState } from "../../provider/dynamic/provider";
import { createSimulation } from "../../simulation/simulation";
import { URN } from "../../simulation/simulated-stack";

const ID = DEFAULT_SERVICE_ID;

/** A service whose size a resource has changed. `damage` replaces properties of the state. */
async function createScaled(fromCores: number, toCores: number, damage: object = {}) {
  const world = createSimulation({ convergenceMs: 0, seed: createSeed(1, fromCores) });
  const { inputs } = await world.provider.check({}, { serviceId: ID, cores: toCores, __urn: URN });
  const { outs } = await world.clock.run(world.provider.create(inputs!));
  world.journal.clear();
  const state = { ...outs, ...damage } as unknown as DynamicState;
  const destroy = () => world.clock.run(world.startRun().delete(ID, state));
  return { ...world, destroy };
}

describe("a destroy", () => {
  it("scales down to the size from before", async () => {
    const { destroy, cloud } = await createScaled(2, 8);
    await destroy();
    assert.equal(cloud.getCores(ID), 2);
  });

  it("keeps the size if the one from before was larger, and says so", async () => {
    const { destroy, cloud, journal, engine } = await createScaled(8, 2);
    await destroy();
    assert.equal(cloud.getCores(ID), 2);
    assert.equal(journal.count("PATCH"), 0);
    assert.ok(
      engine.rows.some(({ message }) => /keeps 2 cores: a destroy never scales up.* 8 cores/.test(message)),
    );
  });

  it("never scales up, whatever the state says about the current size", async () => {
    const { destroy, cloud } = await createScaled(2, 4, {
      baselineCores: 24,
      currentCores: 24,
      replicaCpuMillicores: 24_000,
      replicaMemoryGb: 96,
    });
    await destroy();
    assert.equal(cloud.getCores(ID), 4);
  });

  it("never scales up to a declared coresAfterDestroy", async () => {
    const { destroy, cloud } = await createScaled(2, 4, { coresAfterDestroy: 16 });
    await destroy();
    assert.equal(cloud.getCores(ID), 4);
  });

  it("asks for a whole size if the service shows a fraction while a change is pending", async () => {
    const pending = { pendingCores: 8, __pending: [{ cores: 8, since: "2026-01-01T00:00:00.000Z" }] };
    const { destroy, cloud, journal } = await createScaled(2, 8, pending);
    cloud.setCores(ID, 0.5);
    await destroy();
    assert.deepEqual(
      journal.filter("PATCH").map(({ status }) => status),
      [200],
    );
    assert.equal(cloud.getCores(ID), 1);
  });

  it("leaves a fraction as it is", async () => {
    const { destroy, cloud, journal } = await createScaled(2, 8);
    cloud.setCores(ID, 0.5);
    await destroy();
    assert.deepEqual([journal.count("PATCH"), cloud.getCores(ID)], [0, 0.5]);
  });

  it("reads the size once before the change", async () => {
    const { destroy, journal } = await createScaled(2, 8);
    await destroy();
    const change = journal.entries.findIndex(({ method }) => method === "PATCH");
    const before = journal.entries.slice(0, change).map(({ path }) => path.split("/").at(-1));
    assert.deepEqual(before, ["clickpipes", "clickpipesCdcScaling"]);
  });
});
