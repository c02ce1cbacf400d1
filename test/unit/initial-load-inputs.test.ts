import assert from "node:assert/strict";
import { validate } from "../../provider/check/faults";
import { UNKNOWN } from "../../provider/state/inputs";

const PIPE_ID = "00000000-0000-4000-9000-000000000001";
const LEGAL = { serviceId: "00000000-0000-4000-8000-000000000001", cores: 2, __urn: "urn" };

function faults(changed: Readonly<Record<string, unknown>>): string[] {
  return validate({ ...LEGAL, ...changed }).map(({ property, reason }) => `${property}: ${reason}`);
}

const burst = (changed: object) => faults({ initialLoad: { cores: 24, ...changed } });

describe("initialLoad", () => {
  for (const endBy of [
    undefined,
    UNKNOWN,
    "2026-12-01T00:00:00Z",
    "2026-12-01T00:00Z",
    "2026-12-01T00:00:00.5Z",
    "2026-12-01T01:30:00+05:30",
  ]) {
    it(`takes endBy ${endBy}`, () => assert.deepEqual(burst({ endBy }), []));
  }

  for (const [endBy, nearest] of [
    ["2026-12-01T00:00:00", "2026-12-01T00:00:00Z"],
    ["2026-12-01 00:00", "2026-12-01T00:00Z"],
    ["2026-12-01", "2026-12-01T00:00:00Z"],
  ]) {
    it(`refuses endBy ${JSON.stringify(endBy)} and names ${nearest}`, () => {
      assert.deepEqual(burst({ endBy }), [
        `initialLoad.endBy: ${JSON.stringify(endBy)} is not allowed: it takes a time in ISO 8601 with its zone; the nearest is "${nearest}"`,
      ]);
    });
  }

  for (const endBy of ["2026-02-30T00:00:00Z", "tomorrow", "", 1_796_083_200, null]) {
    it(`refuses endBy ${JSON.stringify(endBy)} and gives an example, as nothing is near`, () => {
      assert.deepEqual(burst({ endBy }), [
        `initialLoad.endBy: ${JSON.stringify(endBy)} is not allowed: it takes a time in ISO 8601 with its zone, such as "2026-12-01T00:00:00Z"`,
      ]);
    });
  }

  it("refuses a burst below the steady size, with the nearest that is not", () => {
    assert.deepEqual(faults({ cores: 8, initialLoad: { cores: 4 } }), [
      "initialLoad.cores: 4 is below the steady size of 8 cores: a burst is to be larger; the nearest is 8",
    ]);
  });

  it("takes a burst of the steady size", () => {
    assert.deepEqual(faults({ cores: 8, initialLoad: { cores: 8 } }), []);
  });

  it("refuses a burst above the documented limit and says how to opt in", () => {
    assert.match(
      burst({ cores: 28 })[0] ?? "",
      /^initialLoad\.cores: 28 .* from 1 to 24; .*`maxCores: 32` opts in/,
    );
  });

  it("takes a burst up to the maximum that was opted in to", () => {
    assert.deepEqual(faults({ maxCores: 32, initialLoad: { cores: 32 } }), []);
  });

  it("says that its size is missing", () => {
    assert.match(faults({ initialLoad: {} })[0] ?? "", /^initialLoad\.cores: missing: /);
  });

  for (const initialLoad of [24, "24", [], null]) {
    it(`refuses ${JSON.stringify(initialLoad)} in its place`, () => {
      const [fault, ...others] = faults({ initialLoad });
      assert.deepEqual(others, []);
      assert.match(fault ?? "", /^initialLoad: .* is not allowed: it takes an object, such as \{ cores: 24/);
    });
  }

  it("refuses a part of another name", () => {
    assert.deepEqual(burst({ endsBy: "2026-12-01T00:00:00Z" }), [
      "initialLoad.endsBy: no part of this name; did you mean endBy?",
    ]);
  });

  for (const pipes of [[], {}, PIPE_ID]) {
    it(`refuses ${JSON.stringify(pipes)} as a list of pipes`, () => {
      assert.match(
        burst({ pipes })[0] ?? "",
        /^initialLoad\.pipes: .* it takes a list of one ClickPipe id or more/,
      );
    });
  }

  it("refuses what is no id, at its place in the list", () => {
    const [fault, ...others] = burst({ pipes: [PIPE_ID, UNKNOWN, "orders"] });
    assert.deepEqual(others, []);
    assert.match(fault ?? "", /^initialLoad\.pipes\.2: "orders" is not allowed: it takes the UUID alone/);
  });

  it("passes where it, or any part of it, is not known yet", () => {
    assert.deepEqual(faults({ initialLoad: UNKNOWN }), []);
    assert.deepEqual(faults({ initialLoad: { cores: UNKNOWN, endBy: UNKNOWN, pipes: UNKNOWN } }), []);
  });

  it("refuses, in one go, everything that is wrong with it", () => {
    const paths = burst({ cores: 0, endBy: "soon", pipes: [] }).map((fault) => fault.split(":")[0]);
    assert.deepEqual(paths, [
      "initialLoad.cores",
      "initialLoad.cores",
      "initialLoad.endBy",
      "initialLoad.pipes",
    ]);
  });
});

describe("maxUsdPerHour with a burst", () => {
  it("refuses a burst that costs more, with the nearest that does not", () => {
    assert.deepEqual(faults({ maxUsdPerHour: 1, initialLoad: { cores: 24 } }), [
      "maxUsdPerHour: 24 cores cost $2.40/h, above maxUsdPerHour of $1.00/h; the nearest is initialLoad.cores: 10",
    ]);
  });

  it("refuses both sizes where both cost more", () => {
    assert.equal(faults({ maxUsdPerHour: 0.1, initialLoad: { cores: 24 } }).length, 2);
  });

  it("takes a burst that costs exactly as much", () => {
    assert.deepEqual(faults({ maxUsdPerHour: 2.4, initialLoad: { cores: 24 } }), []);
  });
});

describe("suppressAdvice", () => {
  it("takes names of advice", () =>
    assert.deepEqual(faults({ suppressAdvice: ["noEndBy", "manyPipes"] }), []));

  it("refuses another name with the nearest", () => {
    assert.deepEqual(faults({ suppressAdvice: ["noEndBy", "manyPipe"] }), [
      'suppressAdvice.1: "manyPipe" is no advice\'s name; did you mean manyPipes?',
    ]);
  });

  it("refuses a name that is no text", () => assert.equal(faults({ suppressAdvice: [5, null] }).length, 2));

  it("refuses what is no list", () => {
    assert.match(
      faults({ suppressAdvice: "noEndBy" })[0] ?? "",
      /^suppressAdvice: .* it takes a list of names: rarelyNeeded,/,
    );
  });
});
