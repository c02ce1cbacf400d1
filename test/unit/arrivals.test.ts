import assert from "node:assert/strict";
import fc from "fast-check";
import { Arrivals, documentedShareAfter, urgencyOf } from "../../provider/wait/arrivals";

const SECOND_MS = 1_000;
const age = fc.integer({ min: 0, max: 40 * 60_000 });
const look = fc.record({
  fromMs: age,
  lengthMs: fc.integer({ min: 0, max: 120_000 }),
  hasArrived: fc.boolean(),
});

function taught(looks: readonly { fromMs: number; lengthMs: number; hasArrived: boolean }[]): Arrivals {
  const arrivals = new Arrivals();
  for (const { fromMs, lengthMs, hasArrived } of looks) arrivals.learn(fromMs, fromMs + lengthMs, hasArrived);
  return arrivals;
}

/** So many changes that were looked at every five seconds and arrived at that age. */
function teach(arrivals: Arrivals, changes: number, arrivedAtMs: number): void {
  for (let change = 0; change < changes; change++) {
    for (let ageMs = 0; ageMs < arrivedAtMs; ageMs += 5 * SECOND_MS)
      arrivals.learn(ageMs, ageMs + 5 * SECOND_MS, ageMs + 5 * SECOND_MS >= arrivedAtMs);
  }
}

const oddsAround = (arrivals: Arrivals, atMs: number) =>
  arrivals.odds(atMs - 5 * SECOND_MS, atMs + 5 * SECOND_MS);

describe("the share of changes that take longer, as documented", () => {
  it("falls from all to none, as the age grows", () =>
    fc.assert(
      fc.property(age, age, (a, b) => {
        const [younger, older] = [Math.min(a, b), Math.max(a, b)];
        assert.ok(documentedShareAfter(younger) >= documentedShareAfter(older));
        assert.ok(documentedShareAfter(older) > 0 && documentedShareAfter(younger) <= 1);
      }),
    ));

  it("is nine tenths less after 5 minutes than after 3", () => {
    const within = documentedShareAfter(180_000) - documentedShareAfter(300_000);
    assert.ok(Math.abs(within - 0.9) < 1e-9, String(within));
  });
});

describe("the odds that a change has arrived", () => {
  it("are never none and never certain, whatever was seen", () =>
    fc.assert(
      fc.property(
        fc.array(look, { maxLength: 50 }),
        age,
        fc.integer({ min: 1, max: 60_000 }),
        (looks, from, ms) => {
          const odds = taught(looks).odds(from, from + ms);
          assert.ok(odds > 0 && Number.isFinite(odds), String(odds));
        },
      ),
    ));

  it("grow with the time since the last look, as its parts say together", () =>
    fc.assert(
      fc.property(fc.array(look, { maxLength: 20 }), fc.tuple(age, age, age), (looks, ages) => {
        const [a, b, c] = ages.sort((x, y) => x - y);
        const arrivals = taught(looks);
        const together = (1 + arrivals.odds(a, b)) * (1 + arrivals.odds(b, c));
        const certain = 1e15;
        assert.ok(together > certain || Math.abs(1 + arrivals.odds(a, c) - together) <= 1e-6 * together);
      }),
    ));

  it("are best in the documented time, where nothing was seen yet", () => {
    const arrivals = new Arrivals();
    assert.ok(oddsAround(arrivals, 240_000) > 10 * oddsAround(arrivals, 90_000));
  });

  it("move to where changes were seen to arrive", () => {
    const arrivals = new Arrivals();
    teach(arrivals, 5, 60_000);
    assert.ok(oddsAround(arrivals, 60_000) > 5 * oddsAround(arrivals, 90_000));
    assert.ok(oddsAround(arrivals, 60_000) > 20 * oddsAround(new Arrivals(), 60_000));
  });

  it("are hardly moved by one change among twenty that took four times as long", () => {
    const [with_, without] = [new Arrivals(), new Arrivals()];
    for (const arrivals of [with_, without]) teach(arrivals, 20, 200_000);
    teach(with_, 1, 800_000);
    const ratio = oddsAround(with_, 200_000) / oddsAround(without, 200_000);
    assert.ok(ratio > 0.8 && ratio < 1.1, String(ratio));
  });

  it("do not take all changes for quick because the quick ones are seen first", () => {
    const arrivals = new Arrivals();
    teach(arrivals, 3, 190_000);
    for (let change = 0; change < 27; change++) arrivals.learn(0, 200_000, false);
    assert.ok(oddsAround(arrivals, 190_000) < 0.5, "of 30 that waited then 3 arrived");
    assert.ok(oddsAround(arrivals, 290_000) > oddsAround(arrivals, 190_000));
  });

  it("learn nothing from a change that was hardly looked at", () => {
    const arrivals = new Arrivals();
    arrivals.learn(0, 20 * 60_000, true);
    assert.equal(oddsAround(arrivals, 100_000), oddsAround(new Arrivals(), 100_000));
  });
});

describe("a look's urgency", () => {
  it("grows as long as nobody looks", () =>
    fc.assert(
      fc.property(fc.array(look, { maxLength: 20 }), age, age, age, (looks, from, a, b) => {
        const arrivals = taught(looks);
        const [sooner, later] = [from + Math.min(a, b), from + Math.max(a, b)];
        assert.ok(urgencyOf(arrivals, from, sooner) <= urgencyOf(arrivals, from, later));
      }),
    ));
});
