import assert from "node:assert/strict";
import { join } from "node:path";
import { createSeed, DEFAULT_SERVICE_ID, type Emulator, startEmulator } from "../../emulator";
import { createProgram, declareCompute } from "../support/program";
import { Stack } from "../support/stack";

const QUIET = ["rarelyNeeded", "endByFarAhead", "initialLoadParallelism"];
const INITIAL_LOAD = { cores: 24, endBy: "2099-12-01T00:00:00Z" };
const ORDERS = declareCompute("orders", { cores: 2, initialLoad: INITIAL_LOAD, suppressAdvice: QUIET });

const [PIPE] = createSeed(1).organizations[0]!.services[0]!.clickPipes!;

async function startLoading(): Promise<Emulator> {
  const emulator = await startEmulator({ convergenceMs: 0, rateLimit: "none" });
  emulator.cloud.setPipeState(DEFAULT_SERVICE_ID, PIPE!.id, "Snapshot");
  return emulator;
}

describe("ignoreChanges of a stack transformation", () => {
  let emulator: Emulator;

  before(async () => (emulator = await startLoading()));
  after(() => emulator.close());

  const declareTransformation = (ignoreChanges: readonly string[]) =>
    `pulumi.runtime.registerStackTransformation(({ props, opts }) =>
      ({ props, opts: pulumi.mergeOptions(opts, { ignoreChanges: ${JSON.stringify(ignoreChanges)} }) }));`;

  it("for cores begins and ends the burst, and keeps the steady size", async () => {
    const stack = await Stack.create(emulator, createProgram(declareTransformation(["cores"]), ORDERS));
    await stack.runSuccessfully("up");
    assert.equal(emulator.cloud.getCores(DEFAULT_SERVICE_ID), 24);
    emulator.cloud.setPipeState(DEFAULT_SERVICE_ID, PIPE!.id, "Running");
    await stack.runSuccessfully("up");
    assert.equal(emulator.cloud.getCores(DEFAULT_SERVICE_ID), 2);
    const { outputs } = (await stack.findScaling()) ?? assert.fail();
    assert.deepEqual([outputs.cores, outputs.currentCores, outputs.phase], [2, 2, "steady"]);
  });

  it("for everything keeps the burst, and warns of its cost", async () => {
    emulator.cloud.setPipeState(DEFAULT_SERVICE_ID, PIPE!.id, "Snapshot");
    const stack = await Stack.create(emulator, createProgram(declareTransformation(["*"]), ORDERS));
    await stack.runSuccessfully("up");
    emulator.cloud.setPipeState(DEFAULT_SERVICE_ID, PIPE!.id, "Running");
    const output = await stack.runSuccessfully("up");
    assert.match(output, /ignoreChanges keeps 24 cores, at \$1,752\.00 a month/);
    assert.equal(emulator.cloud.getCores(DEFAULT_SERVICE_ID), 24);
  });
});

describe("an update with a saved plan", () => {
  it("begins the burst that its preview showed, some seconds later", async () => {
    const emulator = await startLoading();
    try {
      const stack = await Stack.create(emulator, createProgram(ORDERS));
      stack.variables.PULUMI_EXPERIMENTAL = "true";
      const plan = join(stack.folder, "plan.json");
      await stack.runSuccessfully("preview", "--save-plan", plan);
      await new Promise((resolve) => setTimeout(resolve, 1_100)); // to another second of the clock
      await stack.runSuccessfully("up", "--plan", plan);
      assert.equal(emulator.cloud.getCores(DEFAULT_SERVICE_ID), 24);
    } finally {
      await emulator.close();
    }
  });
});

describe("customTimeouts of a stack transformation", () => {
  let emulator: Emulator;

  before(async () => (emulator = await startEmulator({ convergenceMs: 60_000, rateLimit: "none" })));
  after(() => emulator.close());

  it("bound create and update, although the resource's constructor doesn't see them", async () => {
    const statement = `pulumi.runtime.registerStackTransformation(({ props, opts }) =>
      ({ props, opts: pulumi.mergeOptions(opts, { customTimeouts: { create: "4s", update: "5s" } }) }));`;
    const stack = await Stack.create(
      emulator,
      createProgram(statement, declareCompute("orders", { cores: 8 })),
    );
    assert.match(await stack.runFailing("up"), /Timed out after \ds of 4s/);
    assert.match(await stack.runFailing("up"), /Timed out after \ds of 5s/);
  });
});

describe("a stack transformation that adds a property to every resource", () => {
  let emulator: Emulator;

  before(async () => (emulator = await startEmulator({ convergenceMs: 0, rateLimit: "none" })));
  after(() => emulator.close());

  const statement = `pulumi.runtime.registerStackTransformation(({ props, opts }) =>
    ({ props: { ...props, tags: { ...props.tags, team: "data" } }, opts }));`;

  it("is ignored with a warning, once", async () => {
    const stack = await Stack.create(
      emulator,
      createProgram(statement, declareCompute("orders", { cores: 8 })),
    );
    assert.match(await stack.runSuccessfully("up"), /warning: ignores tags, which a transformation added/);
    assert.doesNotMatch(await stack.runSuccessfully("preview", "--expect-no-changes"), /warning/);
  });

  it("does not hide an unknown argument of the program", async () => {
    const misspelled = declareCompute("orders", { cores: 8, initalLoad: { cores: 24 } });
    const stack = await Stack.create(emulator, createProgram(statement, misspelled));
    assert.match(
      await stack.runFailing("preview"),
      /initalLoad .*unknown argument; did you mean "initialLoad"\?/,
    );
  });
});
