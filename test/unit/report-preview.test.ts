import assert from "node:assert/strict";
import { decodeText } from "../../cli/report/json-text";
import { parsePreview } from "../../cli/report/preview";
import { UnreadablePreviewError } from "../../cli/report/unreadable-preview-error";
import { createPreview, createProperties, createStep, readFixture } from "../support/preview-json";

describe("decodeText", () => {
  const text = '{"name":"Ünïcode"}';

  it("decodes UTF-8", () => assert.equal(decodeText(Buffer.from(text)), text));

  it("decodes UTF-16 with a byte order mark, as Windows PowerShell writes it", () => {
    const littleEndian = Buffer.from(`\uFEFF${text}`, "utf16le");
    const bigEndian = Buffer.from(littleEndian).swap16();
    assert.equal(decodeText(littleEndian), text);
    assert.equal(decodeText(bigEndian), text);
  });
});

describe("parsePreview", () => {
  const createEvent = (sequence: number) =>
    JSON.stringify({ sequence, summaryEvent: { resourceChanges: {} } });

  for (const [input, text, expected] of [
    ["empty input", "", /stdin is empty.*reason to stderr/],
    ["white space", " \r\n", /stdin is empty/],
    ["text that is not JSON", "error: no stack named 'x' found", /stdin is not valid JSON/],
    ["a truncated document", readFixture("update.json").slice(0, 900), /Expected the complete output/],
    [
      "another document",
      '{"version":3,"deployment":{}}',
      /not the output of `pulumi preview --json`: duration/,
    ],
    ["a list", "[]", /not the output of `pulumi preview --json`/],
    ["a number", "42", /not the output of `pulumi preview --json`/],
    ["a preview with an invalid step", '{"duration":1,"steps":[{"op":"same"}]}', /steps\.0\.urn/],
    [
      "a stream of events",
      `${createEvent(0)}\n${createEvent(1)}\n`,
      /stream of events, which is not supported/,
    ],
    [
      "a stream of events with Windows line endings",
      `${createEvent(0)}\r\n${createEvent(1)}`,
      /stream of events, which is not supported/,
    ],
    [
      "the summary of `--output json`",
      '{"result":"succeeded","duration":2345678901,"summary":{"create":2},"resources":[]}',
      /the summary of `pulumi preview --output json`/,
    ],
    [
      "the summary of a failed `--output json`",
      '{"result":"failed","duration":2345678901,"summary":{"create":1}}',
      /Run `pulumi preview --json --show-sames`/,
    ],
    [
      "invalid JSON after text of another tool",
      "npm warn config production\n{\n  broken\n}\n",
      /The first line that is not JSON is "npm warn config production"/,
    ],
    ["a single event", createEvent(0), /not the output of `pulumi preview --json`/],
  ] as const) {
    it(`rejects ${input} with a clear error`, () => {
      assert.throws(
        () => parsePreview(text),
        (error) => error instanceof UnreadablePreviewError && expected.test(error.message),
      );
    });
  }

  it("accepts Windows line endings and a byte order mark", () => {
    const text = readFixture("replace.json");
    assert.deepEqual(parsePreview(`\uFEFF${text.replaceAll("\n", "\r\n")}\r\n`), parsePreview(text));
  });

  it("ignores lines that other tools print before and after the preview", () => {
    const text = readFixture("replace.json");
    const wrapped = `> shop@1.0.0 preview\n> pulumi preview --json\n\n${text}\nDone in 3.2s.\n`;
    assert.deepEqual(parsePreview(wrapped), parsePreview(text));
  });

  it("counts the unchanged resources that the preview omits", () => {
    const included = createStep("same", { old: createProperties(2), new: createProperties(2) });
    assert.equal(parsePreview(createPreview([included], [], 4)).omittedCount, 3);
    assert.equal(parsePreview(createPreview([included], [], 1)).omittedCount, 0);
  });

  it("accepts a preview without the fields that Pulumi omits if they are empty", () => {
    assert.deepEqual(parsePreview('{"duration":1,"steps":null}'), {
      steps: [],
      messages: [],
      omittedCount: 0,
      hasFailed: false,
    });
  });
});
