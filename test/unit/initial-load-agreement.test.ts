import assert from "node:assert/strict";
import { type Agreement, assertAgreed, DeviationError } from "../../cli/initial-load/agreement";
import { hasUnknownSize, parsePlannedStep, type PlannedStep } from "../../cli/initial-load/planned-step";
import { UNKNOWN } from "../../provider/state/unknown";

const URN =
  "urn:pulumi:dev::shop::clickpipes:index:CdcCompute$pulumi-nodejs:dynamic/clickpipes:CdcScaling::orders";
const INPUTS = { serviceId: "a", cores: 2, initialLoad: { cores: 4, endBy: "2026-12-01T00:00:00Z" } };

const createStep = (operation: string, inputs: object = {}, urn = URN): PlannedStep => ({
  urn,
  operation,
  isOwn: true,
  inputs: { ...INPUTS, currentCores: 4, ...inputs },
});
const settings = { usdPerComputeUnitHour: undefined, apiUrl: "https://api.clickhouse.cloud/v1" };
const confirmed: Agreement = { steps: [createStep("create")], settings };

function findDeviation(
  step: PlannedStep,
  changed: Partial<typeof settings> | { usdPerComputeUnitHour: number } = {},
) {
  try {
    assertAgreed(confirmed, { steps: [step], settings: { ...settings, ...changed } });
  } catch (error) {
    assert.ok(error instanceof DeviationError, String(error));
    return error.message;
  }
  return undefined;
}

describe("what was confirmed for an initial load", () => {
  it("allows an update to the steady size", () => {
    assert.equal(findDeviation(createStep("update", { currentCores: 2 })), undefined);
  });

  it("allows an update to the burst", () => assert.equal(findDeviation(createStep("update")), undefined));

  it("allows unchanged resources that nobody confirmed", () => {
    assert.equal(findDeviation(createStep("same", {}, `${URN}-2`)), undefined);
  });

  for (const [what, changed, message] of [
    ["another steady size", { cores: 20, currentCores: 2 }, /orders has cores 20 instead of 2/],
    ["another burst", { initialLoad: { cores: 20 } }, /orders has initialLoad \{"cores":20\} instead of/],
    ["no initial load", { initialLoad: undefined }, /orders has initialLoad none instead of/],
    ["another service", { serviceId: "b" }, /orders has serviceId "b" instead of "a"/],
    ["a larger size in force", { currentCores: 20 }, /orders would get 20 cores, more than the 4 confirmed/],
    ["an unknown size in force", { currentCores: UNKNOWN }, /orders would get .* cores, more than/],
  ] as const) {
    it(`does not allow ${what}`, () =>
      assert.match(findDeviation(createStep("update", changed)) ?? "", message));
  }

  for (const operation of ["create", "delete", "replace", "create-replacement", "import"]) {
    it(`does not allow the operation ${operation}`, () => {
      assert.match(
        findDeviation(createStep(operation)) ?? "",
        new RegExp(`orders would be changed by ${operation}`),
      );
    });
  }

  it("does not allow a change of another resource", () => {
    const other = createStep("update", {}, URN.replace("orders", "users"));
    assert.match(findDeviation(other) ?? "", /users was not confirmed \(update\)/);
  });

  it("does not allow another price", () => {
    const message = findDeviation(createStep("update"), { usdPerComputeUnitHour: 0.02 });
    assert.match(message ?? "", /the price of the stack has changed/);
  });

  it("does not allow another address of the API", () => {
    const message = findDeviation(createStep("update"), { apiUrl: "https://attacker.example/v1" });
    assert.match(
      message ?? "",
      /the address of the API has changed\. Run `pulumi-clickpipes initial-load` again/,
    );
  });
});

describe("a planned step", () => {
  const parse = (type: string, urn = URN) =>
    parsePlannedStep({
      sequence: 1,
      timestamp: 1,
      resourcePreEvent: {
        metadata: { op: "create", urn, type, provider: "", new: { type, urn, inputs: INPUTS } as never },
        planning: true,
      },
    });

  it("belongs to this package because of its type, not because of its name", () => {
    const urn = "urn:pulumi:dev::shop::aws:s3/bucket:Bucket::bucket-clickpipes:CdcScaling::logs";
    assert.equal(parse("aws:s3/bucket:Bucket", urn)?.isOwn, false);
    assert.equal(parse("pulumi-nodejs:dynamic/clickpipes:CdcScaling")?.isOwn, true);
  });

  it("is none for the stack itself", () => assert.equal(parse("pulumi:pulumi:Stack"), undefined));

  for (const inputs of [{ cores: UNKNOWN }, { serviceId: UNKNOWN }, { initialLoad: { cores: UNKNOWN } }]) {
    it(`can't be confirmed with ${JSON.stringify(inputs).replace(UNKNOWN, "(unknown)")}`, () => {
      assert.equal(hasUnknownSize(createStep("create", inputs)), true);
    });
  }

  it("can be confirmed if its service and sizes are known", () => {
    assert.equal(hasUnknownSize(createStep("create")), false);
  });
});
