import assert from "node:assert/strict";
import { billBurst, type EndedBurst } from "../../cli/initial-load/bill";
import { summarize } from "../../cli/initial-load/summary";
import { DEFAULT_SERVICE_ID, type PipeSeed } from "../../emulator";
import { Killed, runInVirtualTime } from "../../simulation/simulated-initial-load";
import { SimulatedStack } from "../../simulation/simulated-stack";
import { createSeedWithPipes } from "../../simulation/seed-with-pipes";

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const PIPE: PipeSeed = {
  id: "00000000-0000-4000-9000-000000000001",
  name: "orders",
  kind: "postgres",
  snapshotMs: 6 * HOUR_MS,
};
const WITH_LOAD = { initialLoad: { cores: 24, endBy: "2026-01-08T00:00:00Z" } };

/** How long a burst may outlast its snapshot. */
const MAX_LATE_MS = 60_000;

function assertInTime(lateMs: number, when = ""): void {
  assert.ok(lateMs >= 0 && lateMs <= MAX_LATE_MS, `${lateMs} ms late ${when}`);
}

/** A service whose only pipe has just been created, on 2026-01-01. */
function createMigration(pipe: Partial<PipeSeed> = {}, randomSeed = 1) {
  return new SimulatedStack({ seed: createSeedWithPipes([{ ...PIPE, ...pipe }]), randomSeed });
}

describe("initial-load", () => {
  const run = (
    stack: ReturnType<typeof createMigration>,
    more: { killedAtStep?: number; inputs?: object } = {},
  ) => runInVirtualTime(stack, { cores: 2, inputs: WITH_LOAD, ...more });

  /** What the emulator bills for the hours of the burst, at the list price. */
  const computeEmulatedBill = ({ cloud }: ReturnType<typeof createMigration>) =>
    cloud.getBilledUnitHours(DEFAULT_SERVICE_ID) * 0.2;

  const billAll = ({ bursts }: { bursts: readonly EndedBurst[] }) =>
    bursts.reduce((sum, burst) => sum + billBurst(burst, undefined).usd, 0);

  /** Milliseconds from the end of the snapshot to the change that ends the burst. */
  const measureBeyondSnapshotMs = (stack: ReturnType<typeof createMigration>, began: number) => {
    const asked = stack.journal
      .filter("PATCH", "clickpipesCdcScaling")
      .filter(({ status }) => status === 200);
    return asked.at(-1)!.atMs - (began + MINUTE_MS + PIPE.snapshotMs!);
  };

  it("runs a 6 hour migration with two size changes and bills what the cloud bills", async () => {
    const stack = createMigration();
    const began = stack.clock.now();
    const result = await run(stack);
    assert.deepEqual(stack.listAcceptedCores(), [24, 2]);
    assert.equal(stack.getCores(), 2);
    assertInTime(measureBeyondSnapshotMs(stack, began));
    assert.equal(billAll(result).toFixed(2), computeEmulatedBill(stack).toFixed(2));
    assert.equal(billAll(result), 16.8);
  });

  it("starts ahead of a pipe, waits for it, and ends the burst after its load", async () => {
    const stack = createMigration({ state: "Running" });
    const orders = { ...PIPE, id: "00000000-0000-4000-9000-000000000002" };
    const addedAtMs = stack.clock.nowMs() + HOUR_MS;
    stack.clock.scheduleAt(addedAtMs, () => stack.cloud.addPipe(DEFAULT_SERVICE_ID, orders));
    const { bursts } = await run(stack, {
      inputs: { initialLoad: { ...WITH_LOAD.initialLoad, startAhead: true } },
    });
    assert.deepEqual([stack.listAcceptedCores(), bursts.length], [[24, 2], 1]);
    assert.ok(stack.clock.nowMs() > addedAtMs + 6 * HOUR_MS, "the load was over");
    assert.equal(stack.cloud.countBrokenLoads(DEFAULT_SERVICE_ID), 0);
  });

  it("ends a burst at endBy whose pipe never comes", async () => {
    const stack = createMigration({ state: "Running" });
    const endBy = "2026-01-01T03:00:00Z";
    await run(stack, { inputs: { initialLoad: { cores: 24, endBy, startAhead: true } } });
    const [, down] = stack.journal.filter("PATCH", "clickpipesCdcScaling");
    assertInTime(down!.atMs - Date.parse(endBy));
  });

  it("keeps the burst for the snapshot of another Postgres pipe, for 24 hours without endBy", async () => {
    const stack = createMigration();
    const other = { ...PIPE, id: "00000000-0000-4000-9000-000000000002", state: "Snapshot" } as const;
    stack.cloud.addPipe(DEFAULT_SERVICE_ID, other);
    const began = stack.clock.now();
    await run(stack, { inputs: { initialLoad: { cores: 24, pipes: [PIPE.id] } } });
    const [, down] = stack.journal.filter("PATCH", "clickpipesCdcScaling");
    const hours = (down!.atMs - began) / HOUR_MS;
    assert.ok(hours > 29 && hours < 31, `${hours} hours`);
  });

  it("ends the burst at endBy if the snapshot is stuck", async () => {
    const stack = createMigration({ state: "Snapshot" });
    const endBy = "2026-01-01T03:00:00Z";
    await run(stack, { inputs: { initialLoad: { cores: 24, endBy } } });
    const [, down] = stack.journal.filter("PATCH", "clickpipesCdcScaling");
    assertInTime(down!.atMs - Date.parse(endBy));
  });

  it("ends at once and bills nothing if no pipe is loading", async () => {
    const stack = createMigration({ state: "Running" });
    const { bursts } = await run(stack);
    assert.deepEqual([stack.listAcceptedCores(), bursts], [[], []]);
  });

  it("waits for a pipe that is paused during its load", async () => {
    const stack = createMigration();
    stack.clock.scheduleAt(2 * HOUR_MS, () =>
      stack.cloud.getPipe(DEFAULT_SERVICE_ID, PIPE.id).pause(stack.clock.now()),
    );
    stack.clock.scheduleAt(5 * HOUR_MS, () =>
      stack.cloud.getPipe(DEFAULT_SERVICE_ID, PIPE.id).start(stack.clock.now()),
    );
    const began = stack.clock.now();
    await run(stack);
    assert.deepEqual(stack.listAcceptedCores(), [24, 2]);
    // The emulated pipe takes 5 s to pause, and loads in them.
    assertInTime(measureBeyondSnapshotMs(stack, began + 3 * HOUR_MS));
  });

  it("continues after the API failed for an hour", async () => {
    const stack = createMigration();
    const down = { kind: "status", status: 503 } as const;
    stack.clock.scheduleAt(2 * HOUR_MS, () =>
      stack.faults.add({ fault: down, path: /clickpipes$/, forMs: HOUR_MS }),
    );
    const { shown } = await run(stack);
    assert.ok(shown.some(([status]) => "unread" in status!.pipes));
    assert.deepEqual(stack.listAcceptedCores(), [24, 2]);
  });

  it("retries an `up` that failed, since the burst keeps costing", async () => {
    const stack = createMigration();
    const refused = { kind: "status", status: 403 } as const;
    stack.clock.scheduleAt(5.9 * HOUR_MS, () =>
      stack.faults.add({ fault: refused, method: "GET", path: /CdcScaling$/, times: 2 }),
    );
    const { printed } = await run(stack);
    assert.match(printed.join("\n"), /`pulumi up` failed: .*403.*Retrying in 10 s\..*Retrying in 20 s\./s);
    assert.deepEqual(stack.listAcceptedCores(), [24, 2]);
  });

  it("sleeps between its reads of the pipes", async () => {
    const { shown } = await run(createMigration());
    assert.ok(shown.length <= (6 * HOUR_MS) / 30_000 + 5, `${shown.length} reads`);
  });

  it("ends with the same changes and the same bill if it is killed three times at any step", async () => {
    const { steps } = await run(createMigration());
    // The steps around each `up`, and some of the hundreds of reads.
    const chosen = [1, 2, 3, 4, 5, 100, 400, steps - 2, steps - 1, steps];
    for (const killedAtStep of chosen) {
      const stack = createMigration();
      const began = stack.clock.now();
      for (const at of [killedAtStep, 1 + (killedAtStep % 3), 3]) {
        await assert.rejects(run(stack, { killedAtStep: at }), Killed).catch((error: unknown) => {
          if (stack.getCores() !== 2) throw error; // it ended before that step
        });
      }
      const result = await run(stack);
      assert.deepEqual(stack.listAcceptedCores(), [24, 2], `killed at ${killedAtStep}`);
      assert.equal(
        billAll(result).toFixed(2),
        computeEmulatedBill(stack).toFixed(2),
        `killed at ${killedAtStep}`,
      );
      assertInTime(measureBeyondSnapshotMs(stack, began), `killed at ${killedAtStep}`);
    }
  });
});

describe("the bill of a burst", () => {
  const createDate = (minutes: number) => new Date(Date.UTC(2026, 0, 1) + minutes * MINUTE_MS);
  for (const [from, to, billedFrom, hours] of [
    [0, 60, 0, 1],
    [0, 61, 0, 2],
    [0, 1, 0, 1],
    [59, 61, 0, 2],
    [59, 61, 59, 1],
    [30, 390, 0, 7],
  ] as const) {
    it(`counts ${hours} started hours from minute ${from} to ${to} if hours start at minute ${billedFrom}`, () => {
      const burst = {
        cores: 24,
        from: createDate(from),
        to: createDate(to),
        billedFrom: createDate(billedFrom),
      };
      assert.deepEqual(billBurst(burst, undefined), { hours, usd: Math.round(hours * 240) / 100 });
    });
  }

  it("is printed for each service, and in total", () => {
    const times = { from: createDate(4), to: createDate(364), billedFrom: createDate(0) };
    const burst = { name: "orders", cores: 24, steadyCores: 2, ...times };
    assert.equal(
      summarize([burst, { ...burst, name: "users" }], undefined),
      [
        "orders: 24 cores for 6h (2026-01-01T00:04Z to 2026-01-01T06:04Z), 7 started hours, $16.80; 2 cores at $0.20/h since",
        "users: 24 cores for 6h (2026-01-01T00:04Z to 2026-01-01T06:04Z), 7 started hours, $16.80; 2 cores at $0.20/h since",
        "Total: $33.60",
        "Remove initialLoad from the program, or set its endBy: a resync or an added table counts as an initial load too.",
      ].join("\n"),
    );
  });

  it('says "1 started hour" in the singular', () => {
    const burst = {
      name: "orders",
      cores: 24,
      steadyCores: 2,
      from: createDate(4),
      to: createDate(5),
      billedFrom: createDate(0),
    };
    assert.match(summarize([burst], undefined), /, 1 started hour, \$2\.40; /);
  });

  it("returns no burst cost if no pipe was loading", () => {
    assert.match(summarize([], undefined), /Every service has its steady size/);
  });
});
