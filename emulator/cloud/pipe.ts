import type { Guesses } from "./guesses";
import type { PipeKind, PipeSeed, PipeSettings, PipeState, ReplicationMode } from "./seed";

const PAUSING_MS = 5_000;
const RESYNC_MS = 30_000;

const LOADED_BYTES_PER_MS = 100_000;

interface Step {
  readonly state: PipeState;
  readonly durationMs: number;
}

/**
 * How long the states of a new pipe take, in milliseconds.
 *
 * @public
 */
export interface PipeDurations {
  /** The state Provisioning. */
  readonly provisioningMs: number;
  /** The state Setup. */
  readonly setupMs: number;
  /** The state Snapshot: the initial load. */
  readonly snapshotMs: number;
}

/**
 * What a pipe has besides its seed.
 *
 * @public
 */
export interface PipeOptions {
  /** The durations that the seed doesn't have. */
  readonly durations: PipeDurations;
  /** When the pipe is created, in milliseconds of the emulator's clock. */
  readonly createdAtMs: number;
  /** What a change of the service's size does to the load of a Postgres pipe. */
  readonly resizeDuringSnapshot: Guesses["resizeDuringSnapshot"];
  /** Returns when the service's size changed, up to `nowMs`, in the order of time. Later calls only add to the end. */
  readonly listResizes: (nowMs: number) => readonly number[];
}

/**
 * What the API's responses repeat of the requests that created and changed a pipe: all that they sent, without credentials.
 *
 * @public
 */
export interface PipeDefinition {
  /** The fields of the source of the pipe's kind. */
  readonly source: Readonly<Record<string, unknown>>;
  /** The destination. */
  readonly destination?: unknown;
  /** The mappings of fields. */
  readonly fieldMappings?: unknown;
  /** The size of a pipe that is not a database's. */
  readonly scaling?: unknown;
  /** The settings of a pipe that is not a database's. */
  readonly settings?: unknown;
}

/**
 * A ClickPipe. Its state changes as time passes and by the commands of users.
 *
 * @public
 */
export class Pipe {
  /** The id, a UUID. */
  readonly id: string;
  /** The name. A PATCH changes it. */
  name: string;
  /** What the pipe reads from. */
  readonly kind: PipeKind;
  /** When the pipe was created, in milliseconds of the emulator's clock. */
  readonly createdAtMs: number;
  /** What responses repeat of requests. A PATCH changes it. */
  definition: PipeDefinition;
  private readonly durations: PipeDurations;
  /** The current step and those after it. */
  private steps: Step[];
  private stepStartedAtMs: number;
  /** The steps that `start` resumes after `pause` or `stop`. */
  private interruptedSteps: Step[] | undefined;
  /** How many of the service's changes of size the steps account for. Those before the pipe was created don't concern it. */
  private resizesApplied: number;
  private brokenLoads = 0;
  /** For how long the newest initial load ran, without the current step. */
  private loadedMs = 0;
  /** Whether the pipe is Failed because a change of size broke its load. */
  private hasLostLoad = false;

  constructor(
    seed: PipeSeed,
    private readonly options: PipeOptions,
  ) {
    const { durations, createdAtMs } = options;
    this.id = seed.id;
    this.name = seed.name;
    this.kind = seed.kind;
    this.createdAtMs = createdAtMs;
    this.definition = { source: seed.settings === undefined ? {} : { settings: seed.settings } };
    this.durations = {
      provisioningMs: seed.provisioningMs ?? durations.provisioningMs,
      setupMs: seed.setupMs ?? durations.setupMs,
      snapshotMs: seed.snapshotMs ?? durations.snapshotMs,
    };
    this.stepStartedAtMs = createdAtMs;
    this.resizesApplied = options.listResizes(createdAtMs).length;
    this.steps =
      seed.snapshotMs === undefined || seed.state !== undefined
        ? [{ state: seed.state ?? "Running", durationMs: Infinity }]
        : this.createInitialSteps();
  }

  /** The settings of its initial load. */
  get settings(): PipeSettings {
    return this.definition.source.settings ?? {};
  }

  /** The mode, with the default of the kind. */
  get replicationMode(): ReplicationMode {
    return this.settings.replicationMode ?? (this.kind === "bigquery" ? "snapshot" : "cdc");
  }

  /** Returns the state at a time in milliseconds of the emulator's clock. */
  getState(nowMs: number): PipeState {
    return this.advanceTo(nowMs).state;
  }

  /**
   * Returns the bytes that its newest initial load has fetched. A load reads 100 MB a second here, whatever the size.
   */
  getLoadedBytes(nowMs: number): number {
    const { state, durationMs } = this.advanceTo(nowMs);
    const currentMs = state === "Snapshot" ? Math.min(nowMs - this.stepStartedAtMs, durationMs) : 0;
    return Math.round((this.loadedMs + currentMs) * LOADED_BYTES_PER_MS);
  }

  /** Returns how many of its initial loads a change of size restarted or failed. */
  countBrokenLoads(nowMs: number): number {
    this.advanceTo(nowMs);
    return this.brokenLoads;
  }

  /** Puts the pipe into a state, in which it stays. */
  setState(state: PipeState, nowMs: number): void {
    this.advanceTo(nowMs);
    this.forgetInterruptions();
    this.startSteps([{ state, durationMs: Infinity }], nowMs);
  }

  /** Pauses the pipe. */
  pause(nowMs: number): void {
    this.interrupt(nowMs, { during: "Pausing", after: "Paused" });
  }

  /** Stops the pipe. */
  stop(nowMs: number): void {
    this.interrupt(nowMs, { during: "Stopping", after: "Stopped" });
  }

  /**
   * Resumes a paused or stopped pipe where it was interrupted. A failed pipe runs, unless it lost its initial load: then only a resync
   * helps. No effect in other states.
   */
  start(nowMs: number): void {
    const state = this.getState(nowMs);
    if (this.hasLostLoad) return;
    if (this.interruptedSteps === undefined && state !== "Failed") return;
    this.startSteps(this.interruptedSteps ?? [{ state: "Running", durationMs: Infinity }], nowMs);
    this.interruptedSteps = undefined;
  }

  /**
   * Loads all rows again, then swaps the tables (state Resync).
   *
   * @returns false if this kind of pipe does not support it
   */
  resync(nowMs: number): boolean {
    if (this.kind !== "postgres" && this.kind !== "mysql") return false;
    this.advanceTo(nowMs);
    this.forgetInterruptions();
    const load: Step = { state: "Snapshot", durationMs: this.durations.snapshotMs };
    this.loadedMs = 0;
    this.startSteps([load, { state: "Resync", durationMs: RESYNC_MS }, this.finalStep], nowMs);
    return true;
  }

  private createInitialSteps(): Step[] {
    const { provisioningMs, setupMs, snapshotMs } = this.durations;
    const load: Step = { state: "Snapshot", durationMs: snapshotMs };
    return [
      { state: "Provisioning", durationMs: provisioningMs },
      { state: "Setup", durationMs: setupMs },
      ...(this.replicationMode === "cdc_only" ? [] : [load]),
      this.finalStep,
    ];
  }

  private get finalStep(): Step {
    return { state: this.replicationMode === "snapshot" ? "Completed" : "Running", durationMs: Infinity };
  }

  private interrupt(nowMs: number, states: { readonly during: PipeState; readonly after: PipeState }): void {
    const current = this.advanceTo(nowMs);
    if (this.interruptedSteps !== undefined || this.hasLostLoad) return;
    if (current.state === "Snapshot") this.loadedMs += nowMs - this.stepStartedAtMs;
    const remaining = { ...current, durationMs: current.durationMs - (nowMs - this.stepStartedAtMs) };
    this.interruptedSteps = [remaining, ...this.steps.slice(1)];
    this.startSteps(
      [
        { state: states.during, durationMs: PAUSING_MS },
        { state: states.after, durationMs: Infinity },
      ],
      nowMs,
    );
  }

  private forgetInterruptions(): void {
    this.interruptedSteps = undefined;
    this.hasLostLoad = false;
  }

  private startSteps(steps: Step[], nowMs: number): void {
    this.steps = steps;
    this.stepStartedAtMs = nowMs;
  }

  /** Accounts for all that happened up to `nowMs`, and returns the current step. Nothing may have read the state for long. */
  private advanceTo(nowMs: number): Step {
    const resizes = this.options.listResizes(nowMs);
    for (const atMs of resizes.slice(this.resizesApplied)) this.applyResize(atMs);
    this.resizesApplied = resizes.length;
    return this.dropFinishedSteps(nowMs);
  }

  private applyResize(atMs: number): void {
    const current = this.dropFinishedSteps(atMs);
    const { resizeDuringSnapshot } = this.options;
    if (this.kind !== "postgres" || current.state !== "Snapshot" || resizeDuringSnapshot === "keeps") return;
    this.brokenLoads++;
    this.loadedMs = 0;
    if (resizeDuringSnapshot === "fails") {
      this.hasLostLoad = true;
      this.startSteps([{ state: "Failed", durationMs: Infinity }], atMs);
      return;
    }
    // Not the step's own duration: a load that was paused has less left. No step follows if somebody put the pipe into Snapshot.
    const load: Step = { state: "Snapshot", durationMs: this.durations.snapshotMs };
    this.startSteps([load, ...this.steps.slice(1)], atMs);
  }

  /** Drops the steps that are over at `nowMs` and returns the current one. */
  private dropFinishedSteps(nowMs: number): Step {
    for (;;) {
      const [current, next] = this.steps;
      if (current === undefined) throw new Error("A pipe must have a state");
      if (next === undefined || this.stepStartedAtMs + current.durationMs > nowMs) return current;
      this.stepStartedAtMs += current.durationMs;
      if (current.state === "Snapshot") this.loadedMs += current.durationMs;
      this.steps.shift();
    }
  }
}
