import assert from "node:assert/strict";
import { DEFAULT_SERVICE_ID, type Emulator, createSeed, createServices, startEmulator } from "../../emulator";
import { Stack } from "../support/stack";

describe("the examples", () => {
  let emulator: Emulator;
  before(async () => {
    emulator = await startEmulator({ convergenceMs: 0, seed: createSeed(3) });
  });
  beforeEach(() => emulator.reset());
  after(() => emulator.close());

  it("adopt-existing adopts a size, changes it, and restores it", async () => {
    const config = { "adopt-existing:serviceId": DEFAULT_SERVICE_ID, "adopt-existing:cores": 2 };
    const stack = await Stack.createFromExample("adopt-existing", emulator, config);
    await stack.runSuccessfully("up");
    assert.equal(emulator.journal.count("PATCH"), 0);
    await stack.runSuccessfully("config", "set", "cores", "4");
    await stack.runSuccessfully("up");
    assert.equal(emulator.journal.count("PATCH"), 1);
    await stack.runSuccessfully("destroy");
    assert.equal(emulator.cloud.getCores(DEFAULT_SERVICE_ID), 4);
  });

  it("several-services scales each service of its list", async () => {
    const listed = createServices(3).map(({ id, name }, index) => ({
      name,
      serviceId: id,
      cores: 4 + index,
    }));
    const config = { "several-services:services": JSON.stringify(listed) };
    const stack = await Stack.createFromExample("several-services", emulator, config);
    const output = await stack.runSuccessfully("up");
    assert.match(output, /usdPerMonth: 1095/);
    assert.deepEqual(
      listed.map(({ serviceId }) => emulator.cloud.getCores(serviceId)),
      [4, 5, 6],
    );
  });
});
