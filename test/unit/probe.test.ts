import assert from "node:assert/strict";
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
import { QUESTIONS, type Question, renderTable } from "../../tools/probe/findings";
import { ProbeClient } from "../../tools/probe/probe-client";
import { probeRateLimit } from "../../tools/probe/probe-rate-limit";
import { findOrganization, probeWithReads } from "../../tools/probe/probe-reads";
import { WriteProbe } from "../../tools/probe/probe-writes";
import { chooseSteps, ServiceSize } from "../../tools/probe/service-size";

const PATH = ["organizations", DEFAULT_ORGANIZATION_ID, "services", DEFAULT_SERVICE_ID];

/** One service of each kind that the probe needs. It may change the first. */
const SEED: Seed = {
  organizations: createSeed(4).organizations.map((organization) => ({
    ...organization,
    services: createServices(4).map((service, index) => {
      if (index === 1) return { ...service, state: "idle" as const };
      return index === 2 ? { ...service, clickPipes: [] } : service;
    }),
  })),
};

function createProbe(
  guesses: Partial<Guesses> = {},
  signal = new AbortController().signal,
  convergenceMs: ConvergenceMs = [180_000, 300_000],
) {
  const world = createSimulation({ seed: SEED, guesses, convergenceMs });
  const client = new ProbeClient(world.transport, new Limiter(world.clock), world.clock, signal);
  const printed: string[] = [];
  const print = (text: string) => printed.push(text);
  const probe = new WriteProbe(new ServiceSize(client, PATH, print), world.clock, print);
  return { ...world, client, probe, printed };
}

const EVERY_SWITCH = Object.entries(GUESS_VALUES).flatMap(([name, values]) =>
  values.map((value) => ({ name: name as keyof Guesses, value })),
);
const TESTED_BY_READS = new Set<Question>(["statusBeforeFirstPipe", "readWhileIdle"]);
/** By a resize during a load: `probe-load.test.ts` tests that. */
const TESTED_WHILE_LOADING = new Set<Question>(["resizeDuringSnapshot"]);
const TESTED_BY_RATE_LIMIT = new Set<Question>(["countRefusedRequests", "rateLimit"]);

describe("the probe", () => {
  for (const { name, value } of EVERY_SWITCH.filter((tested) => !TESTED_WHILE_LOADING.has(tested.name))) {
    it(`finds that ${name} is ${value}`, async () => {
      const { client, clock, cloud, probe } = createProbe({ [name]: value });
      const found = await clock.run(
        TESTED_BY_READS.has(name)
          ? probeWithReads(client, DEFAULT_ORGANIZATION_ID)
          : TESTED_BY_RATE_LIMIT.has(name)
            ? probeRateLimit(client, DEFAULT_ORGANIZATION_ID)
            : probe.run(chooseSteps(toSize(2))),
      );
      const expected = name === "maxCores" && value === 32 ? /^more than 24, 32/ : new RegExp(`^${value}$`);
      assert.match(found[name] ?? "", expected);
      assert.equal(cloud.getCores(DEFAULT_SERVICE_ID), 2);
    });
  }

  it("sends no change without --write", async () => {
    const { client, clock, journal } = createProbe();
    await clock.run(probeWithReads(client, DEFAULT_ORGANIZATION_ID));
    await clock.run(probeRateLimit(client, DEFAULT_ORGANIZATION_ID));
    assert.equal(journal.count("PATCH"), 0);
    assert.ok(journal.count() > 0);
  });

  it("finds the only organization that the key can read", async () => {
    const { client, clock } = createProbe();
    assert.equal(await clock.run(findOrganization(client)), DEFAULT_ORGANIZATION_ID);
  });

  it("reports what it could not observe", async () => {
    const { clock, transport } = createSimulation();
    const client = new ProbeClient(transport, new Limiter(clock), clock, new AbortController().signal);
    const found = await clock.run(probeWithReads(client, DEFAULT_ORGANIZATION_ID));
    assert.match(found.statusBeforeFirstPipe ?? "", /not observed/);
    assert.match(found.readWhileIdle ?? "", /not observed/);
  });

  for (const [what, status] of [
    ["refused", 403],
    ["failing", 500],
  ] as const) {
    it(`reads other services if one is ${what}`, async () => {
      const { client, clock, faults } = createProbe();
      const path = new RegExp(`${DEFAULT_SERVICE_ID}/clickpipes$`);
      faults.add({ path, fault: { kind: "status", status }, times: Infinity });
      const found = await clock.run(probeWithReads(client, DEFAULT_ORGANIZATION_ID));
      assert.deepEqual(found, { statusBeforeFirstPipe: "404", readWhileIdle: "424" });
    });
  }

  it("reports how many services it could not read if it found none of a kind", async () => {
    const { client, clock, faults } = createProbe();
    faults.add({ path: /clickpipes$/, fault: { kind: "status", status: 403 }, times: Infinity });
    const found = await clock.run(probeWithReads(client, DEFAULT_ORGANIZATION_ID));
    assert.match(found.statusBeforeFirstPipe ?? "", /^not observed: .*; 3 of 4 services could not be read$/);
  });

  it("reports the headers of a 429 with their values", async () => {
    const { client, clock } = createProbe();
    const { rateLimit } = await clock.run(probeRateLimit(client, DEFAULT_ORGANIZATION_ID));
    assert.match(rateLimit ?? "", /^X-RateLimit-.*: \d+/);
  });

  it("measures how long a change takes to arrive", async () => {
    const { clock, probe } = createProbe();
    const { convergence } = await clock.run(probe.run(chooseSteps(toSize(2))));
    const seconds = Number(/^(\d+) s$/.exec(convergence ?? "")?.[1]);
    assert.ok(seconds >= 180 && seconds <= 320, convergence);
  });

  it("chooses smaller sizes if there are no larger ones", () => {
    assert.deepEqual(chooseSteps(toSize(24)), { before: toSize(24), one: toSize(23), two: toSize(22) });
  });

  for (const patchDuringChange of GUESS_VALUES.patchDuringChange) {
    it(`reports nothing about a PATCH that ${patchDuringChange} if the first change arrives too early`, async () => {
      const { clock, probe } = createProbe({ patchDuringChange }, undefined, 4_000);
      const found = await clock.run(probe.run(chooseSteps(toSize(2))));
      assert.equal(found.patchDuringChange, "not observed: the change had arrived");
    });

    it(`restores the size after an interruption if a PATCH during a change ${patchDuringChange}`, async () => {
      const interrupted = new AbortController();
      const { clock, cloud, probe, printed } = createProbe({ patchDuringChange }, interrupted.signal);
      clock.scheduleAt(100_000, () => interrupted.abort(new Error("interrupted")));
      await assert.rejects(clock.run(probe.run(chooseSteps(toSize(2)))), /interrupted/);
      await clock.run(clock.sleep(700_000));
      assert.equal(cloud.getCores(DEFAULT_SERVICE_ID), 2);
      assert.equal(printed.at(-1), "requested 2 cores again; they arrive within minutes");
      assert.ok(printed.includes("restoring the size; interrupt again to leave it as it is"), printed.join());
      assert.equal(
        printed.join().includes("another change is in progress"),
        patchDuringChange === "conflicts",
      );
    });
  }

  it("restores the size after an error of the API", async () => {
    const { clock, cloud, faults, probe } = createProbe();
    clock.scheduleAt(100_000, () => faults.add({ method: "GET", fault: { kind: "status", status: 403 } }));
    await assert.rejects(clock.run(probe.run(chooseSteps(toSize(2)))), /HTTP 403 \(request ID \S+\)/);
    assert.equal(cloud.getCores(DEFAULT_SERVICE_ID), 2);
  });

  it("renders a row for each question, tested or not, without an id", async () => {
    const { client, clock } = createProbe();
    const table = renderTable(await clock.run(probeWithReads(client, DEFAULT_ORGANIZATION_ID)));
    assert.equal(table.split("\n").length, 2 + Object.keys(QUESTIONS).length);
    assert.match(table, /\| `patchAnswers` \| not tested \|/);
    assert.doesNotMatch(table, /[0-9a-f]{8}-[0-9a-f]{4}/);
  });

  it("has a question for every guess", () => {
    assert.deepEqual(
      Object.keys(GUESS_VALUES).filter((name) => !(name in QUESTIONS)),
      [],
    );
  });
});
