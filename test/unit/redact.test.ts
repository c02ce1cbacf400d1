import assert from "node:assert/strict";
import fc from "fast-check";
import { FakeClock } from "../../simulation/fake-clock";
import { redact } from "../../provider/cloud/redact";
import { Transport } from "../../provider/cloud/transport";

describe("a foreign text", () => {
  it("stays as it is where there is nothing to hide", () => {
    assert.equal(redact("no such service", ["id", "hunter2"]), "no such service");
  });

  it("loses a secret wherever it stands", () => {
    assert.equal(redact("hunter2, (hunter2)hunter2", ["hunter2"]), "[redacted], ([redacted])[redacted]");
  });

  it("loses every secret", () => {
    assert.equal(redact("key abc:hunter2", ["abc", "hunter2"]), "key [redacted]:[redacted]");
  });

  it("loses a secret that a regular expression would misread", () => {
    assert.equal(redact("a.b+c(d$& and axb", ["a.b+c(d$&"]), "[redacted] and axb");
  });

  for (const cut of ["Basic QWxhZGRpbjpvcGVuIHNlc2", "basic  QWxhZGRpbjpvcGVuIHNlc2FtZQ"]) {
    it(`loses what it repeats of a header, as in ${JSON.stringify(cut)}`, () => {
      assert.match(redact(`refused: ${cut}`, []), /^refused: basic \[redacted\]$/i);
    });
  }

  it("may speak of such headers", () => {
    const text = "Basic authentication is refused: use Basic auth";
    assert.equal(redact(text, []), text);
  });

  it("is not torn apart by an empty secret", () => assert.equal(redact("abc", [""]), "abc"));

  it("becomes one line", () => assert.equal(redact("  a\r\n\tb\n\n c \n", []), "a b c"));

  it("loses a secret with a line break in it", () =>
    assert.equal(redact("x a\nb y", ["a\nb"]), "x [redacted] y"));

  it("of 300 characters stays whole", () => assert.equal(redact("x".repeat(300), []), "x".repeat(300)));

  it("of more is cut", () => assert.equal(redact("x".repeat(301), []), `${"x".repeat(300)}…`));

  it("is cut only after its secrets are gone", () => {
    assert.equal(redact(`${"x".repeat(297)}hunter2`, ["hunter2"]), `${"x".repeat(297)}[re…`);
  });

  it("never comes out with a secret, on several lines or long", () => {
    // Without the letters of "[redacted]", which the text may hold in its place.
    const secret = fc.stringMatching(/^[0-9A-Z]{4,40}$/);
    fc.assert(
      fc.property(fc.string({ maxLength: 400 }), secret, fc.string(), (before, hidden, after) => {
        const text = redact(before + hidden + after, [hidden]);
        return !text.includes(hidden) && !/[\r\n]/.test(text) && text.length <= 301;
      }),
    );
  });

  it("leaves the list of secrets as it is", () => {
    assert.doesNotThrow(() => redact("b a", Object.freeze(["b", "a"])));
  });
});

describe("the secrets of a key", () => {
  it("are its secret as such, as JSON and in an address, and the header's text", () => {
    const key = { id: "id", secret: 'hunter "2"', source: "environment", isFromConfig: false };
    const { secrets } = new Transport(new URL("https://api.example.com"), key, new FakeClock());
    assert.deepEqual(
      [...new Set(secrets)],
      [btoa('id:hunter "2"'), 'hunter "2"', 'hunter \\"2\\"', "hunter%20%222%22"],
    );
  });
});

describe("secrets that hold one another", () => {
  it("are redacted whole, in whatever order they are listed", () => {
    assert.equal(redact("a secretlong b", ["secret", "secretlong"]), "a [redacted] b");
  });
});
