import assert from "node:assert/strict";
import { DEFAULT_SERVICE_ID, type Emulator, createSeed, createServices, startEmulator } from "../../emulator";
import { createOrdersProgram, createProgram, declareCompute } from "../support/program";
import { Stack } from "../support/stack";

const SECOND_SERVICE_ID = createServices(2)[1]?.id ?? assert.fail();

describe("a resource that changes its identity but not its service", () => {
  let emulator: Emulator;
  let stack: Stack;

  before(async () => {
    emulator = await startEmulator({ convergenceMs: 1_000, seed: createSeed(2) });
    stack = await Stack.create(emulator, createOrdersProgram(8));
    await stack.runSuccessfully("up");
  });
  beforeEach(() => emulator.journal.clear());
  after(() => emulator.close());

  const assertUntouched = () => {
    assert.equal(emulator.cloud.getCores(DEFAULT_SERVICE_ID), 8);
    assert.equal(emulator.journal.count("PATCH"), 0);
  };

  it("keeps size and baseline under an alias", async () => {
    const alias = `{ aliases: [{ name: "orders" }] }`;
    stack.write(createProgram(declareCompute("sales", { cores: 8 }, alias)));
    assert.match(await stack.runSuccessfully("up"), /unchanged/);
    assertUntouched();
    assert.equal((await stack.findScaling("sales"))?.outputs.baselineCores, 2);
  });

  it("keeps size and baseline when it is moved into another component", async () => {
    stack.write(
      createProgram(
        'const team = new pulumi.ComponentResource("acme:Team", "team");',
        declareCompute(
          "sales",
          { cores: 8 },
          "{ parent: team, aliases: [{ parent: pulumi.rootStackResource }] }",
        ),
      ),
    );
    await stack.runSuccessfully("up");
    assertUntouched();
    assert.equal((await stack.findScaling("sales"))?.outputs.baselineCores, 2);
  });

  it("keeps size and baseline when it is replaced", async () => {
    const { urn } = (await stack.findScaling("sales")) ?? assert.fail("no resource");
    const output = await stack.runSuccessfully("up", "--replace", urn);
    assert.match(output, /replaced/);
    assertUntouched();
    assert.equal((await stack.findScaling("sales"))?.outputs.baselineCores, 2);
  });

  it("restores the size of the old service and scales the new one if the service id changes", async () => {
    stack.write(createProgram(declareCompute("sales", { serviceId: SECOND_SERVICE_ID, cores: 8 })));
    await stack.runSuccessfully("up");
    assert.equal(emulator.cloud.getCores(DEFAULT_SERVICE_ID), 2);
    assert.equal(emulator.cloud.getCores(SECOND_SERVICE_ID), 8);
  });

  it("keeps the size when it is renamed without an alias", async () => {
    stack.write(createProgram(declareCompute("orders", { serviceId: SECOND_SERVICE_ID, cores: 8 })));
    const output = await stack.runSuccessfully("up");
    assert.match(output, /another resource of this program declares service/);
    assert.equal(emulator.cloud.getCores(SECOND_SERVICE_ID), 8);
    assert.equal(emulator.journal.count("PATCH"), 0);
    assert.equal(await stack.findScaling("sales"), undefined);
  });
});
