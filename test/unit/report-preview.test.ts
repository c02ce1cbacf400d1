import assert from "node:assert/strict";
import { parsePreview, UnreadablePreviewError } from "../../cli/report/preview";
import { preview, printed, sized, step } from "../support/preview-json";

describe("what a report reads", () => {
  const event = (sequence: number) => JSON.stringify({ sequence, summaryEvent: { resourceChanges: {} } });

  for (const [what, text, said] of [
    ["nothing", "", /nothing came from stdin.*says why on stderr/],
    ["white space", " \r\n", /nothing came from stdin/],
    ["what is no JSON", "error: no stack named 'x' found", /neither the JSON of `pulumi preview --json`/],
    ["a document that was cut", printed("update.json").slice(0, 900), /nor all of it/],
    ["another document", '{"version":3,"deployment":{}}', /not a preview .*duration/],
    ["a list", "[]", /not a preview/],
    ["a number", "42", /not a preview/],
    ["a preview with a damaged step", '{"duration":1,"steps":[{"op":"same"}]}', /steps\.0\.urn/],
    ["a stream of events", `${event(0)}\n${event(1)}\n`, /stream of events is not supported/],
    ["a stream with other line ends", `${event(0)}\r\n${event(1)}`, /stream of events is not supported/],
    ["a single event", event(0), /not a preview/],
  ] as const) {
    it(`refuses ${what}, and says so`, () => {
      assert.throws(
        () => parsePreview(text),
        (error) => error instanceof UnreadablePreviewError && said.test(error.message),
      );
    });
  }

  it("reads a document with any line ends and a byte order mark", () => {
    const text = printed("replace.json");
    assert.deepEqual(parsePreview(`\uFEFF${text.replaceAll("\n", "\r\n")}\r\n`), parsePreview(text));
  });

  it("counts what does not change and is not shown", () => {
    const shown = step("same", { old: sized(2), new: sized(2) });
    assert.equal(parsePreview(preview([shown], [], 4)).omittedCount, 3);
    assert.equal(parsePreview(preview([shown], [], 1)).omittedCount, 0);
  });

  it("may lack what Pulumi leaves out where it is empty", () => {
    assert.deepEqual(parsePreview('{"duration":1,"steps":null}'), {
      steps: [],
      messages: [],
      omittedCount: 0,
      hasFailed: false,
    });
  });
});
