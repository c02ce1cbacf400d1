import assert from "node:assert/strict";
import { type Emulator, createSeed, createServices, startEmulator } from "../../emulator";
import { createProgram, declareCompute } from "../support/program";
import { Stack } from "../support/stack";

const [RETAINED, WITH, PROTECTED, IGNORED, TARGET] = createServices(5).map(({ id }) => id);

describe("Pulumi's own options", () => {
  let emulator: Emulator;
  let stack: Stack;

  const createOptionsProgram = (cores: number, protect: boolean) =>
    createProgram(
      `const group = new pulumi.ComponentResource("acme:Group", "group");`,
      declareCompute("retained", { serviceId: RETAINED, cores }, "{ retainOnDelete: true }"),
      `const target = ${declareCompute("target", { serviceId: TARGET, cores })}`,
      declareCompute("with", { serviceId: WITH, cores }, "{ deletedWith: target }"),
      declareCompute("protected", { serviceId: PROTECTED, cores }, `{ protect: ${protect} }`),
      declareCompute("ignored", { serviceId: IGNORED, cores }, `{ ignoreChanges: ["cores"] }`),
    );
  const getCores = (id: string | undefined) => emulator.cloud.getCores(id ?? assert.fail());

  before(async () => {
    emulator = await startEmulator({ convergenceMs: 0, seed: createSeed(5), rateLimit: "none" });
    stack = await Stack.create(emulator, createOptionsProgram(2, true)); // found, not changed: a read for each
    await stack.runSuccessfully("up", "--parallel", "10");
    stack.write(createOptionsProgram(6, true));
  });
  beforeEach(() => emulator.journal.clear());
  after(() => emulator.close());

  it("--target changes only that resource", async () => {
    const { urn } = (await stack.findScaling("target")) ?? assert.fail();
    await stack.runSuccessfully("up", "--target", urn);
    assert.deepEqual([getCores(TARGET), getCores(WITH)], [6, 2]);
  });

  it("ignoreChanges keeps the size of the resource", async () => {
    await stack.runSuccessfully("up", "--parallel", "10");
    assert.deepEqual([getCores(WITH), getCores(IGNORED)], [6, 2]);
  });

  it("ignoreChanges leaves a preview without a diff", async () => {
    assert.match(await stack.runSuccessfully("preview"), /unchanged/);
  });

  it("protect rejects a destroy and keeps the size", async () => {
    await stack.runFailing("destroy");
    assert.equal(getCores(PROTECTED), 6);
  });

  it("retainOnDelete keeps the size", async () => {
    stack.write(createOptionsProgram(6, false));
    await stack.runSuccessfully("up", "--parallel", "10");
    await stack.runSuccessfully("destroy");
    assert.equal(getCores(RETAINED), 6);
  });

  it("deletedWith keeps the size of the resource", () => assert.equal(getCores(WITH), 6));

  it("without deletedWith, the others return to the size from before", () => {
    assert.deepEqual([getCores(TARGET), getCores(PROTECTED)], [2, 2]);
  });
});

describe("replaceOnChanges", () => {
  it("replaces the resource without changing the size in between", async () => {
    const emulator = await startEmulator({ convergenceMs: 0, rateLimit: "none" });
    try {
      const options = `{ replaceOnChanges: ["cores"] }`;
      const stack = await Stack.create(
        emulator,
        createProgram(declareCompute("orders", { cores: 4 }, options)),
      );
      await stack.runSuccessfully("up");
      stack.write(createProgram(declareCompute("orders", { cores: 6 }, options)));
      assert.match(await stack.runSuccessfully("up"), /replaced/);
      const patched = emulator.journal.filter("PATCH").map(({ body }) => body as { replicaMemoryGb: number });
      assert.deepEqual(
        patched.map(({ replicaMemoryGb }) => replicaMemoryGb / 4),
        [4, 6],
      );
      assert.equal((await stack.findScaling())?.outputs.baselineCores, 2);
    } finally {
      await emulator.close();
    }
  });
});
