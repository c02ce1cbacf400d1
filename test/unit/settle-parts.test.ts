import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { declaredIn } from "../../cli/settle/declared";
import { Display } from "../../cli/settle/display";
import { LockedError, persistently, unlocked } from "../../cli/settle/patience";
import { Record } from "../../cli/settle/record";
import type { Pipes, Watched } from "../../cli/settle/settle";
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
  const begun = { name: "orders", cores: 24, steadyCores: 2, from: BEGAN, hoursFrom: BEGAN };
  const later = new Date(BEGAN.getTime() + MINUTE_MS);

  it("is there for the next process", () => {
    new Record(file()).begin("urn", begun);
    assert.deepEqual(new Record(file()).of("urn"), begun);
  });

  it("keeps the beginning that was noted first", () => {
    const record = new Record(file());
    record.begin("urn", begun);
    record.begin("urn", { ...begun, from: later });
    assert.deepEqual(record.of("urn")?.from, BEGAN);
  });

  it("ends those that run no more, once", () => {
    const record = new Record(file());
    record.begin("urn", begun);
    record.endOthers([], later);
    record.endOthers([], new Date(later.getTime() + MINUTE_MS));
    assert.deepEqual(record.of("urn")?.to, later);
  });

  it("begins anew with a burst that comes after one that has ended", () => {
    const record = new Record(file());
    record.begin("urn", begun);
    record.endOthers([], later);
    record.begin("urn", { ...begun, from: later });
    assert.deepEqual([record.of("urn")?.from, record.of("urn")?.to], [later, undefined]);
  });

  it("is empty where its file is damaged", () => {
    new Record(file()).begin("urn", begun);
    writeFileSync(file(), '{"urn":');
    assert.deepEqual(new Record(file()).all, []);
  });

  it("leaves nothing behind", () => {
    const record = new Record(file());
    record.begin("urn", begun);
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

  it("and an up that fails again and again ends with its error after hours, not at once", async () => {
    const on = patient();
    await assert.rejects(
      on.clock.run(persistently(on, () => Promise.reject(new Error("no")))),
      /^Error: no$/,
    );
    assert.equal(on.said.length, 11);
    assert.ok(on.clock.nowMs() >= 60 * MINUTE_MS);
  });
});
