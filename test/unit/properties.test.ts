import { type DynamicCheckedInputs, type DynamicInputs } from "../../provider/dynamic/provider";
import assert from "node:assert/strict";
import fc from "fast-check";
import { DEFAULT_ORGANIZATION_ID, DEFAULT_SERVICE_ID, createSeed } from "../../emulator";
import { ARGUMENT_NAMES } from "../../provider/state/argument-names";
import { UNKNOWN } from "../../provider/state/unknown";
import { toCores, toSize } from "../../sizing";
import { createSimulation } from "../../simulation/simulation";

const URN = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/clickpipes:CdcScaling::orders";

const DERIVED = ["replicaCpuMillicores", "replicaMemoryGb", "computeUnits", "usdPerHour", "usdPerMonth"];

/** Arguments that a program may give, in any combination. */
const legalInputs: fc.Arbitrary<DynamicInputs> = fc.constantFrom(undefined, 24, 28, 32).chain((maxCores) => {
  const cores = fc.integer({ min: 1, max: maxCores ?? 24 });
  return fc.record(
    {
      serviceId: fc.constantFrom(DEFAULT_SERVICE_ID, DEFAULT_SERVICE_ID.toUpperCase()),
      organizationId: fc.constant(DEFAULT_ORGANIZATION_ID),
      cores,
      coresAfterDestroy: cores,
      maxUsdPerHour: fc.double({ min: 3.2, max: 100, noNaN: true }),
      wakeService: fc.boolean(),
      __timeouts: fc.constantFrom({ create: "40m" }, { update: "1h", delete: "90s" }),
      __urn: fc.constant(URN),
      ...(maxCores === undefined ? {} : { maxCores: fc.constant(maxCores) }),
    },
    {
      requiredKeys: ["serviceId", "cores", "__urn", ...(maxCores === undefined ? [] : ["maxCores" as const])],
    },
  );
});

/** Whatever JSON can hold, under names that matter and others. */
const anyInputs = fc.dictionary(
  fc.oneof(
    fc.constantFrom(
      ...ARGUMENT_NAMES,
      ...DERIVED,
      "__timeouts",
      "__urn",
      "__provider",
      "__proto__",
      "constructor",
    ),
    fc.string(),
  ),
  fc.oneof(fc.jsonValue(), fc.double(), fc.constant(UNKNOWN)),
);

/** What the engine keeps of what it was given: JSON. */
function copyAsJson<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value)) as Value;
}

/** With read-call.test.ts more than ten thousand runs in total. */
describe("for any input,", () => {
  it("a size converts to the API's form and back without a change, and so do cores", () => {
    const cores = fc
      .double({ min: 0.001, max: 1_000, noNaN: true })
      .map((asked) => Math.round(asked * 1_000) / 1_000);
    fc.assert(
      fc.property(cores, (asked) => assert.equal(toCores(copyAsJson(toSize(asked))), asked)),
      { numRuns: 2_000 },
    );
  });

  it("check never throws, and returns inputs or failures with a path and a reason", async () => {
    const { provider } = createSimulation();
    await fc.assert(
      fc.asyncProperty(anyInputs, anyInputs, async (olds, news) => {
        const { inputs, failures = [] } = await provider.check(olds, news as unknown as DynamicInputs);
        assert.equal(inputs === undefined, failures.length > 0);
        for (const { property, reason } of failures) assert.ok(typeof property === "string" && reason !== "");
      }),
      { numRuns: 3_000 },
    );
  });

  it("an unknown value is accepted in every place, and stays unknown", async () => {
    const known = fc.tuple(legalInputs, fc.subarray([...ARGUMENT_NAMES]));
    await fc.assert(
      fc.asyncProperty(known, async ([inputs, names]) => {
        const unknown = Object.fromEntries(names.map((name) => [name, UNKNOWN]));
        const { provider } = createSimulation();
        const checked = await provider.check({}, { ...inputs, ...unknown });
        assert.deepEqual(checked.failures ?? [], []);
        const shown = new Map<string, unknown>(Object.entries(checked.inputs ?? {}));
        const expected = [...names, ...(names.includes("cores") ? DERIVED : [])];
        assert.deepEqual(
          expected.filter((name) => shown.get(name) !== UNKNOWN),
          [],
        );
      }),
      { numRuns: 2_000 },
    );
  });

  it("the same program has no diff after a create, and a refresh agrees with the create", async () => {
    const size = fc.integer({ min: 1, max: 24 });
    await fc.assert(
      fc.asyncProperty(legalInputs, size, fc.boolean(), async (news, found, hasPrice) => {
        const config: Record<string, string> = hasPrice ? { "clickpipes:usdPerComputeUnitHour": "0.1" } : {};
        const world = createSimulation({
          seed: createSeed(1, found),
          convergenceMs: 0,
          guesses: { maxCores: 32 },
          config,
        });
        const { inputs } = await world.provider.check({}, news);
        const { id, outs } = await world.clock.run(world.provider.create(inputs!));
        const state = copyAsJson(outs!);
        // The next command has a lower price, so that maxUsdPerHour still allows it. A new price alone must not be a diff.
        config["clickpipes:usdPerComputeUnitHour"] = "0.05";
        const next = world.startRun();
        const again = await next.check(copyAsJson(inputs!), news);
        assert.deepEqual(omitCost(again.inputs!), omitCost(inputs!));
        assert.equal((await next.diff(id, state, again.inputs!)).changes, false);
        const read = await world.clock.run(next.read(id, state));
        assert.deepEqual(omitCost(copyAsJson(read.props!)), omitCost(state));
        assert.deepEqual(omitCost(read.inputs!), omitCost(copyAsJson<DynamicCheckedInputs>(inputs!)));
      }),
      { numRuns: 1_000 },
    );
  });

  it("an unknown value is a change in every place, and a replacement for an id", async () => {
    const { provider, clock } = createSimulation({ convergenceMs: 0 });
    const { inputs: first } = await provider.check(
      {},
      { serviceId: DEFAULT_SERVICE_ID, cores: 8, __urn: URN },
    );
    const { outs: state } = await clock.run(provider.create(first!));
    const known = fc.tuple(legalInputs, fc.subarray([...ARGUMENT_NAMES], { minLength: 1 }));
    await fc.assert(
      fc.asyncProperty(known, async ([news, names]) => {
        const unknown = Object.fromEntries(names.map((name) => [name, UNKNOWN]));
        const { inputs } = await clock.run(provider.check(copyAsJson(first!), { ...news, ...unknown }));
        const { changes, replaces = [] } = await provider.diff(DEFAULT_SERVICE_ID, state!, inputs!);
        assert.notEqual(changes, false);
        const ids = names.filter((name) => name === "serviceId" || name === "organizationId");
        assert.deepEqual([...replaces].sort(), ids.sort());
      }),
      { numRuns: 1_000 },
    );
  });
});

function omitCost({
  usdPerHour,
  usdPerMonth,
  ...others
}: object & { usdPerHour?: unknown; usdPerMonth?: unknown }) {
  return others;
}
