import assert from "node:assert/strict";
import { createSeed, createServices } from "../../emulator";
import { rankPoll } from "../../provider/wait/poll-schedule";
import { createSimulation } from "../../simulation/simulation";

const MINUTE_MS = 60_000;

describe("the rank of a poll", () => {
  it("is lower for the older of two changes", () => {
    const older = rankPoll({ changeSentAtMs: 0, lastPollAtMs: 4 * MINUTE_MS });
    const younger = rankPoll({ changeSentAtMs: MINUTE_MS, lastPollAtMs: 2 * MINUTE_MS });
    assert.ok(older < younger);
  });

  it("is lower for a younger change than for one that was overdue at its last poll", () => {
    const overdue = rankPoll({ changeSentAtMs: 0, lastPollAtMs: 9 * MINUTE_MS });
    const younger = rankPoll({ changeSentAtMs: 8 * MINUTE_MS, lastPollAtMs: 9 * MINUTE_MS });
    assert.ok(younger < overdue);
  });

  it("is lower for an old change that was not polled yet than for a younger one", () => {
    const unpolled = rankPoll({ changeSentAtMs: 0, lastPollAtMs: 0 });
    const younger = rankPoll({ changeSentAtMs: MINUTE_MS, lastPollAtMs: 9 * MINUTE_MS });
    assert.ok(unpolled < younger);
  });
});

describe("30 changes that take 4 minutes beside 10 older ones that never arrive", () => {
  it("end within 7 minutes", async () => {
    const { clock, cloud, provider } = createSimulation({ seed: createSeed(40) });
    let drawn = 0;
    cloud.drawConvergenceMs = () => (++drawn <= 10 ? 600 * MINUTE_MS : 4 * MINUTE_MS);
    const endsMs: number[] = [];
    const creates = createServices(40).map(async ({ id }) => {
      const inputs = { serviceId: id, cores: 8, __urn: `urn:pulumi:a::b::c::${id}` };
      await provider.create((await provider.check({}, inputs)).inputs ?? assert.fail());
      endsMs.push(clock.nowMs());
    });
    await clock.run(Promise.allSettled(creates));
    assert.equal(endsMs.length, 30);
    assert.ok(Math.max(...endsMs) <= 7 * MINUTE_MS, `${Math.max(...endsMs)} ms`);
  });
});
