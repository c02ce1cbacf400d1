import assert from "node:assert/strict";
import { DB_PIPE_KINDS, type PipeSeed } from "../../emulator";
import { Pipe } from "../../emulator/cloud/pipe";

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const SEED: PipeSeed = { id: "pipe", name: "orders", kind: "postgres", snapshotMs: 6 * HOUR_MS };

function createPipe(changed: Partial<PipeSeed> = {}): Pipe {
  return new Pipe(
    { ...SEED, ...changed },
    {
      durations: { provisioningMs: 30_000, setupMs: 30_000, snapshotMs: 10 * MINUTE_MS },
      createdAtMs: 0,
      resizeDuringSnapshot: "keeps",
      listResizes: () => [],
    },
  );
}

describe("an emulated pipe with an initial load", () => {
  for (const kind of DB_PIPE_KINDS.filter((name) => name !== "bigquery")) {
    it(`of kind ${kind} is Provisioning, Setup, Snapshot, then Running`, () => {
      const made = createPipe({ kind });
      const states = [0, 45_000, MINUTE_MS, 6 * HOUR_MS, 6 * HOUR_MS + MINUTE_MS].map((ms) =>
        made.getState(ms),
      );
      assert.deepEqual(states, ["Provisioning", "Setup", "Snapshot", "Snapshot", "Running"]);
    });
  }

  it("is as long Provisioning and in Setup as its seed says", () => {
    const slow = createPipe({ provisioningMs: MINUTE_MS, setupMs: HOUR_MS });
    const times = [MINUTE_MS - 1, MINUTE_MS, MINUTE_MS + HOUR_MS - 1, MINUTE_MS + HOUR_MS];
    assert.deepEqual(
      times.map((ms) => slow.getState(ms)),
      ["Provisioning", "Setup", "Setup", "Snapshot"],
    );
  });

  it("loads at once if Provisioning and Setup take no time", () => {
    assert.equal(createPipe({ provisioningMs: 0, setupMs: 0 }).getState(0), "Snapshot");
  });

  it("is Completed after the load in the mode snapshot", () => {
    const once = createPipe({ settings: { replicationMode: "snapshot" } });
    assert.deepEqual([once.getState(HOUR_MS), once.getState(7 * HOUR_MS)], ["Snapshot", "Completed"]);
  });

  it("is never in Snapshot in the mode cdc_only", () => {
    assert.equal(
      createPipe({ settings: { replicationMode: "cdc_only" } }).getState(2 * MINUTE_MS),
      "Running",
    );
  });

  it("resumes a paused load for the time that remained", () => {
    const paused = createPipe();
    paused.pause(HOUR_MS);
    assert.deepEqual([paused.getState(HOUR_MS), paused.getState(9 * HOUR_MS)], ["Pausing", "Paused"]);
    paused.start(10 * HOUR_MS);
    // It had loaded for an hour minus the minute of Provisioning and Setup.
    assert.equal(paused.getState(15 * HOUR_MS), "Snapshot");
    assert.equal(paused.getState(15 * HOUR_MS + MINUTE_MS), "Running");
  });

  it("stops, and resumes when it is started", () => {
    const stopped = createPipe();
    stopped.stop(HOUR_MS);
    assert.deepEqual([stopped.getState(HOUR_MS), stopped.getState(2 * HOUR_MS)], ["Stopping", "Stopped"]);
    stopped.start(2 * HOUR_MS);
    assert.equal(stopped.getState(2 * HOUR_MS), "Snapshot");
  });

  it("repeats the whole load when it is resynced", () => {
    const resynced = createPipe();
    assert.equal(resynced.resync(7 * HOUR_MS), true);
    const states = [7 * HOUR_MS, 12 * HOUR_MS, 13 * HOUR_MS, 14 * HOUR_MS].map((ms) => resynced.getState(ms));
    assert.deepEqual(states, ["Snapshot", "Snapshot", "Resync", "Running"]);
  });

  it("of kind mongodb can't be resynced", () => {
    const mongo = createPipe({ kind: "mongodb" });
    assert.equal(mongo.resync(HOUR_MS), false);
    assert.equal(mongo.getState(HOUR_MS), "Snapshot");
  });

  it("stays failed until it is started", () => {
    const failed = createPipe();
    failed.setState("Failed", HOUR_MS);
    assert.equal(failed.getState(20 * HOUR_MS), "Failed");
    failed.start(20 * HOUR_MS);
    assert.equal(failed.getState(20 * HOUR_MS), "Running");
  });

  it("stays in the state of its seed", () => {
    assert.equal(createPipe({ state: "Snapshot" }).getState(100 * HOUR_MS), "Snapshot");
  });
});
