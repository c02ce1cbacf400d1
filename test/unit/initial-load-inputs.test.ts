import assert from "node:assert/strict";
import { parseArguments } from "../../provider/check/parse-arguments";
import { UNKNOWN } from "../../provider/state/unknown";

const PIPE_ID = "00000000-0000-4000-9000-000000000001";
const VALID = { serviceId: "00000000-0000-4000-8000-000000000001", cores: 2 };

function listFailures(changed: Readonly<Record<string, unknown>>): string[] {
  const { failures } = parseArguments({ ...VALID, ...changed });
  return failures.map(({ property, reason }) => `${property}: ${reason}`);
}

const listBurstFailures = (changed: object) => listFailures({ initialLoad: { cores: 24, ...changed } });

describe("the argument initialLoad", () => {
  for (const endBy of [
    undefined,
    UNKNOWN,
    "2026-12-01T00:00:00Z",
    "2026-12-01T00:00Z",
    "2026-12-01T00:00:00.5Z",
    "2026-12-01T01:30:00+05:30",
  ]) {
    it(`accepts ${endBy} as endBy`, () => assert.deepEqual(listBurstFailures({ endBy }), []));
  }

  for (const [endBy, nearest] of [
    ["2026-12-01T00:00:00", "2026-12-01T00:00:00Z"],
    ["2026-12-01 00:00", "2026-12-01T00:00Z"],
    ["2026-12-01", "2026-12-01T00:00:00Z"],
  ]) {
    it(`rejects ${JSON.stringify(endBy)} as endBy and names ${nearest} as the nearest valid value`, () => {
      assert.deepEqual(listBurstFailures({ endBy }), [
        `initialLoad.endBy: must be an ISO 8601 time with a time zone, got ${JSON.stringify(endBy)} (nearest: "${nearest}")`,
      ]);
    });
  }

  it("rejects {} as endBy, which the SDK makes of a Date, and says how to convert it", () => {
    const [failure] = listBurstFailures({ endBy: {} });
    assert.match(failure ?? "", /got \{\} .*Convert a Date with `toISOString\(\)`/);
  });

  for (const endBy of ["2026-02-30T00:00:00Z", "tomorrow", "", 1_796_083_200, null]) {
    it(`rejects ${JSON.stringify(endBy)} as endBy and gives an example, since no time is close`, () => {
      assert.deepEqual(listBurstFailures({ endBy }), [
        `initialLoad.endBy: must be an ISO 8601 time with a time zone, got ${JSON.stringify(endBy)} (example: "2026-12-01T00:00:00Z")`,
      ]);
    });
  }

  it("rejects a burst below cores and names cores as the nearest valid value", () => {
    assert.deepEqual(listFailures({ cores: 8, initialLoad: { cores: 4 } }), [
      "initialLoad.cores: must be at least `cores` (8), got 4 (nearest: 8)",
    ]);
  });

  it("accepts a burst of as many cores as cores", () => {
    assert.deepEqual(listFailures({ cores: 8, initialLoad: { cores: 8 } }), []);
  });

  it("rejects a burst above the documented limit and says how to allow it", () => {
    assert.match(
      listBurstFailures({ cores: 28 })[0] ?? "",
      /^initialLoad\.cores: .* from 1 to 24, got 28 .* set `maxCores: 32` to allow it/,
    );
  });

  it("accepts a burst of up to a declared maxCores", () => {
    assert.deepEqual(listFailures({ maxCores: 32, initialLoad: { cores: 32 } }), []);
  });

  it("requires its cores", () => {
    assert.match(
      listFailures({ initialLoad: {} })[0] ?? "",
      /^initialLoad\.cores: is required: must be a whole number/,
    );
  });

  for (const initialLoad of [24, "24", [], null]) {
    it(`rejects ${JSON.stringify(initialLoad)} and gives an example`, () => {
      const [failure, ...others] = listFailures({ initialLoad });
      assert.deepEqual(others, []);
      assert.match(failure ?? "", /^initialLoad: must be an object, got .* \(example: \{ cores: 24/);
    });
  }

  it("rejects an unknown argument in it and suggests the one that was meant", () => {
    assert.deepEqual(listBurstFailures({ endsBy: "2026-12-01T00:00:00Z" }), [
      'initialLoad.endsBy: unknown argument; did you mean "endBy"?',
    ]);
  });

  for (const pipes of [[], {}, PIPE_ID]) {
    it(`rejects ${JSON.stringify(pipes)} as pipes`, () => {
      assert.match(
        listBurstFailures({ pipes })[0] ?? "",
        /^initialLoad\.pipes: must be a list of at least one ClickPipe id, got .*\. Leave it out for all database ClickPipes\.$/,
      );
    });
  }

  it("rejects an id that is not a UUID, by its position in the list", () => {
    const [failure, ...others] = listBurstFailures({ pipes: [PIPE_ID, UNKNOWN, "orders"] });
    assert.deepEqual(others, []);
    assert.match(failure ?? "", /^initialLoad\.pipes\.2: must be a UUID, got "orders"/);
  });

  it("passes if it, or any part of it, is unknown in a preview", () => {
    assert.deepEqual(listFailures({ initialLoad: UNKNOWN }), []);
    assert.deepEqual(listFailures({ initialLoad: { cores: UNKNOWN, endBy: UNKNOWN, pipes: UNKNOWN } }), []);
  });

  it("reports everything that is wrong with it at once", () => {
    const paths = listBurstFailures({ cores: 0, endBy: "soon", pipes: [] }).map(
      (failure) => failure.split(":")[0],
    );
    assert.deepEqual(paths, [
      "initialLoad.cores",
      "initialLoad.endBy",
      "initialLoad.pipes",
      "initialLoad.cores",
    ]);
  });
});

describe("the argument maxUsdPerHour with a burst", () => {
  it("rejects a burst that costs more and names the nearest size that does not", () => {
    assert.deepEqual(listFailures({ maxUsdPerHour: 1, initialLoad: { cores: 24 } }), [
      "maxUsdPerHour: 24 cores cost $2.40/h, above the limit of $1.00/h (nearest: `initialLoad.cores: 10`)",
    ]);
  });

  it("rejects both sizes if both cost more", () => {
    assert.equal(listFailures({ maxUsdPerHour: 0.1, initialLoad: { cores: 24 } }).length, 2);
  });

  it("accepts a burst that costs exactly as much", () => {
    assert.deepEqual(listFailures({ maxUsdPerHour: 2.4, initialLoad: { cores: 24 } }), []);
  });
});

describe("the argument suppressAdvice", () => {
  it("accepts names of advice", () =>
    assert.deepEqual(listFailures({ suppressAdvice: ["noEndBy", "manyPipes"] }), []));

  it("rejects another name and names the nearest valid one", () => {
    assert.deepEqual(listFailures({ suppressAdvice: ["noEndBy", "manyPipe"] }), [
      'suppressAdvice.1: must be one of rarelyNeeded, initialLoadParallelism, manyPipes, noEndBy, endByFarAhead, resizeDuringLoad, got "manyPipe" (nearest: manyPipes)',
    ]);
  });

  it("rejects a name that is not a text", () =>
    assert.equal(listFailures({ suppressAdvice: [5, null] }).length, 2));

  it("rejects a value that is not a list", () => {
    assert.match(
      listFailures({ suppressAdvice: "noEndBy" })[0] ?? "",
      /^suppressAdvice: must be a list of names out of rarelyNeeded,/,
    );
  });
});
