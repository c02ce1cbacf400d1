import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { billOf } from "../../cli/initial-load/bill";
import type { BurstRecord } from "../../cli/initial-load/record";
import { summaryOf } from "../../cli/initial-load/summary";
import { DEFAULT_SERVICE_ID, type PipeSeed, seedOf } from "../../emulator";
import { settled, Killed } from "../support/virtual-initial-load";
import { virtualStack } from "../support/virtual-stack";

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const PIPE: PipeSeed = {
  id: "00000000-0000-4000-9000-000000000001",
  name: "orders",
  kind: "postgres",
  snapshotMs: 6 * HOUR_MS,
};
const WITH_LOAD = { initialLoad: { cores: 24, endBy: "2026-01-08T00:00:00Z" } };

/** What a burst may run beyond its snapshot, under `settle`. */
const LATEST_MS = 60_000;

function assertInTime(lateMs: number, when = ""): void {
  assert.ok(lateMs >= 0 && lateMs <= LATEST_MS, `${lateMs} ms late ${when}`);
}

/** A service whose only pipe has just been created, on 2026-01-01. */
function migration(pipe: Partial<PipeSeed> = {}, randomSeed = 1) {
  const [organization] = seedOf(1).organizations;
  const [service] = organization!.services;
  const services = [{ ...service!, clickPipes: [{ ...PIPE, ...pipe }] }];
  return virtualStack({ seed: { organizations: [{ ...organization!, services }] }, randomSeed });
}

describe("settle", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "pulumi-clickpipes-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const run = (stack: ReturnType<typeof migration>, more: { killedAtStep?: number; inputs?: object } = {}) =>
    settled(stack, { cores: 2, inputs: WITH_LOAD, file: join(folder, "record.json"), ...more });

  /** What the emulator counts in the hours that the burst ran in, at the list price. */
  const emulatedBill = ({ cloud }: ReturnType<typeof migration>) =>
    cloud.billedUnitHours(DEFAULT_SERVICE_ID) * 0.2;

  const bill = ({ record }: { record: BurstRecord }) =>
    record.all.reduce((sum, recorded) => sum + billOf({ ...recorded, to: recorded.to! }, undefined).usd, 0);

  /** Milliseconds from the end of the snapshot to the change that ends the burst. */
  const burstBeyondSnapshotMs = (stack: ReturnType<typeof migration>, began: number) => {
    const asked = stack.journal.of("PATCH", "clickpipesCdcScaling").filter(({ status }) => status === 200);
    return asked.at(-1)!.atMs - (began + MINUTE_MS + PIPE.snapshotMs!);
  };

  it("takes a migration of 6 hours from burst to steady size with two changes, and bills what the cloud counts", async () => {
    const stack = migration();
    const began = stack.clock.now();
    const result = await run(stack);
    assert.deepEqual(stack.asked(), [24, 2]);
    assert.equal(stack.coresNow(), 2);
    assertInTime(burstBeyondSnapshotMs(stack, began));
    assert.equal(bill(result).toFixed(2), emulatedBill(stack).toFixed(2));
    assert.equal(bill(result), 16.8);
  });

  it("ends the burst at endBy where the snapshot is stuck", async () => {
    const stack = migration({ state: "Snapshot" });
    const endBy = "2026-01-01T03:00:00Z";
    await run(stack, { inputs: { initialLoad: { cores: 24, endBy } } });
    const [, down] = stack.journal.of("PATCH", "clickpipesCdcScaling");
    assertInTime(down!.atMs - Date.parse(endBy));
  });

  it("ends at once where nothing loads", async () => {
    const stack = migration({ state: "Running" });
    const { record } = await run(stack);
    assert.deepEqual([stack.asked(), record.all], [[], []]);
  });

  it("waits for a pipe that is paused in the middle of its load", async () => {
    const stack = migration();
    stack.clock.at(2 * HOUR_MS, () => stack.cloud.pipe(DEFAULT_SERVICE_ID, PIPE.id).pause(stack.clock.now()));
    stack.clock.at(5 * HOUR_MS, () => stack.cloud.pipe(DEFAULT_SERVICE_ID, PIPE.id).start(stack.clock.now()));
    const began = stack.clock.now();
    await run(stack);
    assert.deepEqual(stack.asked(), [24, 2]);
    // The emulated pipe takes 5 s to pause, and loads in them.
    assertInTime(burstBeyondSnapshotMs(stack, began + 3 * HOUR_MS));
  });

  it("bears an API that does not answer for an hour", async () => {
    const stack = migration();
    const down = { kind: "status", status: 503 } as const;
    stack.clock.at(2 * HOUR_MS, () => stack.faults.add({ fault: down, path: /clickpipes$/, forMs: HOUR_MS }));
    const { shown } = await run(stack);
    assert.ok(shown.some(([watched]) => "unread" in watched!.pipes));
    assert.deepEqual(stack.asked(), [24, 2]);
  });

  it("tries an `up` that failed again, since the burst goes on costing", async () => {
    const stack = migration();
    const refused = { kind: "status", status: 403 } as const;
    stack.clock.at(5.9 * HOUR_MS, () =>
      stack.faults.add({ fault: refused, method: "GET", path: /CdcScaling$/, times: 2 }),
    );
    const { said } = await run(stack);
    assert.match(
      said.join("\n"),
      /`pulumi up` failed: .*403.*Trying again in 30 s\..*Trying again in 60 s\./s,
    );
    assert.deepEqual(stack.asked(), [24, 2]);
  });

  it("sleeps between its looks", async () => {
    const { shown } = await run(migration());
    assert.ok(shown.length <= (6 * HOUR_MS) / 30_000 + 5, `${shown.length} looks`);
  });

  it("that is killed three times at any step ends with the same changes and the same bill", async () => {
    const { steps } = await run(migration());
    rmSync(join(folder, "record.json"));
    // The steps around each `up`, and some of the hundreds of looks.
    const chosen = [1, 2, 3, 4, 5, 100, 400, steps - 2, steps - 1, steps];
    for (const killedAtStep of chosen) {
      const stack = migration();
      const began = stack.clock.now();
      for (const at of [killedAtStep, 1 + (killedAtStep % 3), 3]) {
        await assert.rejects(run(stack, { killedAtStep: at }), Killed).catch((error: unknown) => {
          if (stack.coresNow() !== 2) throw error; // it had ended before that step
        });
      }
      const result = await run(stack);
      assert.deepEqual(stack.asked(), [24, 2], `killed at ${killedAtStep}`);
      assert.equal(bill(result).toFixed(2), emulatedBill(stack).toFixed(2), `killed at ${killedAtStep}`);
      assertInTime(burstBeyondSnapshotMs(stack, began), `killed at ${killedAtStep}`);
      result.record.remove();
    }
  });
});

describe("the bill of a burst", () => {
  const at = (minutes: number) => new Date(Date.UTC(2026, 0, 1) + minutes * MINUTE_MS);
  for (const [from, to, hoursFrom, hours] of [
    [0, 60, 0, 1],
    [0, 61, 0, 2],
    [0, 1, 0, 1],
    [59, 61, 0, 2],
    [59, 61, 59, 1],
    [30, 390, 0, 7],
  ] as const) {
    it(`from minute ${from} to ${to}, where hours begin at minute ${hoursFrom}, is ${hours} begun hours`, () => {
      const burst = {
        name: "orders",
        cores: 24,
        steadyCores: 2,
        from: at(from),
        to: at(to),
        hoursFrom: at(hoursFrom),
      };
      const { usd } = billOf(burst, undefined);
      assert.equal(billOf(burst, undefined).hours, hours);
      assert.equal(usd, Math.round(hours * 240) / 100);
    });
  }

  it("is told in a line for each service, and in all", () => {
    const times = { from: at(4), to: at(364), hoursFrom: at(0), seenAt: at(364), isEndSeen: true };
    const burst = { urn: "urn", name: "orders", cores: 24, steadyCores: 2, ...times };
    assert.equal(
      summaryOf([burst, { ...burst, name: "users" }], undefined, at(400)),
      [
        "orders: 24 cores for 6h (2026-01-01T00:04Z to 2026-01-01T06:04Z), 7 begun hours, $16.80; 2 cores at $0.20/h since",
        "users: 24 cores for 6h (2026-01-01T00:04Z to 2026-01-01T06:04Z), 7 begun hours, $16.80; 2 cores at $0.20/h since",
        "In all $33.60",
        "Take initialLoad out of the program, or set its endBy: a resync or an added table counts as an initial load, too.",
      ].join("\n"),
    );
  });

  it("is none where nothing loaded", () => {
    assert.match(summaryOf([], undefined, at(0)), /every service has its steady size/);
  });
});
