import assert from "node:assert/strict";
import { parsePreview, UnreadablePreviewError } from "../../cli/report/preview";
import { preview, printed, sized, step } from "../support/preview-json";

describe("what a report reads", () => {
  const event = (sequence: number) => JSON.stringify({ sequence, summaryEvent: { resourceChanges: {} } });

  for (const [what, text, said] of [
    ["nothing", "", /stdin is empty.*reason to stderr/],
    ["white space", " \r\n", /stdin is empty/],
    ["what is no JSON", "error: no stack named 'x' found", /stdin is not valid JSON/],
    ["a document that was cut", printed("update.json").slice(0, 900), /Expected the complete output/],
    [
      "another document",
      '{"version":3,"deployment":{}}',
      /not the output of `pulumi preview --json`: duration/,
    ],
    ["a list", "[]", /not the output of `pulumi preview --json`/],
    ["a number", "42", /not the output of `pulumi preview --json`/],
    ["a preview with a damaged step", '{"duration":1,"steps":[{"op":"same"}]}', /steps\.0\.urn/],
    ["a stream of events", `${event(0)}\n${event(1)}\n`, /stream of events, which is not supported/],
    [
      "a stream with other line ends",
      `${event(0)}\r\n${event(1)}`,
      /stream of events, which is not supported/,
    ],
    ["a single event", event(0), /not the output of `pulumi preview --json`/],
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
