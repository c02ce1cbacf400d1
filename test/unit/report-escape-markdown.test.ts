import assert from "node:assert/strict";
import fc from "fast-check";
import { escapeMarkdown } from "../../cli/report/escape-markdown";
import { assessPreview } from "../../cli/report/assess-preview";
import * as report from "../../cli/report/render-report";
import { parsePreview } from "../../cli/report/preview";
import {
  createMessage,
  createPreview,
  createProperties,
  createStep,
  createUrn,
} from "../support/preview-json";

describe("escapeMarkdown", () => {
  for (const [kind, text, expected] of [
    ["the column separator of a table", "a | b", "a &#124; b"],
    ["HTML", "<img src=x>&lt;", "&lt;img src=x&gt;&amp;lt;"],
    ["the end of an HTML comment", "-->", "--&gt;"],
    ["code", "`x` ```", "&#96;x&#96; &#96;&#96;&#96;"],
    ["line breaks", "a\r\n\n# b\t c\u2028d", "a # b c d"],
    ["a mention", "@team a@b.example", "@&#8203;team a@&#8203;b.example"],
    ["a reference", "fixes #12, GH-3, o/r#4", "fixes #&#8203;12, GH-&#8203;3, o/r#&#8203;4"],
    ["a link", "[x](https://evil.example)", "\\[x\\](https:&#8203;//evil.example)"],
    ["a link without a scheme", "www.evil.example", "www&#8203;.evil.example"],
    ["emphasis", "**a** _b_ ~c~", "\\*\\*a\\*\\* \\_b\\_ \\~c\\~"],
    ["an escape", "\\| \\`", "\\\\&#124; \\\\&#96;"],
    ["a formula but not a price", "$x$ costs $1.20", "\\$x\\$ costs $1.20"],
    ["terminal colors", "\u001b[31mred\u001b[39m", "red"],
    ["control characters and direction overrides", "a\u202Eb\u0000c", "ab c"],
  ] as const) {
    it(`escapes ${kind}`, () => assert.equal(escapeMarkdown(text), expected));
  }

  it("keeps links to the documentation", () => {
    const link = "https://clickhouse.com/docs/integrations/clickpipes/postgres/scaling_x#a";
    assert.equal(escapeMarkdown(`see ${link}.`), `see ${link}.`);
    assert.equal(
      escapeMarkdown("https://clickhouse.com.evil.example/docs/"),
      "https:&#8203;//clickhouse.com.evil.example/docs/",
    );
  });

  it("truncates long text, but never inside a character", () => {
    assert.equal(escapeMarkdown("🐘".repeat(5), 3), "🐘🐘🐘…");
    assert.equal(escapeMarkdown("&".repeat(3), 2), "&amp;&amp;…");
  });

  it("lets no text add a line, a column, HTML or a mention to a report", () => {
    const renderMarkdown = (name: string, said: string, endBy: string) => {
      const properties = createProperties(8, {
        initialLoad: { cores: 8, endBy },
        phaseReason: said,
        phase: "overdue",
      });
      const steps = [createStep("create", { name: `x${name}`, new: properties })];
      const messages = [
        createMessage("error", said, createUrn(`x${name}`)),
        createMessage("error", said, ""),
      ];
      const preview = parsePreview(createPreview(steps, messages));
      return report.renderMarkdown(preview, assessPreview(preview, { now: new Date(0) }));
    };
    const getShape = (markdown: string) =>
      markdown.split("\n").map((line) => (line.startsWith("| ") ? line.split("|").length : line.slice(0, 3)));
    const expected = getShape(renderMarkdown("a", "b", "c"));
    const hostile = fc.string({
      unit: fc.constantFrom(...Array.from("|`<>@#\n\r\\[]()!*_-x1 \u001b\u2028$&;:/")),
      maxLength: 40,
    });
    fc.assert(
      fc.property(hostile, hostile, hostile, (name, said, endBy) => {
        const markdown = renderMarkdown(name, `y${said}`, endBy);
        assert.deepEqual(getShape(markdown), expected);
        const [, ...rest] = markdown.split("\n");
        assert.doesNotMatch(rest.join("\n"), /<|`|@(?!&#8203;)|#\d(?!\d*;)/);
      }),
      { numRuns: 500 },
    );
  });
});
