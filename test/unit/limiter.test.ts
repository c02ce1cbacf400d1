import assert from "node:assert/strict";
import fc from "fast-check";
import { DOCUMENTED_RATE_LIMIT, RateLimiter } from "../../emulator/http/rate-limit";
import { Limiter, Priority } from "../../provider/cloud/rate-limit/limiter";
import { FakeClock } from "../../simulation/fake-clock";

describe("the rate limiter of a key", () => {
  it("never lets a window of ten seconds contain an eleventh request", async () => {
    const request = fc.record({
      afterMs: fc.integer({ min: 0, max: 5_000 }),
      takesMs: fc.integer({ min: 0, max: 20_000 }),
      countedAt: fc.double({ min: 0, max: 1, noNaN: true }),
      priority: fc.constantFrom(...Object.values(Priority)),
      // Another process's requests count too: some of ours are refused.
      isRefused: fc.boolean(),
      resetMs: fc.integer({ min: 0, max: 15_000 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 60 }), async (requests) => {
        const clock = new FakeClock();
        const limiter = new Limiter(clock);
        const server = new RateLimiter(DOCUMENTED_RATE_LIMIT, true);
        const refused: number[] = [];
        const work = requests.map(async ({ afterMs, takesMs, countedAt, priority, isRefused, resetMs }) => {
          await clock.sleep(afterMs);
          await limiter.run({ priority }, async () => {
            await clock.sleep(takesMs * countedAt); // the server counts it somewhere on its way
            if (server.countRequest("key", clock.nowMs()) !== undefined) refused.push(clock.nowMs());
            await clock.sleep(takesMs * (1 - countedAt));
            if (isRefused) limiter.onRateLimited(resetMs);
            else limiter.onAccepted();
          });
        });
        await clock.run(Promise.all(work));
        assert.deepEqual(refused, []);
      }),
      { numRuns: 500 },
    );
  });

  it("lets writes go before reads", async () => {
    const clock = new FakeClock();
    const limiter = new Limiter(clock);
    const order: string[] = [];
    const enqueue = (name: string, priority: Priority) =>
      limiter.run({ priority }, () => Promise.resolve(void order.push(name)));
    const burst = Array.from({ length: 4 }, () => enqueue("first", Priority.poll));
    const waiting = [
      enqueue("poll", Priority.poll),
      enqueue("read", Priority.read),
      enqueue("write", Priority.write),
    ];
    await clock.run(Promise.all([...burst, ...waiting]));
    assert.deepEqual(order.slice(4), ["write", "read", "poll"]);
  });

  it("starves no request, however many go first", async () => {
    const clock = new FakeClock();
    const limiter = new Limiter(clock);
    let writes = 0;
    let wentFirst: number | undefined;
    const writeOften = async () => {
      while (wentFirst === undefined && writes < 300) {
        await limiter.run({ priority: Priority.write }, () => clock.sleep(100));
        writes += 1;
      }
    };
    const flood = Array.from({ length: 30 }, writeOften);
    const poll = limiter
      .run({ priority: Priority.poll }, () => Promise.resolve())
      .then(() => (wentFirst = writes));
    await clock.run(Promise.all([poll, ...flood]));
    assert.ok(wentFirst! <= 40, `${wentFirst} writes went first, of 30 that waited before it`);
  });

  it("lets the poll with the lowest rank go first, and equal ranks in order of arrival", async () => {
    const clock = new FakeClock();
    const limiter = new Limiter(clock);
    const order: string[] = [];
    const poll = (name: string, rank: number) =>
      limiter.run({ priority: Priority.poll, rank }, () => Promise.resolve(void order.push(name)));
    const burst = Array.from({ length: 4 }, () => poll("first", 0));
    const waiting = [poll("young", 9_000), poll("old", 1_000), poll("second young", 9_000)];
    await clock.run(Promise.all([...burst, ...waiting]));
    assert.deepEqual(order.slice(4), ["old", "young", "second young"]);
  });

  it("admits each of n waiting requests within 10 n slots, whatever the rank of the others", async () => {
    const request = fc.record({
      afterMs: fc.integer({ min: 0, max: 20_000 }),
      priority: fc.constantFrom(...Object.values(Priority)),
      rank: fc.double({ min: 0, max: 1e9, noNaN: true }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 120 }), async (requests) => {
        const clock = new FakeClock();
        const limiter = new Limiter(clock);
        let waiting = 0;
        let admitted = 0;
        const work = requests.map(async ({ afterMs, priority, rank }) => {
          await clock.sleep(afterMs);
          waiting += 1;
          const atMost = admitted + 10 * waiting;
          const admit = () => {
            waiting -= 1;
            admitted += 1;
            assert.ok(admitted <= atMost, `place ${admitted} of at most ${atMost}`);
            return Promise.resolve();
          };
          await limiter.run({ priority, rank }, admit);
        });
        await clock.run(Promise.all(work));
      }),
      { numRuns: 200 },
    );
  });

  it("admits a write within three seconds, however many polls wait", async () => {
    const clock = new FakeClock();
    const limiter = new Limiter(clock);
    let isOver = false;
    const polling = Array.from({ length: 50 }, async () => {
      while (!isOver) await limiter.run({ priority: Priority.poll }, () => clock.sleep(100));
    });
    let longestMs = 0;
    const writeOften = async () => {
      for (let write = 0; write < 50; write++) {
        await clock.sleep(20_000 + 10_000 * clock.random());
        const askedAtMs = clock.nowMs();
        await limiter.run({ priority: Priority.write }, () => Promise.resolve());
        longestMs = Math.max(longestMs, clock.nowMs() - askedAtMs);
      }
      isOver = true;
    };
    await clock.run(Promise.all([writeOften(), ...polling]));
    assert.ok(longestMs <= 3_000, `${longestMs} ms`);
  });

  it("rarely requests more than other processes leave", async () => {
    const clock = new FakeClock();
    const limiter = new Limiter(clock);
    const leftPlace = new RateLimiter({ ...DOCUMENTED_RATE_LIMIT, requests: 1 }, false);
    let refusals = 0;
    const request = () => {
      const refusal = leftPlace.countRequest("key", clock.nowMs());
      if (refusal === undefined) limiter.onAccepted();
      else {
        refusals += 1;
        limiter.onRateLimited(refusal.resetSeconds * 1_000);
      }
      return Promise.resolve();
    };
    const asking = Array.from({ length: 20 }, async () => {
      while (clock.nowMs() < 30 * 60_000) await limiter.run({ priority: Priority.read }, request);
    });
    await clock.run(Promise.all(asking));
    // It was 20 when a quota of one grew at once to the two that had been refused.
    assert.ok(refusals <= 15, `${refusals} refusals in half an hour`);
  });

  it("sends nothing for as long as a refusal says", async () => {
    const clock = new FakeClock();
    const limiter = new Limiter(clock);
    limiter.onRateLimited(7_000);
    await clock.run(limiter.run({ priority: Priority.write }, () => Promise.resolve()));
    assert.ok(clock.nowMs() >= 7_000, `${clock.nowMs()} ms`);
  });

  it("sends again within a window after the pause", async () => {
    const clock = new FakeClock();
    const limiter = new Limiter(clock);
    limiter.onRateLimited(7_000);
    await clock.run(limiter.run({ priority: Priority.write }, () => Promise.resolve()));
    assert.ok(clock.nowMs() <= 17_050, `${clock.nowMs()} ms`);
  });
});
