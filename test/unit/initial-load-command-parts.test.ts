import assert from "node:assert/strict";
import { Display } from "../../cli/initial-load/display";
import { findInitialLoads, type InitialLoadResource } from "../../cli/initial-load/resources";
import { type Pipes, type ResourceStatus, runInitialLoad, type RunContext } from "../../cli/initial-load/run";
import { JsonLines } from "../../cli/initial-load/json-lines";
import { Terminal } from "../../cli/terminal/terminal";
import { StackLockedError } from "../../cli/initial-load/up-retries";
import type { Phase } from "../../sizing";
import { FakeClock } from "../../simulation/fake-clock";

const MINUTE_MS = 60_000;
const STARTED_AT = new Date(Date.UTC(2026, 0, 1));

function createSecret(value: unknown) {
  return {
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    plaintext: JSON.stringify(value),
  };
}

describe("findInitialLoads", () => {
  const urn = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/clickpipes:CdcScaling::orders::eu";
  const type = "pulumi-nodejs:dynamic/clickpipes:CdcScaling";
  const outputs = {
    serviceId: "service",
    organizationId: "organization",
    cores: 2,
    currentCores: 24,
    burstSince: "2026-01-01T00:00Z",
    initialLoad: { cores: 24, endBy: "2026-01-08T00:00:00Z" },
  };
  const inputs = { cores: 2, currentCores: 24, phase: "initialLoad" };
  const findOne = (changed: object = {}) =>
    findInitialLoads({ resources: [{ urn, type, inputs, outputs, ...changed }] });

  it("returns the resources that declare an initial load, with the last up's decision", () => {
    const [resource, ...others] = findOne();
    assert.deepEqual(others, []);
    const { name, steadyCores, lastDecision, isAboveSteady, burstSince, burst } = resource!;
    assert.deepEqual([name, steadyCores, isAboveSteady], ["orders::eu", 2, true]);
    assert.deepEqual([lastDecision.cores, lastDecision.phase], [24, "initialLoad"]);
    assert.deepEqual([burstSince, burst.endBy], [STARTED_AT, new Date("2026-01-08T00:00:00Z")]);
  });

  it("ignores other types and resources without an initial load", () => {
    assert.deepEqual(findOne({ type: "clickpipes:index:CdcCompute" }), []);
    assert.deepEqual(findOne({ outputs: { ...outputs, initialLoad: undefined } }), []);
  });

  it("counts a resource as above its steady size while a larger size may still arrive", () => {
    assert.equal(
      findOne({ outputs: { ...outputs, currentCores: 2, pendingCores: 24 } })[0]!.isAboveSteady,
      true,
    );
    assert.equal(findOne({ outputs: { ...outputs, currentCores: 2 } })[0]!.isAboveSteady, false);
  });

  it("reads ids that are secrets", () => {
    const [resource] = findOne({
      outputs: {
        ...outputs,
        serviceId: createSecret("service"),
        initialLoad: createSecret(outputs.initialLoad),
      },
    });
    assert.deepEqual([resource!.serviceId, resource!.burst.cores], ["service", 24]);
  });

  it("returns the last burst, and when the active one started", () => {
    const lastBurst = { cores: 24, from: "2026-01-01T00:00Z", to: "2026-01-01T06:00:00.000Z" };
    const [resource] = findOne({
      inputs: { cores: 2, currentCores: 2 },
      outputs: { ...outputs, lastBurst },
    });
    const to = new Date("2026-01-01T06:00Z");
    assert.deepEqual(resource!.lastBurst, { cores: 24, from: STARTED_AT, to });
    assert.deepEqual(resource!.burstSince, STARTED_AT);
  });

  for (const deployment of [undefined, {}, { resources: [] }]) {
    it(`returns nothing for ${JSON.stringify(deployment)}`, () =>
      assert.deepEqual(findInitialLoads(deployment), []));
  }
});

const createStatuses = (state: string, pipes?: Pipes): ResourceStatus[] => [
  {
    resource: {
      urn: "urn",
      name: "orders",
      serviceId: "service",
      organizationId: "organization",
      steadyCores: 2,
      burst: { cores: 24, endBy: new Date("2026-01-08T00:00:00Z") },
      lastDecision: { cores: 24 },
      isAboveSteady: true,
      burstSince: STARTED_AT,
      lastBurst: undefined,
    },
    pipes: pipes ?? {
      db: [
        { id: "a", name: "orders-pg", state },
        { id: "b", name: "users-pg", state: "Running" },
      ],
    },
    reason: "",
    needsUp: false,
  },
];

describe("the display", () => {
  const createClock = () => new FakeClock(1, STARTED_AT.getTime());
  function createDisplay(terminal: object = {}, variables: NodeJS.ProcessEnv = {}) {
    const time = createClock();
    let text = "";
    const out = { write: (chunk: string) => ((text += chunk), true), ...terminal };
    const display = new Display(new Terminal(out, variables), time, undefined);
    return { time, shows: display, getText: () => text };
  }

  it("has a line for each size and each pipe, with the time so far of those that are loading", () => {
    const { time, shows, getText: text } = createDisplay();
    time.suspend(62 * MINUTE_MS);
    shows.show(createStatuses("Snapshot"));
    assert.equal(
      text(),
      "orders: 24 cores at $2.40/h, until 2026-01-08T00:00Z at the latest  1h02m\n" +
        "  orders-pg: Snapshot  1h02m\n  users-pg: Running\n",
    );
  });

  it("repeats a line in a log only if it changed or four minutes have passed", () => {
    const { time, shows, getText: text } = createDisplay();
    for (const [minutes, state] of [
      [0, "Setup"],
      [1, "Setup"],
      [1, "Snapshot"],
      [1, "Snapshot"],
      [3, "Snapshot"],
    ] as const) {
      time.suspend(minutes * MINUTE_MS);
      shows.show(createStatuses(state));
    }
    const times = [...text().matchAll(/orders-pg: (\w+ {2}\w+)/g)].map(([, shown]) => shown);
    assert.deepEqual(times, ["Setup  0s", "Snapshot  2m", "Snapshot  6m"]);
  });

  it("draws attention to a pipe that may not be loading, with the reason", () => {
    const { shows, getText: text } = createDisplay();
    shows.show(createStatuses("Failed"));
    assert.match(
      text(),
      /orders-pg: Failed \(attention: it loads nothing now, but a resync loads everything again\)/,
    );
  });

  it("redraws its lines in a terminal, within its width", () => {
    const { shows, getText: text } = createDisplay({ isTTY: true, columns: 40 });
    shows.show(createStatuses("Snapshot"));
    shows.show(createStatuses("Snapshot"));
    const [first, second] = text().split("\u001b[4A\u001b[0J");
    assert.equal(first, second);
    assert.equal(
      first,
      "orders: 24 cores at $2.40/h, until\n  2026-01-08T00:00Z at the latest  0s\n  orders-pg: Snapshot  0s\n  users-pg: Running\n",
    );
  });

  it("redraws nothing in a terminal that can't move its cursor", () => {
    const { shows, getText: text } = createDisplay({ isTTY: true, columns: 80 }, { TERM: "dumb" });
    shows.show(createStatuses("Snapshot"));
    shows.show(createStatuses("Snapshot"));
    assert.doesNotMatch(text(), /\u001b/);
    assert.equal(text().match(/orders-pg/g)?.length, 1);
  });

  it("colors what may not be loading and not what is, in a terminal with colors", () => {
    const { shows, getText: text } = createDisplay({ isTTY: true, columns: 200 }, { TERM: "xterm-256color" });
    shows.show(createStatuses("Failed"));
    assert.match(text(), /^\u001b\[1morders: 24 cores .*\u001b\[22m {2}0s$/m);
    assert.match(text(), /^\u001b\[33m {2}orders-pg: Failed .*\u001b\[39m {2}0s$/m);
    assert.match(text(), /^ {2}users-pg: Running$/m);
  });

  it("says why the pipes can't be read", () => {
    const { shows, getText: text } = createDisplay();
    shows.show(createStatuses("", { unread: "no API key" }));
    assert.match(text(), /\n {2}can't read the pipes \(no API key\)\n$/);
  });
});

describe("the lines of JSON", () => {
  function createLines() {
    const time = new FakeClock(1, STARTED_AT.getTime());
    const lines: unknown[] = [];
    const json = new JsonLines((line) => lines.push(JSON.parse(line)), time, undefined);
    return { time, json, lines };
  }

  it("have the size, its cost and the pipes of a service", () => {
    const { json, lines } = createLines();
    json.show(createStatuses("Snapshot"));
    assert.deepEqual(lines, [
      {
        event: "status",
        time: "2026-01-01T00:00:00.000Z",
        name: "orders",
        serviceId: "service",
        cores: 24,
        usdPerHour: 2.4,
        since: "2026-01-01T00:00:00.000Z",
        endBy: "2026-01-08T00:00:00.000Z",
        pipes: [
          { id: "a", name: "orders-pg", state: "Snapshot", load: "loading" },
          { id: "b", name: "users-pg", state: "Running", load: "done" },
        ],
        unread: null,
      },
    ]);
  });

  it("say why the pipes can't be read", () => {
    const { json, lines } = createLines();
    json.show(createStatuses("", { unread: "no API key" }));
    const [{ pipes, unread }] = lines as [{ pipes: null; unread: string }];
    assert.deepEqual([pipes, unread], [null, "no API key"]);
  });

  it("repeat a service only if it changed or four minutes have passed", () => {
    const { time, json, lines } = createLines();
    for (const [minutes, state] of [
      [0, "Setup"],
      [1, "Setup"],
      [1, "Snapshot"],
      [3, "Snapshot"],
      [1, "Snapshot"],
    ] as const) {
      time.suspend(minutes * MINUTE_MS);
      json.show(createStatuses(state));
    }
    const minutes = lines.map((line) => new Date((line as { time: string }).time).getUTCMinutes());
    assert.deepEqual(minutes, [0, 2, 6]);
  });

  it("end with what each burst has cost, and the sum", () => {
    const { json, lines } = createLines();
    const [from, to] = [STARTED_AT, new Date(STARTED_AT.getTime() + 61 * MINUTE_MS)];
    const burst = { name: "orders", cores: 24, steadyCores: 2, from, to, billedFrom: from };
    json.finish([burst, { ...burst, name: "users", cores: 8 }]);
    const ended = { steadyCores: 2, from: from.toISOString(), to: to.toISOString(), startedHours: 2 };
    assert.deepEqual(lines, [
      {
        event: "done",
        time: "2026-01-01T00:00:00.000Z",
        bursts: [
          { name: "orders", cores: 24, usd: 4.8, ...ended },
          { name: "users", cores: 8, usd: 1.6, ...ended },
        ],
        usd: 6.4,
      },
    ]);
  });

  it("keep what a person would read, and whether it is a warning", () => {
    const { json, lines } = createLines();
    json.print("a\nb");
    json.warn("c");
    const time = "2026-01-01T00:00:00.000Z";
    assert.deepEqual(lines, [
      { event: "message", time, text: "a\nb" },
      { event: "warning", time, text: "c" },
    ]);
  });
});

describe("a run over several services", () => {
  const urns = ["a", "b"];

  /** Two services whose loads end at those minutes, on a stack whose `up` fails if `fails` says so. */
  function createServices(
    endMinutes: Readonly<Record<string, number>>,
    isFailing: (urn: string, minute: number) => boolean,
  ) {
    const clock = new FakeClock(1, STARTED_AT.getTime());
    const above = new Map(urns.map((urn) => [urn, true]));
    const phases = new Map<string, Phase>();
    const ups: string[] = [];
    const printed: string[] = [];
    const getMinute = () => clock.nowMs() / MINUTE_MS;
    let exportFails = false;
    const createResource = (urn: string): InitialLoadResource => ({
      urn,
      name: urn,
      serviceId: urn,
      organizationId: "organization",
      steadyCores: 2,
      burst: { cores: 24 },
      lastDecision: {
        cores: above.get(urn) ? 24 : 2,
        phase: phases.get(urn) ?? (above.get(urn) ? "initialLoad" : "steady"),
      },
      isAboveSteady: above.get(urn) ?? false,
      burstSince: STARTED_AT,
      lastBurst: undefined,
    });
    const run = (more: Partial<RunContext> = {}) =>
      clock.run(
        runInitialLoad({
          stack: {
            up: async (chosen) => {
              await clock.sleep(MINUTE_MS);
              for (const urn of chosen ?? []) {
                ups.push(`${urn} at ${Math.floor(getMinute())}`);
                if (isFailing(urn, getMinute())) throw new Error(`no ${urn}`);
                above.set(urn, false);
              }
            },
            readResources: () =>
              exportFails ? Promise.reject(new Error("503")) : Promise.resolve(urns.map(createResource)),
          },
          readPipes: ({ urn }) => {
            const state = getMinute() < (endMinutes[urn] ?? 0) ? "Snapshot" : "Running";
            return Promise.resolve({ db: [{ id: urn, name: urn, state }] });
          },
          clock,
          signal: new AbortController().signal,
          everyMs: 30_000,
          show: () => undefined,
          print: (text) => printed.push(text),
          warn: (text) => printed.push(text),
          ...more,
        }),
      );
    return {
      run,
      readResources: () => Promise.resolve(urns.map(createResource)),
      ups,
      printed,
      above,
      phases,
      clock,
      /** The state can't be read between those minutes. */
      breakExports: (from: number, to: number) => {
        clock.scheduleAt(from * MINUTE_MS, () => (exportFails = true));
        clock.scheduleAt(to * MINUTE_MS, () => (exportFails = false));
      },
    };
  }
  const isNeverFailing = () => false;

  it("scales each service down when its own load is done, by an up of it alone", async () => {
    const { run, ups } = createServices({ a: 60, b: 120 }, isNeverFailing);
    await run();
    assert.deepEqual(ups, ["a at 61", "b at 121"]);
  });

  it("scales the others down in time if the up of one keeps failing, and fails in the end", async () => {
    const { run, ups, above } = createServices({ a: 60, b: 90 }, (urn) => urn === "a");
    await assert.rejects(run(), /^Error: no a$/);
    assert.ok(ups.includes("b at 91"), ups.join());
    assert.deepEqual([...above.values()], [true, false]);
    assert.equal(ups.filter((up) => up.startsWith("a")).length, 12);
  });

  it("retries with growing delays, also if the pipes are read less often", async () => {
    const failures = 3;
    const { run, ups, clock } = createServices({ a: 0 }, () => ups.length <= failures);
    const times: number[] = [];
    const print = (text: string) => text.startsWith("`pulumi up` failed") && times.push(clock.nowMs());
    await run({ everyMs: 3_600_000, warn: (text) => void print(text) });
    const delays = times.slice(1).map((time, index) => time - times[index]! - MINUTE_MS);
    assert.deepEqual(delays, [10_000, 20_000]);
  });

  for (const [what, lockedAtUp] of [
    ["first", 1],
    ["last", 2],
  ] as const) {
    it(`waits for its ${what} up if another command holds the stack's lock`, async () => {
      const world = createServices({ a: 60, b: 0 }, isNeverFailing);
      world.above.set("b", false);
      let ups = 0;
      let lockedTries = 3;
      const up = (urns?: readonly string[]): Promise<void> => {
        if (ups + 1 === lockedAtUp && lockedTries-- > 0)
          return Promise.reject(new StackLockedError("locked by 1 lock"));
        ups += 1;
        for (const urn of urns ?? []) world.above.set(urn, false);
        return Promise.resolve();
      };
      await world.run({ stack: { up, readResources: world.readResources } });
      assert.equal(ups, 2);
      assert.deepEqual(
        world.printed.filter((text) => text.startsWith("`pulumi up`")),
        [10, 20, 40].map(
          (seconds) =>
            `\`pulumi up\` failed: locked by 1 lock\nRetrying in ${seconds} s. If the other command was killed, run ` +
            "`pulumi cancel` in another terminal.",
        ),
      );
    });
  }

  it("stops waiting for a lock after more than 35 minutes", async () => {
    const { run, clock } = createServices({}, isNeverFailing);
    const up = () => Promise.reject(new StackLockedError("locked"));
    await assert.rejects(run({ stack: { up, readResources: () => Promise.resolve([]) } }), StackLockedError);
    assert.ok(clock.nowMs() >= 35 * MINUTE_MS);
  });

  it("does not retry a first up that fails for another reason than a lock", async () => {
    const { run, clock } = createServices({}, isNeverFailing);
    const up = () => Promise.reject(new Error("no such program"));
    await assert.rejects(run({ stack: { up, readResources: () => Promise.resolve([]) } }), /no such program/);
    assert.equal(clock.nowMs(), 0);
  });

  it("continues if the state can't be read for a while", async () => {
    const { run, ups, printed, breakExports } = createServices({ a: 60, b: 120 }, isNeverFailing);
    breakExports(50, 70);
    await run();
    assert.match(printed.join("\n"), /The stack's state could not be read: 503/);
    assert.equal(ups.at(-1), "b at 121");
  });

  it("ends a burst that starts again while another one is active", async () => {
    const world = createServices({ a: 60, b: 240 }, isNeverFailing);
    world.clock.scheduleAt(100 * MINUTE_MS, () => world.above.set("a", true));
    await world.run();
    assert.deepEqual(world.ups, ["a at 61", "a at 101", "b at 241"]);
  });

  it("keeps reading the pipes if the first up could not read them", async () => {
    const world = createServices({ a: 0, b: 0 }, isNeverFailing);
    for (const urn of urns) world.above.set(urn, false);
    world.phases.set("a", "unknown");
    let reads = 0;
    const readPipes = () => {
      reads += 1;
      const pipes = { db: [{ id: "a", name: "a", state: "Running" }] };
      return Promise.resolve(reads < 5 ? { unread: "down" } : pipes);
    };
    await world.run({ readPipes });
    assert.equal(reads, 5);
    assert.deepEqual(world.ups, []);
  });

  it("fails if no resource declares an initial load", async () => {
    const { run } = createServices({}, isNeverFailing);
    const stack = { up: () => Promise.resolve(), readResources: () => Promise.resolve([]) };
    await assert.rejects(run({ stack }), /no resource of this stack declares initialLoad/);
  });

  it("pauses after an up that left the burst active", async () => {
    const stubborn = createServices({ a: 0 }, isNeverFailing);
    let left = 3;
    const readResources = () =>
      Promise.resolve(left > 0 ? [createInitialLoad()] : [{ ...createInitialLoad(), isAboveSteady: false }]);
    const createInitialLoad = (): InitialLoadResource => ({
      urn: "a",
      name: "a",
      serviceId: "a",
      organizationId: "organization",
      steadyCores: 2,
      burst: { cores: 24 },
      lastDecision: { cores: 24, phase: "initialLoad" },
      isAboveSteady: true,
      burstSince: STARTED_AT,
      lastBurst: undefined,
    });
    const times: number[] = [];
    const up = (chosen?: readonly string[]) => {
      if (chosen !== undefined) times.push((left--, stubborn.clock.nowMs()));
      return Promise.resolve();
    };
    await stubborn.run({ stack: { up, readResources } });
    assert.deepEqual(times, [0, 30_000, 60_000]);
  });
});
