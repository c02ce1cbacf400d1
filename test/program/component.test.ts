import assert from "node:assert/strict";
import { CdcCompute, CdcScaling } from "../../index";
import { getValue, runUnderMocks } from "../support/mocks";

const SERVICE_ID = "00000000-0000-4000-8000-000000000001";

describe("CdcCompute under Pulumi's mocks", () => {
  const declare = () => new CdcCompute("orders", { serviceId: SERVICE_ID, cores: 8 });

  it("has its size, units and cost, as a real one", async () => {
    const { exports } = await runUnderMocks({}, declare);
    const { cores, replicaCpuMillicores, replicaMemoryGb, computeUnits, usdPerHour, usdPerMonth } = exports;
    assert.deepEqual(
      await Promise.all(
        [cores, replicaCpuMillicores, replicaMemoryGb, computeUnits, usdPerHour, usdPerMonth].map(getValue),
      ),
      [8, 8_000, 32, 4, 0.8, 584],
    );
  });

  it("has the id of its service", async () => {
    const { exports } = await runUnderMocks({}, declare);
    assert.equal(await getValue(exports.serviceId), SERVICE_ID);
  });

  it("uses the price of the stack config", async () => {
    const { exports } = await runUnderMocks({ "clickpipes:usdPerComputeUnitHour": "0.5" }, declare);
    assert.equal(await getValue(exports.usdPerHour), 2);
  });

  it("has no values that only a real service has", async () => {
    const { exports } = await runUnderMocks({}, declare);
    assert.deepEqual(await Promise.all([exports.baselineCores, exports.pendingCores].map(getValue)), [
      undefined,
      undefined,
    ]);
  });

  it("has a phase without an initial load, so that a program can export it without a warning", async () => {
    const { exports } = await runUnderMocks({}, declare);
    assert.deepEqual(await Promise.all([exports.phase, exports.phaseReason].map(getValue)), [
      "steady",
      "the program declares no initial load",
    ]);
  });

  it("can't be imported, and says that declaring it adopts the size", async () => {
    await assert.rejects(
      runUnderMocks(
        {},
        () => new CdcScaling("orders", { serviceId: SERVICE_ID, cores: 8 }, { import: SERVICE_ID }),
      ),
      /orders can't be imported.*Remove the option `import`: `pulumi up` adopts/,
    );
  });

  it("passes customTimeouts on to its resource", async () => {
    const { registered } = await runUnderMocks(
      {},
      () =>
        new CdcCompute("orders", { serviceId: SERVICE_ID, cores: 8 }, { customTimeouts: { update: "40m" } }),
    );
    const scaling = registered.find(({ type }) => type.endsWith("CdcScaling"));
    assert.deepEqual(scaling?.inputs.__timeouts, { update: "40m" });
  });

  it("is distinguished from other resources", async () => {
    const { exports } = await runUnderMocks(
      {},
      () => new CdcScaling("orders", { serviceId: SERVICE_ID, cores: 8 }),
    );
    assert.equal(CdcScaling.isInstance(exports), true);
    assert.equal(CdcScaling.isInstance({}), false);
  });
});
