import assert from "node:assert/strict";
import { readPreview, UnreadablePreviewError } from "../../cli/report/preview";
import { preview, printed, sized, step } from "../support/preview-json";

describe("what a report reads", () => {
  for (const [what, text, said] of [
    ["nothing", "", /nothing came from stdin.*says why on stderr/],
    ["white space", " \r\n", /nothing came from stdin/],
    ["what is no JSON", "error: no stack named 'x' found", /neither the JSON of `pulumi preview --json`/],
    ["a document that was cut", printed("update.json").slice(0, 900), /nor all of it/],
    ["another document", '{"version":3,"deployment":{}}', /not a preview .*duration/],
    ["a list", "[]", /not a preview/],
    ["a number", "42", /not a preview/],
    ["a preview with a damaged step", '{"duration":1,"steps":[{"op":"same"}]}', /steps\.0\.urn/],
    ["events that were cut within a line", printed("replace.ndjson").slice(0, -60), /not line \d+ as/],
    [
      "events without their summary",
      printed("replace.ndjson").split("\n").slice(0, 5).join("\n"),
      /end before/,
    ],
  ] as const) {
    it(`refuses ${what}, and says so`, () => {
      assert.throws(
        () => readPreview(text),
        (error) => error instanceof UnreadablePreviewError && said.test(error.message),
      );
    });
  }

  it("is a document or events, with any line ends and a byte order mark", () => {
    const events = printed("replace.ndjson");
    const steps = readPreview(events).steps.map(({ op }) => op);
    assert.ok(steps.includes("create-replacement"));
    assert.deepEqual(readPreview(`\uFEFF${events.replaceAll("\n", "\r\n")}\r\n`), readPreview(events));
  });

  it("leaves out what is for debugging or passes by", () => {
    const said = (severity: string, ephemeral = false) =>
      JSON.stringify({ sequence: 1, diagnosticEvent: { message: severity, severity, ephemeral } });
    const end = JSON.stringify({ sequence: 2, summaryEvent: { resourceChanges: {} } });
    const events = [said("debug"), said("info", true), said("warning"), end].join("\n");
    assert.deepEqual(
      readPreview(events).messages.map(({ message }) => message),
      ["warning"],
    );
  });

  it("takes policies that are broken as messages: errors where they are mandatory", () => {
    const broken = (enforcementLevel: string) =>
      JSON.stringify({
        sequence: 1,
        policyEvent: {
          resourceUrn: "urn",
          message: "too large",
          policyName: "largest-size",
          enforcementLevel,
        },
      });
    const end = JSON.stringify({ sequence: 2, summaryEvent: { result: "failed" } });
    const { messages, hasFailed } = readPreview([broken("mandatory"), broken("advisory"), end].join("\n"));
    assert.deepEqual(
      messages.map(({ severity, message }) => `${severity} ${message}`),
      ["error largest-size: too large", "warning largest-size: too large"],
    );
    assert.equal(hasFailed, true);
  });

  it("has failed where its summary says so, whatever else it says", () => {
    const failed = JSON.stringify({ sequence: 1, summaryEvent: { result: "failed" } });
    assert.equal(readPreview(failed).hasFailed, true);
    assert.equal(readPreview(failed.replace("failed", "succeeded")).hasFailed, false);
  });

  it("counts what does not change and is not shown", () => {
    const shown = step("same", { old: sized(2), new: sized(2) });
    assert.equal(readPreview(preview([shown], [], 4)).leftOut, 3);
    assert.equal(readPreview(preview([shown], [], 1)).leftOut, 0);
  });

  it("may lack what Pulumi leaves out where it is empty", () => {
    assert.deepEqual(readPreview('{"duration":1,"steps":null}'), {
      steps: [],
      messages: [],
      leftOut: 0,
      hasFailed: false,
    });
  });
});
