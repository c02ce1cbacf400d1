import assert from "node:assert/strict";
import { inspect } from "node:util";
import fc from "fast-check";
import { ApiKey } from "../../provider/cloud/api-key";
import { Redactor } from "../../provider/cloud/redactor";
import { Transport } from "../../provider/cloud/transport";
import { toPlainLine, toPlainText } from "../../provider/text/plain-text";
import { FakeClock } from "../../simulation/fake-clock";

const redact = (text: string, secrets: readonly string[]) => new Redactor(secrets).redact(text);

describe("redact", () => {
  it("keeps a text without secrets", () => {
    assert.equal(redact("no such service", ["id", "hunter2"]), "no such service");
  });

  it("replaces a secret anywhere in the text", () => {
    assert.equal(redact("hunter2, (hunter2)hunter2", ["hunter2"]), "[redacted], ([redacted])[redacted]");
  });

  it("replaces every secret", () => {
    assert.equal(redact("key abc:hunter2", ["abc", "hunter2"]), "key [redacted]:[redacted]");
  });

  it("replaces a secret with special characters of regular expressions", () => {
    assert.equal(redact("a.b+c(d$& and axb", ["a.b+c(d$&"]), "[redacted] and axb");
  });

  for (const cut of ["Basic QWxhZGRpbjpvcGVuIHNlc2", "basic  QWxhZGRpbjpvcGVuIHNlc2FtZQ"]) {
    it(`replaces the value of an Authorization header, as in ${JSON.stringify(cut)}`, () => {
      assert.match(redact(`refused: ${cut}`, []), /^refused: basic \[redacted\]$/i);
    });
  }

  it("keeps sentences about such headers", () => {
    const text = "Basic authentication is refused: use Basic auth";
    assert.equal(redact(text, []), text);
  });

  it("ignores an empty secret", () => assert.equal(redact("abc", [""]), "abc"));

  it("returns a single line", () => assert.equal(redact("  a\r\n\tb\n\n c \n", []), "a b c"));

  it("replaces a secret that contains a line break", () =>
    assert.equal(redact("x a\nb y", ["a\nb"]), "x [redacted] y"));

  it("keeps 300 characters", () => assert.equal(redact("x".repeat(300), []), "x".repeat(300)));

  it("truncates after 300 characters", () =>
    assert.equal(redact("x".repeat(301), []), `${"x".repeat(300)}…`));

  it("truncates after it has replaced secrets", () => {
    assert.equal(redact(`${"x".repeat(297)}hunter2`, ["hunter2"]), `${"x".repeat(297)}[re…`);
  });

  it("never returns a secret, on several lines or in a long text", () => {
    // Without the letters of "[redacted]", which the text may hold in its place.
    const secret = fc.stringMatching(/^[0-9A-Z]{4,40}$/);
    fc.assert(
      fc.property(fc.string({ maxLength: 400 }), secret, fc.string(), (before, hidden, after) => {
        const text = redact(before + hidden + after, [hidden]);
        return !text.includes(hidden) && !/[\r\n]/.test(text) && text.length <= 301;
      }),
    );
  });

  it("does not modify the list of secrets", () => {
    assert.doesNotThrow(() => redact("b a", Object.freeze(["b", "a"])));
  });
});

describe("an API key", () => {
  const KEY = { id: "key-id", secret: "hunter2hunter2hunter2" };

  it("lists the value of the header, the secret and the id as secrets", () => {
    const key = new ApiKey(KEY, "environment", false);
    assert.deepEqual(key.listSecrets(), [btoa("key-id:hunter2hunter2hunter2"), KEY.secret, KEY.id]);
  });

  it("shows only its source if it, or what holds it, is printed or serialized", () => {
    const holder = { key: new ApiKey(KEY, "environment X", false) };
    for (const shown of [inspect(holder, { depth: null, showHidden: true }), JSON.stringify(holder)]) {
      assert.match(shown, /API key from environment X/);
      assert.ok(!shown.includes(KEY.secret) && !shown.includes(KEY.id), shown);
    }
  });

  it("does not show in a printed client", () => {
    const transport = new Transport(
      new URL("https://api.example.com/v1"),
      new ApiKey(KEY, "x", false),
      new FakeClock(),
    );
    const shown = inspect(transport, { depth: null, showHidden: true });
    assert.ok(!shown.includes("hunter2") && !shown.includes("key-id"), shown);
  });
});

describe("a response that repeats the secret", () => {
  const SECRET = "4b1dQx7Zt9LmNpR2sVwY";
  const ENCODED = btoa(`key:${SECRET}`);
  const hex = Buffer.from(SECRET).toString("hex");
  const spell = (format: (code: number) => string) =>
    Array.from(SECRET)
      .map((char) => format(char.codePointAt(0)!))
      .join("");

  for (const [spelling, text] of Object.entries({
    "as it is": SECRET,
    "percent-encoded": spell((code) => `%${code.toString(16)}`),
    "percent-encoded twice": spell((code) => `%25${code.toString(16)}`),
    "in base64": btoa(SECRET),
    "in base64 within another text": btoa(`x${SECRET}y`),
    "in base64url": btoa(`??${SECRET}`).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", ""),
    "as the header's value": `Basic ${ENCODED}`,
    "as the header's value, cut": `Basic ${ENCODED.slice(0, 20)}`,
    "in hexadecimal": hex,
    "in hexadecimal, in upper case": hex.toUpperCase(),
    "in decimal HTML entities": spell((code) => `&#${code};`),
    "in hexadecimal HTML entities": spell((code) => `&#x${code.toString(16)};`),
    "in escapes of JSON": spell((code) => `\\u${code.toString(16).padStart(4, "0")}`),
    "in escapes of JavaScript": spell((code) => `\\u{${code.toString(16).padStart(4, "0")}}`),
    "in escapes of Python": spell((code) => `\\x${code.toString(16)}`),
    "wrapped over lines": SECRET.replace(/(.{5})/g, "$1\n"),
    "with spaces": Array.from(SECRET).join(" "),
    "with zero-width characters": Array.from(SECRET).join("\u200b"),
    "in full-width characters": spell((code) => String.fromCodePoint(code + 0xfee0)),
    "without its end": SECRET.slice(0, 12),
    "without its beginning": SECRET.slice(-12),
  })) {
    it(`does not show it ${spelling}`, () => {
      const shown = redact(`invalid key ${text} for this service`, [ENCODED, SECRET]);
      assert.match(shown, /\[redacted/);
      for (const part of [text.slice(0, 12), text.slice(-12), SECRET.slice(0, 10)]) {
        assert.ok(!shown.includes(part), shown);
      }
    });
  }

  it("does not show another long token either", () => {
    assert.equal(redact("session 9f8a7c6b5d4e3f2a1b0c9d8e expired", []), "session [redacted] expired");
  });

  it("shows ids of services and paths", () => {
    const text = "no service 00000000-0000-4000-8000-000000000001 at /v1/organizations/acme/services";
    assert.equal(redact(text, [SECRET]), text);
  });
});

describe("plain text", () => {
  for (const [what, text, shown] of [
    ["escape sequences", "\u001b[2J\u001b[8mhidden\u001b[0m", "hidden"],
    ["control characters", "a\u0000b\u0007c\u009bd", "a b c d"],
    ["bidi controls", "abc\u202edcba\u202c", "abcdcba"],
    ["line separators", "a\u2028b\u2029c\r\nd", "a b c d"],
    ["zero-width characters", "pay\u200bpal\ufeff", "paypal"],
    ["private-use characters and lone surrogates", "a\ue000b\ud800c", "abc"],
  ] as const) {
    it(`has no ${what}`, () => assert.equal(toPlainLine(text), shown));
  }

  it("keeps letters of all languages and emojis", () => {
    assert.equal(toPlainLine("café 注文 🚀"), "café 注文 🚀");
  });

  it("keeps line breaks if several lines are wanted", () => {
    assert.equal(toPlainText("a\u001b[31m\r\nb\u0007"), "a\nb");
  });
});

describe("secrets that contain one another", () => {
  it("are redacted completely, in any order", () => {
    assert.equal(redact("a secretlong b", ["secret", "secretlong"]), "a [redacted] b");
  });
});
