import { DEFAULT_SERVICE_ID as ID, type Guesses, type PipeSeed } from "../emulator";
import { createSeedWithPipes } from "./seed-with-pipes";
import { SimulatedStack } from "./simulated-stack";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const SNAPSHOT_MS = 6 * HOUR_MS;
/** Of all that a pipe goes through, only its load takes longer than this. */
const SAMPLE_MS = 10 * SECOND_MS;

const SEED: PipeSeed = { id: "00000000-0000-4000-9000-0000000000a1", name: "seed", kind: "postgres" };
const ORDERS: PipeSeed = {
  id: "00000000-0000-4000-9000-0000000000a2",
  name: "orders",
  kind: "postgres",
  snapshotMs: SNAPSHOT_MS,
};
/** The clock starts on 2026-01-01. */
const INITIAL_LOAD = { cores: 24, endBy: "2026-01-08T00:00:00Z", startAhead: true };

/** What the service has when the migration starts. */
export const MIGRATION_STARTS = ["a pipe", "a seed pipe, created first", "no pipe"] as const;
export type MigrationStart = (typeof MIGRATION_STARTS)[number];

export interface MigrationOutcome {
  readonly start: MigrationStart;
  readonly effect: Guesses["resizeDuringSnapshot"];
  readonly resizesDuringSnapshot: number;
  readonly changes: number;
  /** From the first command to the steady size. */
  readonly hours: number;
  readonly billedUnitHours: number;
  readonly lostLoads: number;
  /** Whether a warning named the pipe whose load was lost. */
  readonly isNamed: boolean;
}

/** Loads a pipe of 6 hours with `startAhead` and an `up` each hour, and resyncs the pipe if it fails. */
export async function simulateMigration(
  start: MigrationStart,
  effect: Guesses["resizeDuringSnapshot"],
): Promise<MigrationOutcome> {
  const stack = new SimulatedStack({
    convergenceMs: 240 * SECOND_MS,
    seed: createSeedWithPipes(start === "a pipe" ? [SEED] : []),
    guesses: { resizeDuringSnapshot: effect },
  });
  const { clock, cloud, engine } = stack;
  const countResizes = countResizesDuringSnapshot(stack);
  if (start === "a seed pipe, created first") {
    cloud.addPipe(ID, { ...SEED, snapshotMs: MINUTE_MS });
    await stack.wait(5 * MINUTE_MS);
  }
  const addPipe = () => cloud.addPipe(ID, ORDERS);
  // Side by side with the compute, which waits for it.
  if (start === "no pipe") clock.scheduleAt(clock.nowMs() + 5 * SECOND_MS, addPipe);
  await stack.up(2, { initialLoad: INITIAL_LOAD });
  if (start !== "no pipe") addPipe();
  while (stack.getCores() !== 2) {
    await stack.wait(HOUR_MS);
    await stack.up(2, { initialLoad: INITIAL_LOAD });
    const orders = cloud.getPipe(ID, ORDERS.id);
    if (orders.getState(clock.now()) === "Failed") orders.resync(clock.now());
  }
  return {
    start,
    effect,
    resizesDuringSnapshot: countResizes(),
    changes: stack.listAcceptedCores().length,
    hours: clock.nowMs() / HOUR_MS,
    billedUnitHours: cloud.getBilledUnitHours(ID),
    lostLoads: cloud.countBrokenLoads(ID),
    isNamed: engine
      .listMessages("warning")
      .some((text) =>
        /^orders (is in Failed, and the size changed|has begun its initial load anew)/.test(text),
      ),
  };
}

/** Counts them whatever they do to the load: the emulator itself counts only loads that broke. */
function countResizesDuringSnapshot({ clock, cloud }: SimulatedStack): () => number {
  let count = 0;
  let known = 0;
  let wasLoading = false;
  const sample = () => {
    const service = cloud.getService(ID);
    const resizes = service.scaling.listResizes(clock.now()).length;
    if (resizes > known && wasLoading) count += resizes - known;
    known = resizes;
    wasLoading = service.pipes.some((pipe) => pipe.getState(clock.now()) === "Snapshot");
    clock.scheduleAt(clock.nowMs() + SAMPLE_MS, sample);
  };
  sample();
  return () => count;
}
