import assert from "node:assert/strict";
import { SCALING_TYPE } from "../../examples/review/policy-pack/rules";
import { PolicyProcess } from "../support/policy-process";
import { createProperties, OTHER_SERVICE } from "../support/preview-json";

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Calls the pack as Pulumi's engine does, because the language host of some CLIs can't run policy packs. */
describe("policy pack of the review example", () => {
  let pack: PolicyProcess;

  const scaling = (properties: object) => ({ type: SCALING_TYPE, properties: { ...properties } });

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
        message: "24 cores is above the allowed maximum of 16",
        isMandatory: true,
      },
      {
        policy: "burst-ends",
        message: "initialLoad.endBy is not set: a stuck pipe would keep the burst size indefinitely",
        isMandatory: true,
      },
    ]);
  });

  it("ignores resources of other types", async () => {
    assert.deepEqual(await pack.analyze({ type: "aws:s3/bucket:Bucket", properties: { cores: 64 } }), []);
  });

  it("sums the cost of all services and of no other resources", async () => {
    const other = { type: "clickpipes:index:CdcCompute", properties: { usdPerMonth: 5_000 } };
    const services = [
      scaling(createProperties(16)),
      scaling(createProperties(16, { serviceId: OTHER_SERVICE })),
      other,
    ];
    const [violation] = await pack.analyzeStack(services);
    assert.match(
      violation?.message ?? "",
      /^\$2336\.00\/month for all services is above the allowed maximum of \$2000\.00/,
    );
    assert.deepEqual(await pack.analyzeStack(services.slice(1)), []);
  });

  it("reads the limits from the configuration", async () => {
    await pack.configure({ "largest-size": { maxCores: 2 }, "monthly-cost": { maxUsdPerMonth: 100 } });
    assert.match((await pack.analyze(scaling(createProperties(3))))[0]?.message ?? "", /maximum of 2$/);
    assert.match(
      (await pack.analyzeStack([scaling(createProperties(2))]))[0]?.message ?? "",
      /\$146\.00.* of \$100\.00$/,
    );
  });

  it("rejects nothing if a value is unknown in a preview", async () => {
    const violations = await pack.analyze(
      scaling(createProperties(2, { cores: UNKNOWN, currentCores: UNKNOWN })),
    );
    assert.ok(violations.every(({ isMandatory }) => !isMandatory));
  });
});
