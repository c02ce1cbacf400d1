import assert from "node:assert/strict";
import { SCALING_TYPE } from "../../examples/review/policy-pack/rules";
import limits from "../../examples/review/policy-pack/limits.json";
import { PolicyProcess } from "../support/policy-process";
import { createProperties, OTHER_SERVICE, readFixture } from "../support/preview-json";

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const OTHER_TYPE = "pulumi-nodejs:dynamic/acme:Sizing";

/** Wraps a value as the engine does for a secret. */
const createSecret = (value: unknown) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  value,
});

/** The code that the package puts into each of its resources, from a preview of the real CLI. */
function readProviderCode(): string {
  const [, code = ""] = /"__provider": ("(?:[^"\\]|\\.)*")/.exec(readFixture("update.json")) ?? [];
  return JSON.parse(code) as string;
}

/** Calls the pack as Pulumi's engine does, because the language host of some CLIs can't run policy packs. */
describe("policy pack of the review example", () => {
  let pack: PolicyProcess;

  const scaling = (properties: object, type = SCALING_TYPE) => ({ type, properties: { ...properties } });
  const listMandatory = async (properties: object, type = SCALING_TYPE) =>
    (await pack.analyze(scaling(properties, type)))
      .filter(({ isMandatory }) => isMandatory)
      .map(({ policy, message }) => `${policy}: ${message}`);

  before(async () => (pack = await PolicyProcess.start()));
  beforeEach(() => pack.configure({}));
  after(() => pack.stop());

  it("allows a small size", async () => {
    assert.deepEqual(await pack.analyze(scaling(createProperties(16))), []);
  });

  it("rejects a burst size above the limit and an initial load without endBy", async () => {
    const burst = createProperties(2, { initialLoad: { cores: 24 } });
    assert.deepEqual(await pack.analyze(scaling(burst)), [
      {
        policy: "largest-size",
        message: "orders may use 24 cores. The limit is 16.",
        isMandatory: true,
      },
      {
        policy: "burst-ends",
        message: "initialLoad of orders has no endBy. A stuck pipe would keep the burst size forever.",
        isMandatory: true,
      },
    ]);
  });

  it("ignores resources of other types", async () => {
    assert.deepEqual(await pack.analyze({ type: "aws:s3/bucket:Bucket", properties: { cores: 64 } }), []);
    await pack.remediate({ type: OTHER_TYPE, properties: { __provider: "exports.handler = () => ({})" } });
  });

  it("sums the cost of all services and of no other resources", async () => {
    const other = { type: "clickpipes:index:CdcCompute", properties: { usdPerMonth: 5_000 } };
    const services = [
      scaling(createProperties(16)),
      scaling(createProperties(16, { serviceId: OTHER_SERVICE })),
      other,
    ];
    const [violation] = await pack.analyzeStack(services);
    assert.equal(violation?.message, "All services may cost $2336.00 a month. The limit is $2000.00.");
    assert.equal(violation.isMandatory, true);
    assert.deepEqual(await pack.analyzeStack(services.slice(1)), []);
  });

  it("reads the limits and the price from the configuration", async () => {
    await pack.configure({
      "largest-size": { maxCores: 2 },
      "monthly-cost": { maxUsdPerMonth: 100, usdPerComputeUnitHour: 0.1 },
    });
    assert.match((await pack.analyze(scaling(createProperties(3))))[0]?.message ?? "", /The limit is 2\.$/);
    assert.match(
      (await pack.analyzeStack([scaling(createProperties(4))]))[0]?.message ?? "",
      /\$146\.00 a month\. The limit is \$100\.00\.$/,
    );
    assert.deepEqual(await pack.analyzeStack([scaling(createProperties(2))]), []);
  });

  it("accepts the example's file of limits", async () => {
    await pack.configure(limits);
    assert.deepEqual(await pack.analyze(scaling(createProperties(16))), []);
    assert.deepEqual(await pack.analyzeStack([scaling(createProperties(16))]), []);
  });

  describe("against a program that wants to pass", () => {
    for (const usdPerMonth of [0.01, -5_000]) {
      it(`does not believe usdPerMonth ${usdPerMonth}`, async () => {
        await pack.configure({ "monthly-cost": { maxUsdPerMonth: 1_000 } });
        const [violation] = await pack.analyzeStack([scaling(createProperties(16, { usdPerMonth }))]);
        assert.match(violation?.message ?? "", /^All services may cost \$1168\.00 /);
      });
    }

    for (const [what, cores, description] of [
      ["text", "2", "text"],
      ["unknown", UNKNOWN, "unknown until the update"],
      ["a secret that is unknown", createSecret(UNKNOWN), "unknown until the update"],
      ["a secret text", createSecret("2"), "text"],
      ["negative", -8, "-8"],
      ["not a number", NaN, "NaN"],
      ["infinite", -Infinity, "-Infinity"],
    ] as const) {
      for (const property of ["cores", "currentCores"]) {
        it(`rejects ${property} that is ${what}, as a violation and not as advice`, async () => {
          const properties = createProperties(2, { [property]: cores });
          const message = `The size of orders can't be checked: ${property} is ${description}.`;
          assert.deepEqual(await listMandatory(properties), [`largest-size: ${message}`]);
          const [violation] = await pack.analyzeStack([scaling(properties)]);
          assert.deepEqual(violation, { policy: "monthly-cost", message, isMandatory: true });
        });
      }
    }

    it("sees through a secret size, a secret burst and a secret burst size", async () => {
      const endBy = new Date(Date.now() + 86_400_000).toISOString();
      for (const properties of [
        createProperties(2, { currentCores: createSecret(24) }),
        createProperties(2, { initialLoad: createSecret({ cores: 24, endBy }) }),
        createProperties(2, { initialLoad: { cores: createSecret(24), endBy: createSecret(endBy) } }),
      ]) {
        assert.deepEqual(await listMandatory(properties), [
          "largest-size: orders may use 24 cores. The limit is 16.",
        ]);
      }
    });

    it("rejects an initial load that is unknown, and one whose end is", async () => {
      assert.deepEqual(await listMandatory(createProperties(2, { initialLoad: UNKNOWN })), [
        "largest-size: The size of orders can't be checked: initialLoad.cores is unknown until the update.",
        "burst-ends: initialLoad of orders must end within 30 days. Its endBy is unknown until the update.",
      ]);
      assert.deepEqual(
        await listMandatory(createProperties(2, { initialLoad: { cores: 24, endBy: UNKNOWN } })),
        [
          "largest-size: orders may use 24 cores. The limit is 16.",
          "burst-ends: initialLoad of orders must end within 30 days. Its endBy is unknown until the update.",
        ],
      );
    });

    it("counts the burst in the cost, while a small size is in force", async () => {
      const endBy = new Date(Date.now() + 86_400_000).toISOString();
      const burst = createProperties(2, { phase: "steady", initialLoad: { cores: 32, endBy } });
      const [violation] = await pack.analyzeStack([scaling(burst)]);
      assert.match(violation?.message ?? "", /^All services may cost \$2336\.00 /);
    });

    it("stops an update in which our provider has another type, also as a secret", async () => {
      const code = readProviderCode();
      for (const __provider of [code, createSecret(code)]) {
        await assert.rejects(
          pack.remediate({ type: OTHER_TYPE, properties: { cores: 24, __provider } }),
          /orders uses the provider of pulumi-clickpipes under another type, pulumi-nodejs:dynamic\/acme:Sizing\./,
        );
      }
      await pack.remediate({ type: SCALING_TYPE, properties: { cores: 24, __provider: code } });
    });

    it("knows our provider under another type by what it computes", async () => {
      assert.deepEqual(await listMandatory(createProperties(24), OTHER_TYPE), [
        "largest-size: orders may use 24 cores. The limit is 16.",
      ]);
      const services = [1, 2].map(() => scaling(createProperties(16), OTHER_TYPE));
      assert.match(
        (await pack.analyzeStack(services))[0]?.message ?? "",
        /^All services may cost \$2336\.00 /,
      );
    });
  });

  it("advises of a stack with a price of its own", async () => {
    const [advice, ...others] = await pack.analyze(scaling(createProperties(16, { usdPerHour: 0.01 })));
    assert.equal(advice?.policy, "stack-price");
    assert.equal(advice.isMandatory, false);
    assert.match(
      advice.message,
      /^The stack shows \$0\.01 an hour for orders\. The policies count \$1\.60: /,
    );
    assert.deepEqual(others, []);
    await pack.configure({ "stack-price": { usdPerComputeUnitHour: 0.1 } });
    assert.deepEqual(await pack.analyze(scaling(createProperties(16, { usdPerHour: 0.8 }))), []);
  });
});
