import assert from "node:assert/strict";
import fc from "fast-check";
import { FakeClock } from "../../simulation/fake-clock";
import { redact } from "../../provider/cloud/redact";
import { Transport } from "../../provider/cloud/transport";

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

describe("the secrets of a transport", () => {
  it("are the secret itself, in JSON and in a URL, and the value of the header", () => {
    const key = { id: "id", secret: 'hunter "2"', source: "environment", isFromConfig: false };
    const { secrets } = new Transport(new URL("https://api.example.com"), key, new FakeClock());
    assert.deepEqual(
      [...new Set(secrets)],
      [btoa('id:hunter "2"'), 'hunter "2"', 'hunter \\"2\\"', "hunter%20%222%22"],
    );
  });
});

describe("secrets that contain one another", () => {
  it("are redacted completely, in any order", () => {
    assert.equal(redact("a secretlong b", ["secret", "secretlong"]), "a [redacted] b");
  });
});
