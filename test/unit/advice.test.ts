import assert from "node:assert/strict";
import { listAdvice, type AdviceContext } from "../../provider/initial-load/advice";
import type { DbClickPipe } from "../../provider/cloud/pipes";

const NOW = new Date("2026-11-24T21:00:00Z");
const QUIET: AdviceContext = { isNew: false, steadyCores: 2, now: NOW, unitPrice: undefined };

function pipe(changed: Partial<DbClickPipe> = {}): DbClickPipe {
  const settings = changed.settings ?? { initialLoadParallelism: 8 };
  return {
    id: "id",
    name: "orders",
    state: "Snapshot",
    source: "postgres",
    replicationMode: "cdc",
    ...changed,
    settings,
  };
}

const loading = (...chosen: DbClickPipe[]): AdviceContext => ({
  ...QUIET,
  phase: "initialLoad",
  burst: { cores: 24, endBy: new Date("2026-12-01T00:00:00Z") },
  chosen,
  pipes: chosen,
});

/** A situation for each name in which that advice alone applies, and the like in which it does not. */
const CASES: Readonly<Record<string, readonly [AdviceContext, AdviceContext]>> = {
  rarelyNeeded: [
    { ...QUIET, isNew: true, steadyCores: 4 },
    { ...QUIET, isNew: true, steadyCores: 2 },
  ],
  initialLoadParallelism: [loading(pipe({ settings: {} })), loading(pipe())],
  manyPipes: [
    { ...QUIET, pipes: Array.from({ length: 9 }, () => pipe({ state: "Running" })) },
    { ...QUIET, pipes: Array.from({ length: 8 }, () => pipe({ state: "Running" })) },
  ],
  noEndBy: [{ ...loading(pipe()), burst: { cores: 24 } }, loading(pipe())],
  endByFarAhead: [
    { ...QUIET, burst: { cores: 24, endBy: new Date("2027-02-22T21:00:01Z") } },
    { ...QUIET, burst: { cores: 24, endBy: new Date("2027-02-22T21:00:00Z") } },
  ],
};

describe("advice", () => {
  for (const [name, [applies, not]] of Object.entries(CASES)) {
    it(`${name} is given with its reason, the documentation's address and how to silence it`, () => {
      const [text, ...others] = listAdvice(applies);
      assert.deepEqual(others, []);
      const ending = new RegExp(
        `: https://clickhouse\\.com/docs/\\S+ \\(hide with suppressAdvice: \\["${name}"\\]\\)$`,
      );
      assert.match(text ?? "", ending);
    });

    it(`${name} is not given where it does not apply`, () => assert.deepEqual(listAdvice(not), []));

    it(`${name} is not given where the program silences it`, () => {
      assert.deepEqual(listAdvice(applies, [name]), []);
    });
  }

  it("on parallelism names the pipes that load alone", () => {
    assert.match(
      listAdvice(
        loading(pipe({ settings: {} }), pipe({ name: "users", state: "Running", settings: {} })),
      ).join(),
      /its default of 4 for orders\./,
    );
  });

  it("on parallelism leaves out MongoDB, which has no such setting", () => {
    assert.deepEqual(listAdvice(loading(pipe({ source: "mongodb", settings: {} }))), []);
  });

  it("on parallelism takes a default that is written down for one", () => {
    assert.equal(listAdvice(loading(pipe({ settings: { initialLoadParallelism: 4 } }))).length, 1);
  });

  it("on many pipes counts no pipe that only loads once", () => {
    const pipes = Array.from({ length: 9 }, () => pipe({ state: "Running", replicationMode: "snapshot" }));
    assert.deepEqual(listAdvice({ ...QUIET, pipes }), []);
  });

  it("names the price of a month", () => {
    assert.match(listAdvice(CASES.noEndBy![0]).join(), /24 cores \(\$1,752\.00 a month\)/);
  });
});
