import assert from "node:assert/strict";
import { type AssessmentOptions, assessPreview } from "../../cli/report/assess-preview";
import { parsePreview } from "../../cli/report/preview";
import { toReportJson } from "../../cli/report/report-json";
import {
  createMessage,
  createPreview,
  createProperties,
  createStep,
  readFixture,
  SERVICE,
} from "../support/preview-json";

const NOW = new Date("2026-11-25T12:30:00Z");

function createJson(text: string, options: Partial<AssessmentOptions> = {}) {
  const preview = parsePreview(text);
  return toReportJson(preview, assessPreview(preview, { now: NOW, ...options }));
}

describe("report as JSON", () => {
  it("has sizes, costs, the total and the verdict of a change", () => {
    const json = createJson(readFixture("update.json"), { maxUsdPerMonth: 900 });
    const { services, ...rest } = json;
    assert.deepEqual(rest, {
      stack: { project: "shop", name: "dev" },
      hasFailed: false,
      errors: [],
      usdPerHour: 1.3,
      usdPerMonth: 949,
      isMinimum: false,
      differenceUsdPerMonth: 73,
      maximumUsdPerMonth: 949,
      omittedCount: 0,
      check: {
        isWithinLimit: false,
        reason: "$949.00/month after this change is above --max-usd-per-month ($900.00)",
      },
    });
    assert.deepEqual(
      services.find(({ action }) => action === "update"),
      {
        name: "orders",
        serviceId: SERVICE,
        action: "update",
        before: { cores: 4, memoryGb: 16, computeUnits: 2, usdPerHour: 0.4, usdPerMonth: 292 },
        after: { cores: 5, memoryGb: 20, computeUnits: 2.5, usdPerHour: 0.5, usdPerMonth: 365 },
        differenceUsdPerMonth: 73,
        initialLoad: null,
        notes: ["cost increases by $73.00/month"],
      },
    );
    assert.equal(services.length, 2, "unchanged services are listed, too");
  });

  it("has null for a size and a difference that are not known", () => {
    const secret = Object.fromEntries(Object.keys(createProperties(1)).map((name) => [name, "[secret]"]));
    const json = createJson(createPreview([createStep("create", { new: secret })]));
    const [service] = json.services;
    assert.deepEqual([service?.before, service?.after, service?.differenceUsdPerMonth], [null, null, null]);
    assert.deepEqual([json.isMinimum, json.check], [true, null]);
  });

  it("counts a burst that may start in the maximum, and says until when", () => {
    const endBy = "2026-12-01T00:00:00Z";
    const properties = createProperties(2, { cores: 2, phase: "unknown", initialLoad: { cores: 24, endBy } });
    const json = createJson(createPreview([createStep("update", { old: properties, new: properties })]));
    assert.deepEqual([json.usdPerMonth, json.maximumUsdPerMonth], [146, 1_752]);
    assert.deepEqual(json.services[0]?.initialLoad, { phase: "unknown", endBy });
  });

  it("has the errors of a preview that failed, without Markdown and control characters", () => {
    const failed = createMessage("error", "error: *no* key\u001b[31m\u009b5m", "");
    const json = createJson(createPreview([createStep("create", { new: createProperties(8) })], [failed]));
    assert.deepEqual([json.hasFailed, json.errors], [true, ["*no* key"]]);
    assert.equal(json.differenceUsdPerMonth, null);
  });
});
