import assert from "node:assert/strict";
import {
  DEFAULT_SERVICE_ID,
  type Guesses,
  type PipeKind,
  type PipeSeed,
  type PipeState,
} from "../../emulator";
import { Cloud } from "../../emulator/cloud/cloud";
import { createSeedWithPipes } from "../../simulation/seed-with-pipes";

const MINUTE_MS = 60_000;
const CONVERGENCE_MS = 4 * MINUTE_MS;
/** The load starts at 0 and ends at 60 minutes if nothing breaks it. */
const LOADING = { provisioningMs: 0, setupMs: 0, snapshotMs: 60 * MINUTE_MS } as const;
const PIPE_ID = "00000000-0000-4000-9000-0000000000b1";

type Effect = Guesses["resizeDuringSnapshot"];

interface Setting {
  readonly effect: Effect;
  readonly pipe?: Partial<PipeSeed>;
  readonly guesses?: Partial<Guesses>;
}

/** A cloud with one service of 2 cores, whose only pipe begins its load at minute 0. */
function createCloud({ effect, pipe, guesses }: Setting) {
  const clock = { nowMs: 0, now: () => clock.nowMs };
  const clickPipes: PipeSeed[] = [{ id: PIPE_ID, name: "orders", kind: "postgres", ...LOADING, ...pipe }];
  const cloud = new Cloud({
    clock,
    guesses: { ...guesses, resizeDuringSnapshot: effect },
    seed: createSeedWithPipes(clickPipes),
  });
  const getPipe = () => cloud.getPipe(DEFAULT_SERVICE_ID, PIPE_ID);
  return {
    cloud,
    getPipe,
    goTo: (minute: number) => (clock.nowMs = minute * MINUTE_MS),
    /** Sends a PATCH, which arrives four minutes later. */
    patch: (cores: number) =>
      cloud.getService(DEFAULT_SERVICE_ID).scaling.request(cores, clock.now(), CONVERGENCE_MS, cloud.guesses),
    getStateAt: (minute: number): PipeState => {
      clock.nowMs = minute * MINUTE_MS;
      return getPipe().getState(clock.now());
    },
    countBrokenLoads: () => cloud.countBrokenLoads(DEFAULT_SERVICE_ID),
  };
}

/** Sends a PATCH to 8 cores at minute 10. */
function createResized(setting: Setting) {
  const created = createCloud(setting);
  created.goTo(10);
  created.patch(8);
  return created;
}

describe("a change of size that arrives at minute 14 of a Postgres pipe's load", () => {
  it("changes nothing if loads are kept", () => {
    const { getStateAt, countBrokenLoads } = createResized({ effect: "keeps" });
    assert.deepEqual([14, 59, 60].map(getStateAt), ["Snapshot", "Snapshot", "Running"]);
    assert.equal(countBrokenLoads(), 0);
  });

  it("starts the whole load again if loads restart", () => {
    const { getStateAt, countBrokenLoads } = createResized({ effect: "restarts" });
    assert.deepEqual([14, 73, 74].map(getStateAt), ["Snapshot", "Snapshot", "Running"]);
    assert.equal(countBrokenLoads(), 1);
  });

  it("fails the pipe if loads fail, not before it arrives", () => {
    const { getStateAt, countBrokenLoads } = createResized({ effect: "fails" });
    assert.deepEqual([13, 14, 1_000].map(getStateAt), ["Snapshot", "Failed", "Failed"]);
    assert.equal(countBrokenLoads(), 1);
  });

  it("restarts the load even if nothing reads the pipe until long after", () => {
    const late = createResized({ effect: "restarts" });
    assert.equal(late.getStateAt(73), "Snapshot");
    assert.equal(createResized({ effect: "restarts" }).getStateAt(74), "Running");
  });

  it("fails the pipe even if nothing reads it until after the load would have ended", () => {
    assert.equal(createResized({ effect: "fails" }).getStateAt(500), "Failed");
  });

  for (const kind of ["mysql", "mongodb"] as const satisfies readonly PipeKind[]) {
    it(`does not concern a ${kind} pipe`, () => {
      const { getStateAt, countBrokenLoads } = createResized({ effect: "fails", pipe: { kind } });
      assert.deepEqual([14, 60].map(getStateAt), ["Snapshot", "Running"]);
      assert.equal(countBrokenLoads(), 0);
    });
  }

  it("concerns the load of a resync as well", () => {
    const { goTo, getPipe, patch, getStateAt } = createCloud({ effect: "fails" });
    goTo(100);
    getPipe().resync(100 * MINUTE_MS);
    goTo(110);
    patch(8);
    assert.deepEqual([113, 114].map(getStateAt), ["Snapshot", "Failed"]);
  });

  it("counts all the pipes that it breaks", () => {
    const { cloud, goTo, countBrokenLoads } = createResized({ effect: "restarts" });
    cloud.addPipe(DEFAULT_SERVICE_ID, {
      ...LOADING,
      id: "00000000-0000-4000-9000-0000000000b2",
      name: "items",
      kind: "postgres",
    });
    goTo(20);
    assert.equal(countBrokenLoads(), 2);
  });
});

describe("a change of size that arrives", () => {
  it("before the snapshot does not break the load", () => {
    const pipe = { setupMs: 15 * MINUTE_MS };
    const { getStateAt } = createResized({ effect: "fails", pipe });
    assert.deepEqual([14, 15, 75].map(getStateAt), ["Setup", "Snapshot", "Running"]);
  });

  it("as the snapshot ends does not break the load", () => {
    const { getStateAt } = createResized({ effect: "fails", pipe: { snapshotMs: 14 * MINUTE_MS } });
    assert.equal(getStateAt(14), "Running");
  });

  it("after the load does not concern the pipe", () => {
    const { getStateAt } = createResized({ effect: "fails", pipe: { snapshotMs: 5 * MINUTE_MS } });
    assert.equal(getStateAt(60), "Running");
  });

  it("before the pipe was created does not concern it", () => {
    const { cloud, goTo, getStateAt } = createResized({ effect: "fails" });
    cloud.removePipe(DEFAULT_SERVICE_ID, PIPE_ID);
    goTo(14);
    cloud.addPipe(DEFAULT_SERVICE_ID, { ...LOADING, id: PIPE_ID, name: "orders", kind: "postgres" });
    assert.deepEqual([14, 73, 74].map(getStateAt), ["Snapshot", "Snapshot", "Running"]);
  });

  it("while the load is paused does not break it", () => {
    const { goTo, getPipe, getStateAt } = createResized({ effect: "fails" });
    goTo(12);
    getPipe().pause(12 * MINUTE_MS);
    assert.equal(getStateAt(20), "Paused");
    getPipe().start(20 * MINUTE_MS);
    assert.deepEqual([67, 68].map(getStateAt), ["Snapshot", "Running"]);
  });

  it("after a paused load was resumed starts the whole load again, not its rest", () => {
    const { goTo, getPipe, patch, getStateAt } = createCloud({ effect: "restarts" });
    goTo(50);
    getPipe().pause(50 * MINUTE_MS);
    goTo(51);
    patch(8);
    getPipe().start(51 * MINUTE_MS);
    assert.deepEqual([114, 115].map(getStateAt), ["Snapshot", "Running"]);
  });

  it("at the same size does not break the load", () => {
    const { goTo, patch, getStateAt } = createCloud({ effect: "fails" });
    goTo(10);
    patch(2);
    assert.equal(getStateAt(60), "Running");
  });

  it("again at the new size does not break the load a second time", () => {
    const { goTo, patch, getStateAt, countBrokenLoads } = createResized({ effect: "restarts" });
    goTo(20);
    patch(8);
    assert.equal(getStateAt(74), "Running");
    assert.equal(countBrokenLoads(), 1);
  });

  it("never, because another replaced it, does not break the load", () => {
    const { goTo, patch, getStateAt } = createResized({ effect: "fails" });
    goTo(12);
    patch(2);
    assert.equal(getStateAt(60), "Running");
  });

  it("from another user breaks the load too, whether at once or later", () => {
    const { cloud, goTo, getStateAt, countBrokenLoads } = createCloud({ effect: "restarts" });
    goTo(10);
    cloud.setCores(DEFAULT_SERVICE_ID, 4);
    cloud.setCores(DEFAULT_SERVICE_ID, 8, 20 * MINUTE_MS);
    assert.deepEqual([89, 90].map(getStateAt), ["Snapshot", "Running"]);
    assert.equal(countBrokenLoads(), 2);
  });
});

describe("several changes of size during one load", () => {
  it("each start it again, although nothing reads the pipe in between", () => {
    const { goTo, patch, getStateAt, countBrokenLoads } = createResized({
      effect: "restarts",
      guesses: { patchDuringChange: "queues" },
    });
    patch(4);
    goTo(60); // The second load would have ended at 78.
    patch(8);
    assert.deepEqual([123, 124].map(getStateAt), ["Snapshot", "Running"]);
    assert.equal(countBrokenLoads(), 3);
  });

  it("break the load only as long as it lasts", () => {
    const { goTo, patch, getStateAt, countBrokenLoads } = createResized({ effect: "restarts" });
    goTo(75);
    patch(4);
    assert.equal(getStateAt(200), "Running");
    assert.equal(countBrokenLoads(), 1);
  });

  it("fail the pipe once", () => {
    const { goTo, patch, getStateAt, countBrokenLoads } = createResized({ effect: "fails" });
    goTo(20);
    patch(4);
    assert.equal(getStateAt(200), "Failed");
    assert.equal(countBrokenLoads(), 1);
  });
});

describe("a pipe whose load was lost", () => {
  function createFailed() {
    const created = createResized({ effect: "fails" });
    created.goTo(20);
    return created;
  }

  it("can't be started", () => {
    const { getPipe, getStateAt } = createFailed();
    getPipe().start(20 * MINUTE_MS);
    assert.equal(getStateAt(21), "Failed");
  });

  it("can't be paused, and started then", () => {
    const { getPipe, getStateAt } = createFailed();
    getPipe().pause(20 * MINUTE_MS);
    getPipe().start(21 * MINUTE_MS);
    assert.equal(getStateAt(22), "Failed");
  });

  it("loads everything again when it is resynced, and can be paused afterwards", () => {
    const { getPipe, getStateAt } = createFailed();
    getPipe().resync(20 * MINUTE_MS);
    assert.deepEqual([20, 79, 81].map(getStateAt), ["Snapshot", "Snapshot", "Running"]);
    getPipe().pause(90 * MINUTE_MS);
    assert.equal(getStateAt(91), "Paused");
  });

  it("is restored with the seed", () => {
    const { cloud, getPipe, countBrokenLoads } = createFailed();
    cloud.reset();
    assert.equal(getPipe().getState(20 * MINUTE_MS), "Snapshot");
    assert.equal(countBrokenLoads(), 0);
  });
});

describe("a Postgres pipe that somebody put into Snapshot", () => {
  it("stays in it after a change of size if loads restart", () => {
    const { getStateAt, countBrokenLoads } = createResized({
      effect: "restarts",
      pipe: { state: "Snapshot" },
    });
    assert.equal(getStateAt(1_000), "Snapshot");
    assert.equal(countBrokenLoads(), 1);
  });

  it("fails with a change of size if loads fail", () => {
    const { getStateAt } = createResized({ effect: "fails", pipe: { state: "Snapshot" } });
    assert.deepEqual([13, 14].map(getStateAt), ["Snapshot", "Failed"]);
  });
});
