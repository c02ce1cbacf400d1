import assert from "node:assert/strict";
import { SCALING } from "../../examples/review/policy-pack/rules";
import { PolicyProcess } from "../support/policy-process";
import { OTHER_SERVICE, sized } from "../support/preview-json";

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Its own process, asked as Pulumi's engine does; with `pulumi --policy-pack` only where the CLI can. */
describe("the policy pack of the example review, in a process of its own", () => {
  let pack: PolicyProcess;

  const scaling = (properties: object) => ({ type: SCALING, properties: { ...properties } });

  before(async () => (pack = await PolicyProcess.start()));
  beforeEach(() => pack.configure({}));
  after(() => pack.stop());

  it("has nothing against a small size", async () => {
    assert.deepEqual(await pack.analyze(scaling(sized(16))), []);
  });

  it("refuses a size that is too large, and an initial load without an end", async () => {
    const burst = sized(2, { steadyCores: 2, initialLoad: { cores: 24 } });
    assert.deepEqual(await pack.analyze(scaling(burst)), [
      {
        policy: "largest-size",
        message: "24 cores are more than the 16 that are allowed",
        isMandatory: true,
      },
      {
        policy: "burst-ends",
        message: "an initial load without `endBy` keeps its size for as long as a pipe is stuck: set `endBy`",
        isMandatory: true,
      },
    ]);
  });

  it("looks at no other resource", async () => {
    assert.deepEqual(await pack.analyze({ type: "aws:s3/bucket:Bucket", properties: { cores: 64 } }), []);
  });

  it("adds up what all services cost, and nothing else", async () => {
    const other = { type: "clickpipes:index:CdcCompute", properties: { usdPerMonth: 5_000 } };
    const services = [scaling(sized(16)), scaling(sized(16, { serviceId: OTHER_SERVICE })), other];
    const [violation] = await pack.analyzeStack(services);
    assert.match(
      violation?.message ?? "",
      /^\$2336\.00 a month for all services is more than the \$2000\.00/,
    );
    assert.deepEqual(await pack.analyzeStack(services.slice(1)), []);
  });

  it("takes its limits from its configuration", async () => {
    await pack.configure({ "largest-size": { maxCores: 2 }, "monthly-cost": { maxUsdPerMonth: 100 } });
    assert.match((await pack.analyze(scaling(sized(3))))[0]?.message ?? "", /more than the 2/);
    assert.match(
      (await pack.analyzeStack([scaling(sized(2))]))[0]?.message ?? "",
      /\$146\.00 .* the \$100\.00/,
    );
  });

  it("refuses nothing for a value that a preview does not know", async () => {
    const violations = await pack.analyze(scaling(sized(2, { cores: UNKNOWN })));
    assert.ok(violations.every(({ isMandatory }) => !isMandatory));
  });
});
