import assert from "node:assert/strict";
import { listAdvice, type AdviceContext } from "../../provider/initial-load/advice";
import type { DbClickPipe } from "../../provider/cloud/pipes";

const NOW = new Date("2026-11-24T21:00:00Z");
const QUIET: AdviceContext = {
  isNew: false,
  steadyCores: 2,
  coresBefore: 2,
  coresAfter: 2,
  now: NOW,
  unitPrice: undefined,
};

function createPipe(changed: Partial<DbClickPipe> = {}): DbClickPipe {
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

const createLoadingContext = (...chosen: DbClickPipe[]): AdviceContext => ({
  ...QUIET,
  phase: "initialLoad",
  burst: { cores: 24, endBy: new Date("2026-12-01T00:00:00Z") },
  chosen,
  pipes: chosen,
});

/** For each name, a context in which only that advice applies, and a similar one in which it does not. */
const CASES: Readonly<Record<string, readonly [AdviceContext, AdviceContext]>> = {
  rarelyNeeded: [
    { ...QUIET, isNew: true, steadyCores: 4 },
    { ...QUIET, isNew: true, steadyCores: 2 },
  ],
  initialLoadParallelism: [
    createLoadingContext(createPipe({ settings: {} })),
    createLoadingContext(createPipe()),
  ],
  manyPipes: [
    { ...QUIET, pipes: Array.from({ length: 9 }, () => createPipe({ state: "Running" })) },
    { ...QUIET, pipes: Array.from({ length: 8 }, () => createPipe({ state: "Running" })) },
  ],
  noEndBy: [
    { ...createLoadingContext(createPipe()), burst: { cores: 24 } },
    createLoadingContext(createPipe()),
  ],
  resizeDuringLoad: [
    { ...createLoadingContext(createPipe()), coresAfter: 24 },
    { ...createLoadingContext(createPipe({ source: "mysql" })), coresAfter: 24 },
  ],
  endByFarAhead: [
    { ...QUIET, burst: { cores: 24, endBy: new Date("2027-02-22T21:00:01Z") } },
    { ...QUIET, burst: { cores: 24, endBy: new Date("2027-02-22T21:00:00Z") } },
  ],
};

describe("advice", () => {
  for (const [name, [applies, not]] of Object.entries(CASES)) {
    it(`${name} has a reason, a link to the documentation and the way to hide it`, () => {
      const [text, ...others] = listAdvice(applies);
      assert.deepEqual(others, []);
      const ending = new RegExp(
        `: https://clickhouse\\.com/docs/\\S+ \\(hide with suppressAdvice: \\["${name}"\\]\\)$`,
      );
      assert.match(text ?? "", ending);
    });

    it(`${name} is not shown if it does not apply`, () => assert.deepEqual(listAdvice(not), []));

    it(`${name} is not shown if the program suppresses it`, () => {
      assert.deepEqual(listAdvice(applies, { suppressed: [name] }), []);
    });
  }

  it("on parallelism names only the pipes that are loading", () => {
    assert.match(
      listAdvice(
        createLoadingContext(
          createPipe({ settings: {} }),
          createPipe({ name: "users", state: "Running", settings: {} }),
        ),
      ).join(),
      /its default of 4 for orders\./,
    );
  });

  it("on parallelism omits MongoDB, which has no such setting", () => {
    assert.deepEqual(listAdvice(createLoadingContext(createPipe({ source: "mongodb", settings: {} }))), []);
  });

  it("on parallelism treats an explicit default as the default", () => {
    assert.equal(
      listAdvice(createLoadingContext(createPipe({ settings: { initialLoadParallelism: 4 } }))).length,
      1,
    );
  });

  it("on many pipes does not count pipes that only load once", () => {
    const pipes = Array.from({ length: 9 }, () =>
      createPipe({ state: "Running", replicationMode: "snapshot" }),
    );
    assert.deepEqual(listAdvice({ ...QUIET, pipes }), []);
  });

  it("names the price per month", () => {
    assert.match(listAdvice(CASES.noEndBy![0]).join(), /24 cores \(\$1,752\.00 a month\)/);
  });
});
