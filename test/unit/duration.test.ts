import assert from "node:assert/strict";
import fc from "fast-check";
import { formatDuration, parseDurationMs } from "../../provider/wait/duration";

describe("parseDurationMs", () => {
  for (const [text, ms] of [
    ["500ms", 500],
    ["45s", 45_000],
    ["40m", 2_400_000],
    ["1h", 3_600_000],
    ["1h30m", 5_400_000],
    ["1h2m3s4ms", 3_723_004],
    ["1.5h", 5_400_000],
    ["0.3s", 300],
    ["90m", 5_400_000],
    ["1m500ms", 60_500],
    ["0s", 0],
  ] as const) {
    it(`parses "${text}" as ${ms} ms`, () => assert.equal(parseDurationMs(text), ms));
  }

  for (const text of ["", "40", "m", "1d", "-1m", "1 h", " 1h", "1h ", "1h30", "1.h", "1H", "1h\n", "soon"]) {
    it(`rejects ${JSON.stringify(text)}`, () => assert.equal(parseDurationMs(text), undefined));
  }

  it("adds up the parts", () => {
    const part = fc.nat({ max: 999 });
    fc.assert(
      fc.property(part, part, part, (hours, minutes, seconds) => {
        return (
          parseDurationMs(`${hours}h${minutes}m${seconds}s`) ===
          (hours * 3_600 + minutes * 60 + seconds) * 1_000
        );
      }),
    );
  });
});

describe("formatDuration", () => {
  for (const [ms, text] of [
    [0, "0s"],
    [499, "0s"],
    [500, "1s"],
    [45_000, "45s"],
    [59_499, "59s"],
    [59_500, "1m"],
    [60_000, "1m"],
    [61_000, "1m01s"],
    [222_000, "3m42s"],
    [3_599_499, "59m59s"],
    [3_599_500, "1h"],
    [3_600_000, "1h"],
    [3_659_000, "1h"],
    [3_900_000, "1h05m"],
    [90_000_000, "25h"],
  ] as const) {
    it(`formats ${ms} ms as "${text}"`, () => assert.equal(formatDuration(ms), text));
  }

  it("can be parsed back, to the second below an hour", () => {
    fc.assert(
      fc.property(fc.nat({ max: 3_599 }), (seconds) => {
        return parseDurationMs(formatDuration(seconds * 1_000)) === seconds * 1_000;
      }),
    );
  });

  it("can be parsed back, to the minute above an hour", () => {
    fc.assert(
      fc.property(fc.integer({ min: 60, max: 6_000 }), (minutes) => {
        return parseDurationMs(formatDuration(minutes * 60_000)) === minutes * 60_000;
      }),
    );
  });
});
