import assert from "node:assert/strict";
import { seedOf, services } from "../../emulator";
import { virtual } from "../support/virtual";

/**
 * Services that are all scaled at once, over one key.
 *
 * As long as each waits, it is one of Pulumi's parallel resources: what `PULUMI_PARALLEL` allows.
 */
async function scaled({ processes, servicesOfEach }: { processes: number; servicesOfEach: number }) {
  const count = processes * servicesOfEach;
  const world = virtual({ seed: seedOf(count) });
  const { clock, cloud, journal, nextRun } = world;
  const endings = Array.from({ length: processes }, (_, index) => {
    const provider = nextRun();
    const own = services(count).slice(index * servicesOfEach, (index + 1) * servicesOfEach);
    return own.map(async ({ id }) => {
      const { inputs } = await provider.check(
        {},
        { serviceId: id, cores: 8, __urn: `urn:pulumi:a::b::c::${id}` },
      );
      await provider.create(inputs!);
    });
  });
  const outcomes = await clock.run(Promise.allSettled(endings.flat()));
  const refused = journal.entries.filter(({ status }) => status === 429).length;
  return {
    failed: outcomes.filter(({ status }) => status === "rejected").length,
    converged: services(count).filter(({ id }) => cloud.coresOf(id) === 8).length,
    refusedShare: refused / journal.count(),
    entries: journal.entries,
  };
}

describe("40 services of one process", function () {
  this.timeout(30_000);
  let outcome: Awaited<ReturnType<typeof scaled>>;
  before(async () => (outcome = await scaled({ processes: 1, servicesOfEach: 40 })));

  it("all converge", () => assert.deepEqual([outcome.failed, outcome.converged], [0, 40]));

  it("have no request refused", () => assert.equal(outcome.refusedShare, 0));

  it("are all changed before the API's limit goes to polls", () => {
    const paths = outcome.entries.map(({ method }) => method);
    const lastChange = paths.lastIndexOf("PATCH");
    // An organisation and a first read for each; the polls that fit between are few.
    assert.ok(lastChange <= 3 * 40 + 10, `the last change is request ${lastChange}`);
  });
});

describe("200 services of five processes that share a key", function () {
  this.timeout(60_000);
  let outcome: Awaited<ReturnType<typeof scaled>>;
  before(async () => (outcome = await scaled({ processes: 5, servicesOfEach: 40 })));

  it("all converge", () => assert.deepEqual([outcome.failed, outcome.converged], [0, 200]));

  it("have a small share of requests refused", () =>
    assert.ok(outcome.refusedShare < 0.1, `${(100 * outcome.refusedShare).toFixed(1)} %`));
});
