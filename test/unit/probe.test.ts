import assert from "node:assert/strict";
import { Caller } from "../../tools/probe/caller";
import { QUESTIONS, type Question, tableOf } from "../../tools/probe/findings";
import { limitFindings, onlyOrganization, readFindings } from "../../tools/probe/reads";
import { stepsFrom, Writes } from "../../tools/probe/writes";
import {
  type ConvergenceMs,
  createSeed,
  createServices,
  DEFAULT_ORGANIZATION_ID,
  DEFAULT_SERVICE_ID,
  GUESS_VALUES,
  type Guesses,
  type Seed,
} from "../../emulator";
import { Limiter } from "../../provider/cloud/rate-limit/limiter";
import { toSize } from "../../sizing";
import { createSimulation } from "../../simulation/simulation";

const PATH = [
  "organizations",
  DEFAULT_ORGANIZATION_ID,
  "services",
  DEFAULT_SERVICE_ID,
  "clickpipesCdcScaling",
];

/** Services of each kind that the probe looks for; the first is the one that it may change. */
const SEED: Seed = {
  organizations: createSeed(4).organizations.map((organization) => ({
    ...organization,
    services: createServices(4).map((service, index) => {
      if (index === 1) return { ...service, state: "idle" as const };
      return index === 2 ? { ...service, clickPipes: [] } : service;
    }),
  })),
};

function probing(
  guesses: Partial<Guesses> = {},
  signal = new AbortController().signal,
  convergenceMs: ConvergenceMs = [180_000, 300_000],
) {
  const world = createSimulation({ seed: SEED, guesses, convergenceMs });
  const caller = new Caller(world.transport, new Limiter(world.clock), world.clock, signal);
  const said: string[] = [];
  const writes = new Writes(caller, PATH, (text) => said.push(text));
  return { ...world, caller, writes, said };
}

const EVERY_SWITCH = Object.entries(GUESS_VALUES).flatMap(([name, values]) =>
  values.map((value) => ({ name: name as keyof Guesses, value })),
);
const BY_READS = new Set<Question>(["statusBeforeFirstPipe", "readWhileIdle"]);
const BY_LIMIT = new Set<Question>(["countRefusedRequests", "rateLimit"]);

describe("the probe", () => {
  for (const { name, value } of EVERY_SWITCH) {
    it(`finds that ${name} is ${value}`, async () => {
      const { caller, clock, cloud, writes } = probing({ [name]: value });
      const found = await clock.run(
        BY_READS.has(name)
          ? readFindings(caller, DEFAULT_ORGANIZATION_ID)
          : BY_LIMIT.has(name)
            ? limitFindings(caller, DEFAULT_ORGANIZATION_ID)
            : writes.findings(stepsFrom(toSize(2))),
      );
      const expected = name === "maxCores" && value === 32 ? /^more than 24, 32/ : new RegExp(`^${value}$`);
      assert.match(found[name] ?? "", expected);
      assert.equal(cloud.getCores(DEFAULT_SERVICE_ID), 2);
    });
  }

  it("changes nothing where it was not told to", async () => {
    const { caller, clock, journal } = probing();
    await clock.run(readFindings(caller, DEFAULT_ORGANIZATION_ID));
    await clock.run(limitFindings(caller, DEFAULT_ORGANIZATION_ID));
    assert.equal(journal.count("PATCH"), 0);
    assert.ok(journal.count() > 0);
  });

  it("finds the key's only organization", async () => {
    const { caller, clock } = probing();
    assert.equal(await clock.run(onlyOrganization(caller)), DEFAULT_ORGANIZATION_ID);
  });

  it("says what it could not see", async () => {
    const { clock, transport } = createSimulation();
    const caller = new Caller(transport, new Limiter(clock), clock, new AbortController().signal);
    const found = await clock.run(readFindings(caller, DEFAULT_ORGANIZATION_ID));
    assert.match(found.statusBeforeFirstPipe ?? "", /not seen/);
    assert.match(found.readWhileIdle ?? "", /not seen/);
  });

  for (const [what, status] of [
    ["refused", 403],
    ["failing", 500],
  ] as const) {
    it(`goes on to other services where one is ${what}`, async () => {
      const { caller, clock, faults } = probing();
      const path = new RegExp(`${DEFAULT_SERVICE_ID}/clickpipes$`);
      faults.add({ path, fault: { kind: "status", status }, times: Infinity });
      const found = await clock.run(readFindings(caller, DEFAULT_ORGANIZATION_ID));
      assert.deepEqual(found, { statusBeforeFirstPipe: "404", readWhileIdle: "424" });
    });
  }

  it("says how many services it could not read, where it has seen none of a kind", async () => {
    const { caller, clock, faults } = probing();
    faults.add({ path: /clickpipes$/, fault: { kind: "status", status: 403 }, times: Infinity });
    const found = await clock.run(readFindings(caller, DEFAULT_ORGANIZATION_ID));
    assert.match(found.statusBeforeFirstPipe ?? "", /^not seen: .*; 3 of 4 services could not be read$/);
  });

  it("names the header of a 429, and its value", async () => {
    const { caller, clock } = probing();
    const { rateLimit } = await clock.run(limitFindings(caller, DEFAULT_ORGANIZATION_ID));
    assert.match(rateLimit ?? "", /^X-RateLimit-.*: \d+/);
  });

  it("measures how long a change takes to arrive", async () => {
    const { clock, writes } = probing();
    const { convergence } = await clock.run(writes.findings(stepsFrom(toSize(2))));
    const seconds = Number(/^(\d+) s$/.exec(convergence ?? "")?.[1]);
    assert.ok(seconds >= 180 && seconds <= 320, convergence);
  });

  it("goes down where there is no room above", () => {
    assert.deepEqual(stepsFrom(toSize(24)), { before: toSize(24), one: toSize(23), two: toSize(22) });
  });

  for (const patchDuringChange of GUESS_VALUES.patchDuringChange) {
    it(`says nothing of a PATCH during a change that ${patchDuringChange}, where changes arrive too soon for one`, async () => {
      const { clock, writes } = probing({ patchDuringChange }, undefined, 4_000);
      const found = await clock.run(writes.findings(stepsFrom(toSize(2))));
      assert.equal(found.patchDuringChange, "not seen: the change had arrived");
    });

    it(`puts the size back where it is interrupted, and a PATCH during a change ${patchDuringChange}`, async () => {
      const interrupted = new AbortController();
      const { clock, cloud, writes, said } = probing({ patchDuringChange }, interrupted.signal);
      clock.at(100_000, () => interrupted.abort(new Error("interrupted")));
      await assert.rejects(clock.run(writes.findings(stepsFrom(toSize(2)))), /interrupted/);
      await clock.run(clock.sleep(700_000));
      assert.equal(cloud.getCores(DEFAULT_SERVICE_ID), 2);
      assert.equal(said.at(-1), "asked for 2 cores again; they arrive within minutes");
      assert.ok(said.includes("putting the size back; interrupt again to leave it"), said.join());
      assert.equal(said.join().includes("another change is under way"), patchDuringChange === "conflicts");
    });
  }

  it("puts the size back where the API fails it", async () => {
    const { clock, cloud, faults, writes } = probing();
    clock.at(100_000, () => faults.add({ method: "GET", fault: { kind: "status", status: 403 } }));
    await assert.rejects(clock.run(writes.findings(stepsFrom(toSize(2)))), /answered 403 \(requestId \S+\)/);
    assert.equal(cloud.getCores(DEFAULT_SERVICE_ID), 2);
  });

  it("prints a row for each question, asked or not, without an id", async () => {
    const { caller, clock } = probing();
    const table = tableOf(await clock.run(readFindings(caller, DEFAULT_ORGANIZATION_ID)));
    assert.equal(table.split("\n").length, 2 + Object.keys(QUESTIONS).length);
    assert.match(table, /\| `patchAnswers` \| not tried \|/);
    assert.doesNotMatch(table, /[0-9a-f]{8}-[0-9a-f]{4}/);
  });

  it("has a question for every guess", () => {
    assert.deepEqual(
      Object.keys(GUESS_VALUES).filter((name) => !(name in QUESTIONS)),
      [],
    );
  });
});
