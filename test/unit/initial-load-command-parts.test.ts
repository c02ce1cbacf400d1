import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Declared, declaredIn } from "../../cli/initial-load/resources";
import { Display } from "../../cli/initial-load/display";
import { LockedError, unlocked } from "../../cli/initial-load/stack-lock";
import { BurstRecord } from "../../cli/initial-load/record";
import { type Pipes, settle, type Surroundings, type Watched } from "../../cli/initial-load/run";
import { summaryOf } from "../../cli/initial-load/summary";
import type { Phase } from "../../sizing";
import { FakeClock } from "../support/fake-clock";

const MINUTE_MS = 60_000;
const BEGAN = new Date(Date.UTC(2026, 0, 1));

function secret(value: unknown) {
  return {
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    plaintext: JSON.stringify(value),
  };
}

describe("the resources of an exported stack", () => {
  const urn = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/clickpipes:CdcScaling::orders::eu";
  const type = "pulumi-nodejs:dynamic/clickpipes:CdcScaling";
  const outputs = {
    serviceId: "service",
    organizationId: "organization",
    cores: 24,
    steadyCores: 2,
    initialLoad: { cores: 24, endBy: "2026-01-08T00:00:00Z" },
  };
  const inputs = { cores: 24, phase: "initialLoad", burstSince: "2026-01-01T00:00Z" };
  const one = (changed: object = {}) =>
    declaredIn({ resources: [{ urn, type, inputs, outputs, ...changed }] });

  it("are those that declare an initial load, with what the last up decided", () => {
    const [declared, ...others] = one();
    assert.deepEqual(others, []);
    const { name, steadyCores, before, isAboveSteady, since, burst } = declared!;
    assert.deepEqual([name, steadyCores, isAboveSteady], ["orders::eu", 2, true]);
    assert.deepEqual(before, { cores: 24, phase: "initialLoad" });
    assert.deepEqual([since, burst.endBy], [BEGAN, new Date("2026-01-08T00:00:00Z")]);
  });

  it("are none of another type, and none without an initial load", () => {
    assert.deepEqual(one({ type: "clickpipes:index:CdcCompute" }), []);
    assert.deepEqual(one({ outputs: { ...outputs, initialLoad: undefined } }), []);
  });

  it("are above their steady size while a larger one may still arrive", () => {
    assert.equal(one({ outputs: { ...outputs, cores: 2, pendingCores: 24 } })[0]!.isAboveSteady, true);
    assert.equal(one({ outputs: { ...outputs, cores: 2 } })[0]!.isAboveSteady, false);
  });

  it("are read where their ids are secrets", () => {
    const [declared] = one({
      outputs: { ...outputs, serviceId: secret("service"), initialLoad: secret(outputs.initialLoad) },
    });
    assert.deepEqual([declared!.serviceId, declared!.burst.cores], ["service", 24]);
  });

  for (const deployment of [undefined, {}, { resources: [] }]) {
    it(`are none in ${JSON.stringify(deployment)}`, () => assert.deepEqual(declaredIn(deployment), []));
  }
});

describe("what settle shows", () => {
  const clock = () => new FakeClock(1, BEGAN.getTime());
  const watched = (state: string, pipes?: Pipes): Watched[] => [
    {
      declared: {
        urn: "urn",
        name: "orders",
        serviceId: "service",
        organizationId: "organization",
        steadyCores: 2,
        burst: { cores: 24, endBy: new Date("2026-01-08T00:00:00Z") },
        before: { cores: 24 },
        isAboveSteady: true,
        since: BEGAN,
      },
      pipes: pipes ?? {
        db: [
          { id: "a", name: "orders-pg", state },
          { id: "b", name: "users-pg", state: "Running" },
        ],
      },
      reason: "",
      isDue: false,
    },
  ];

  function display(terminal: object = {}) {
    const time = clock();
    let text = "";
    const out = { write: (chunk: string) => ((text += chunk), true), ...terminal };
    return { time, shows: new Display(out, time, undefined), text: () => text };
  }

  it("is a line for each size and each pipe, with the time so far of those that load", () => {
    const { time, shows, text } = display();
    time.suspend(62 * MINUTE_MS);
    shows.show(watched("Snapshot"));
    assert.equal(
      text(),
      "orders: 24 cores at $2.40/h, until 2026-01-08T00:00Z at the latest  1h02m\n" +
        "  orders-pg: Snapshot  1h02m\n  users-pg: Running\n",
    );
  });

  it("is not said again in a log until something has changed, or ten minutes are over", () => {
    const { time, shows, text } = display();
    for (const [minutes, state] of [
      [0, "Setup"],
      [1, "Setup"],
      [1, "Snapshot"],
      [1, "Snapshot"],
      [9, "Snapshot"],
    ] as const) {
      time.suspend(minutes * MINUTE_MS);
      shows.show(watched(state));
    }
    const times = [...text().matchAll(/orders-pg: (\w+ {2}\w+)/g)].map(([, shown]) => shown);
    assert.deepEqual(times, ["Setup  0s", "Snapshot  2m", "Snapshot  12m"]);
  });

  it("is renewed in place in a terminal, within its width", () => {
    const { shows, text } = display({ isTTY: true, columns: 40 });
    shows.show(watched("Snapshot"));
    shows.show(watched("Snapshot"));
    const [first, second] = text().split("\u001b[3A\u001b[0J");
    assert.equal(first, second);
    assert.ok(first!.split("\n").every((line) => line.length < 40));
  });

  it("says why the pipes could not be read", () => {
    const { shows, text } = display();
    shows.show(watched("", { unread: "no API key" }));
    assert.match(text(), /\n {2}the pipes could not be read \(no API key\)\n$/);
  });
});

describe("the record of bursts", () => {
  let folder: string;
  const file = () => join(folder, "settle", "record.json");
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "pulumi-clickpipes-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const BURST = { urn: "urn", name: "orders", cores: 24, steadyCores: 2 };
  const at = (minutes: number) => new Date(BEGAN.getTime() + minutes * MINUTE_MS);
  const timesOf = (record: BurstRecord) =>
    record.all.map(({ from, to, isEndSeen }) => ({ from, to, isEndSeen }));

  it("keeps since when a burst runs, also for the next process", () => {
    new BurstRecord(file()).runsNow(BURST, BEGAN, at(1));
    const record = new BurstRecord(file());
    record.runsNow(BURST, BEGAN, at(2));
    assert.deepEqual(timesOf(record), [{ from: BEGAN, to: undefined, isEndSeen: false }]);
  });

  it("ends those that run no more, once", () => {
    const record = new BurstRecord(file());
    record.runsNow(BURST, BEGAN, at(1));
    record.endOthers([], at(60));
    record.endOthers([], at(90));
    assert.deepEqual(timesOf(record), [{ from: BEGAN, to: at(60), isEndSeen: true }]);
  });

  it("keeps a burst that has ended beside the one that comes after it", () => {
    const record = new BurstRecord(file());
    record.runsNow(BURST, BEGAN, at(1));
    record.endOthers([], at(60));
    record.runsNow(BURST, at(120), at(121));
    assert.deepEqual(
      record.all.map(({ from, to }) => [from, to]),
      [
        [BEGAN, at(60)],
        [at(120), undefined],
      ],
    );
  });

  it("takes the time when it was last seen for the end of a burst that nobody watched, and says so", () => {
    new BurstRecord(file()).runsNow(BURST, BEGAN, at(60));
    const record = new BurstRecord(file());
    record.endOthers([], at(3 * 24 * 60));
    assert.deepEqual(timesOf(record), [{ from: BEGAN, to: at(60), isEndSeen: false }]);
    assert.match(
      summaryOf(record.all, undefined, at(0)),
      /1h .*its end was not watched, and its bill may be higher/,
    );
  });

  it("so does one that began anew while nobody watched", () => {
    new BurstRecord(file()).runsNow(BURST, BEGAN, at(60));
    const record = new BurstRecord(file());
    record.runsNow(BURST, at(600), at(601));
    assert.deepEqual(timesOf(record)[0], { from: BEGAN, to: at(60), isEndSeen: false });
  });

  it("is empty where its file is damaged", () => {
    new BurstRecord(file()).runsNow(BURST, BEGAN, at(1));
    writeFileSync(file(), '[{"urn":');
    assert.deepEqual(new BurstRecord(file()).all, []);
  });

  it("ends no watch where it can't be written", () => {
    writeFileSync(join(folder, "settle"), "a file in the folder's place");
    const record = new BurstRecord(file());
    record.runsNow(BURST, BEGAN, at(1));
    assert.equal(record.all.length, 1);
  });

  it("leaves nothing behind", () => {
    const record = new BurstRecord(file());
    record.runsNow(BURST, BEGAN, at(1));
    record.remove();
    assert.deepEqual(readdirSync(join(folder, "settle")), []);
  });
});

describe("a stack that another command holds", () => {
  const patient = () => {
    const clock = new FakeClock();
    const said: string[] = [];
    return { clock, said, signal: new AbortController().signal, say: (text: string) => void said.push(text) };
  };

  it("is waited for, and that is said once", async () => {
    const on = patient();
    let tries = 0;
    const work = () =>
      ++tries < 4 ? Promise.reject(new LockedError("locked by 1 lock")) : Promise.resolve();
    await on.clock.run(unlocked(on, work));
    assert.equal(tries, 4);
    assert.deepEqual(on.said, [
      "locked by 1 lock\nWaiting for it. Where it was killed, run `pulumi cancel` beside this.",
    ]);
  });

  it("is not waited for for ever", async () => {
    const on = patient();
    await assert.rejects(
      on.clock.run(unlocked(on, () => Promise.reject(new LockedError("locked")))),
      LockedError,
    );
    assert.ok(on.clock.nowMs() >= 35 * MINUTE_MS);
  });
});

describe("a watch over several services", () => {
  const urns = ["a", "b"];

  /** Two services whose loads end at those minutes, on a stack whose `up` does what `fails` does not forbid. */
  function services(
    endMinutes: Readonly<Record<string, number>>,
    fails: (urn: string, minute: number) => boolean,
  ) {
    const clock = new FakeClock(1, BEGAN.getTime());
    const folder = mkdtempSync(join(tmpdir(), "pulumi-clickpipes-"));
    const above = new Map(urns.map((urn) => [urn, true]));
    const phases = new Map<string, Phase>();
    const ups: string[] = [];
    const said: string[] = [];
    const minute = () => clock.nowMs() / MINUTE_MS;
    let exportFails = false;
    const declared = (urn: string): Declared => ({
      urn,
      name: urn,
      serviceId: urn,
      organizationId: "organization",
      steadyCores: 2,
      burst: { cores: 24 },
      before: {
        cores: above.get(urn) ? 24 : 2,
        phase: phases.get(urn) ?? (above.get(urn) ? "initialLoad" : "steady"),
      },
      isAboveSteady: above.get(urn) ?? false,
      since: BEGAN,
    });
    const run = (more: Partial<Surroundings> = {}) =>
      clock
        .run(
          settle({
            deployment: {
              up: async (chosen) => {
                await clock.sleep(MINUTE_MS);
                for (const urn of chosen ?? []) {
                  ups.push(`${urn} at ${Math.floor(minute())}`);
                  if (fails(urn, minute())) throw new Error(`no ${urn}`);
                  above.set(urn, false);
                }
              },
              declared: () =>
                exportFails ? Promise.reject(new Error("503")) : Promise.resolve(urns.map(declared)),
            },
            look: ({ urn }) => {
              const state = minute() < (endMinutes[urn] ?? 0) ? "Snapshot" : "Running";
              return Promise.resolve({ db: [{ id: urn, name: urn, state }] });
            },
            record: new BurstRecord(join(folder, "record.json")),
            clock,
            signal: new AbortController().signal,
            everyMs: 30_000,
            show: () => undefined,
            say: (text) => said.push(text),
            ...more,
          }),
        )
        .finally(() => rmSync(folder, { recursive: true, force: true }));
    return {
      run,
      ups,
      said,
      above,
      phases,
      clock,
      /** The state can't be read between those minutes. */
      breakExports: (from: number, to: number) => {
        clock.at(from * MINUTE_MS, () => (exportFails = true));
        clock.at(to * MINUTE_MS, () => (exportFails = false));
      },
    };
  }
  const never = () => false;

  it("brings each down when its own load is over, and names it alone", async () => {
    const { run, ups } = services({ a: 60, b: 120 }, never);
    await run();
    assert.deepEqual(ups, ["a at 61", "b at 121"]);
  });

  it("keeps none waiting for one whose up fails for good, and fails in the end", async () => {
    const { run, ups, above } = services({ a: 60, b: 90 }, (urn) => urn === "a");
    await assert.rejects(run(), /^Error: no a$/);
    assert.ok(ups.includes("b at 91"), ups.join());
    assert.deepEqual([...above.values()], [true, false]);
    assert.equal(ups.filter((up) => up.startsWith("a")).length, 12);
  });

  it("bears a state that can't be read for a while", async () => {
    const { run, ups, said, breakExports } = services({ a: 60, b: 120 }, never);
    breakExports(50, 70);
    await run();
    assert.match(said.join("\n"), /The stack's state could not be read: 503/);
    assert.equal(ups.at(-1), "b at 121");
  });

  it("sees a burst that begins again while another one runs", async () => {
    const world = services({ a: 60, b: 240 }, never);
    world.clock.at(100 * MINUTE_MS, () => world.above.set("a", true));
    await world.run();
    assert.deepEqual(world.ups, ["a at 61", "a at 101", "b at 241"]);
  });

  it("goes on looking where nobody knew whether a burst is called for", async () => {
    const world = services({ a: 0, b: 0 }, never);
    for (const urn of urns) world.above.set(urn, false);
    world.phases.set("a", "unknown");
    let looks = 0;
    const look = () => {
      looks += 1;
      const pipes = { db: [{ id: "a", name: "a", state: "Running" }] };
      return Promise.resolve(looks < 5 ? { unread: "down" } : pipes);
    };
    await world.run({ look });
    assert.equal(looks, 5);
    assert.deepEqual(world.ups, []);
  });

  it("fails where nothing declares an initial load", async () => {
    const { run } = services({}, never);
    const deployment = { up: () => Promise.resolve(), declared: () => Promise.resolve([]) };
    await assert.rejects(run({ deployment }), /no resource of this stack declares an initial load/);
  });

  it("pauses after an up that left the burst as it was", async () => {
    const stubborn = services({ a: 0 }, never);
    let left = 3;
    const declared = () => Promise.resolve(left > 0 ? [one()] : [{ ...one(), isAboveSteady: false }]);
    const one = (): Declared => ({
      urn: "a",
      name: "a",
      serviceId: "a",
      organizationId: "organization",
      steadyCores: 2,
      burst: { cores: 24 },
      before: { cores: 24, phase: "initialLoad" },
      isAboveSteady: true,
      since: BEGAN,
    });
    const times: number[] = [];
    const up = (chosen?: readonly string[]) => {
      if (chosen !== undefined) times.push((left--, stubborn.clock.nowMs()));
      return Promise.resolve();
    };
    await stubborn.run({ deployment: { up, declared } });
    assert.deepEqual(times, [0, 30_000, 60_000]);
  });
});
