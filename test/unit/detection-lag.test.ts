import assert from "node:assert/strict";
import { boundMs, detectionRow, type DetectionRow, exponent } from "../../tools/bench/detection-lag";

describe("waiting for many services at once", () => {
  const ours: DetectionRow[] = [];
  const oracle: DetectionRow[] = [];
  const row = (rows: readonly DetectionRow[], services: number) =>
    rows.find((other) => other.services === services) ?? assert.fail(`${services} services`);

  before(async () => {
    for (const [services, runs] of [
      [1, 60],
      [10, 10],
      [100, 4],
      [1_000, 1],
    ] as const) {
      ours.push(await detectionRow("ours", services, runs));
      oracle.push(await detectionRow("oracle", services, runs));
    }
  });

  it("misses no change and has no request refused", () =>
    assert.ok(ours.every(({ unseen, refusedShare }) => unseen === 0 && refusedShare === 0)));

  it("sees a change soon: the more wait, the less the budget allows", () => {
    const means = ours.map(({ meanLagS }) => meanLagS);
    for (const [index, mostS] of [3.5, 6, 45, 850].entries())
      assert.ok(means[index]! <= mostS, `${ours[index]?.services}: ${means[index]} s`);
  });

  it("leaves few waiting much longer than that", () => {
    const p99s = ours.map(({ p99LagS }) => p99LagS);
    for (const [index, mostS] of [7, 18, 110, 1_300].entries())
      assert.ok(p99s[index]! <= mostS, `${ours[index]?.services}: ${p99s[index]} s`);
  });

  it("is as good as over when one is that knows the future", () => {
    for (const { services, wallS } of ours) {
      const ratio = wallS / row(oracle, services).wallS;
      assert.ok(ratio <= 1.04, `${services}: ${ratio}`);
    }
  });

  it("sees what the package's limiter lets a loop of 10 s see in less than half of its time", async () => {
    const loop = await detectionRow("fixedLimited", 100, 4);
    assert.ok(row(ours, 100).meanLagS <= 0.5 * loop.meanLagS, `${loop.meanLagS} s`);
  });

  it("takes no more requests than the number of services makes it", () => {
    assert.ok(exponent(ours, ({ requests }) => requests) <= 1);
    assert.ok(row(ours, 1_000).requests <= 4_100);
  });

  it("needs at most 1.1 times the least time where all changes take as long", async () => {
    const { wallS, boundS } = await detectionRow("ours", 100, 2, () => 240_000);
    assert.ok(wallS <= 1.1 * boundS, `${wallS} s, and ${boundS} s at least`);
  });

  it("gives the same figures for the same seed", async () =>
    assert.deepEqual(await detectionRow("ours", 10, 2), await detectionRow("ours", 10, 2)));
});

describe("the least time for many services", () => {
  it("is the change's own, where there is one", () => assert.equal(boundMs([240_000], 4), 241_000));

  it("is set by the last change that can be sent, where changes are long", () =>
    // 200 requests, ten every ten seconds: the last of them after 190 s.
    assert.equal(
      boundMs(
        Array.from({ length: 100 }, () => 240_000),
        4,
      ),
      431_000,
    ));

  it("is set by the number of requests, where there are many", () =>
    assert.equal(
      boundMs(
        Array.from({ length: 1_000 }, () => 240_000),
        4,
      ),
      3_990_000,
    ));
});
