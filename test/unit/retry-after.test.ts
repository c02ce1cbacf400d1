import assert from "node:assert/strict";
import fc from "fast-check";
import { parseRetryAfterMs } from "../../provider/cloud/rate-limit/retry-after";

const NOW = new Date(Date.UTC(2026, 0, 1));

function parseResetMs(headers: Readonly<Record<string, string>>): number {
  return parseRetryAfterMs(new Headers(headers), NOW);
}

describe("parseRetryAfterMs", () => {
  it("returns 10 s without a header", () => assert.equal(parseResetMs({}), 10_000));

  it("reads seconds from X-RateLimit-Reset", () => {
    assert.equal(parseResetMs({ "X-RateLimit-Reset": "7" }), 7_000);
  });

  it("reads seconds from Retry-After", () => assert.equal(parseResetMs({ "Retry-After": "7" }), 7_000));

  it("prefers X-RateLimit-Reset if both are present", () => {
    assert.equal(parseResetMs({ "X-RateLimit-Reset": "3", "Retry-After": "7" }), 3_000);
  });

  it("reads a date from Retry-After", () => {
    assert.equal(parseResetMs({ "Retry-After": "Thu, 01 Jan 2026 00:00:12 GMT" }), 12_000);
  });

  for (const [text, ms] of [
    ["2.5", 2_500],
    [" 7 ", 7_000],
    ["0", 1_000],
    ["0.2", 1_000],
    ["60", 60_000],
    ["61", 60_000],
    ["1767225605", 60_000],
    ["", 10_000],
    ["soon", 10_000],
    ["5s", 10_000],
    ["Wed, 31 Dec 2025 23:59:00 GMT", 1_000],
    ["Thu, 01 Jan 2026 01:00:00 GMT", 60_000],
  ] as const) {
    it(`returns ${ms} ms for "${text}"`, () => assert.equal(parseResetMs({ "Retry-After": text }), ms));
  }

  it("returns 1 s to 60 s, whatever the header says", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.double().map(String), fc.date({ noInvalidDate: true }).map(String)),
        (text) => {
          const ms = parseRetryAfterMs({ get: () => text }, NOW);
          return ms >= 1_000 && ms <= 60_000;
        },
      ),
    );
  });
});

describe("parseRetryAfterMs with an unusable header", () => {
  it("ignores negative seconds", () => assert.equal(parseResetMs({ "x-ratelimit-reset": "-5" }), 10_000));

  it("uses another header that is usable", () => {
    assert.equal(parseResetMs({ "x-ratelimit-reset": "abc", "retry-after": "7" }), 7_000);
  });
});
