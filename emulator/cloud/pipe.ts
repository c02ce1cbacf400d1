import type { PipeKind, PipeSeed, PipeSettings, PipeState, ReplicationMode } from "./seed";

const PAUSING_MS = 5_000;
const RESYNC_MS = 30_000;

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
}

/**
 * A ClickPipe. Its state changes as time passes and by the commands of users.
 *
 * @public
 */
export class Pipe {
  /** The id, a UUID. */
  readonly id: string;
  /** The name. */
  readonly name: string;
  /** What the pipe reads from. */
  readonly kind: PipeKind;
  /** The settings of its initial load. */
  readonly settings: PipeSettings;
  /** When the pipe was created, in milliseconds of the emulator's clock. */
  readonly createdAtMs: number;
  private readonly durations: PipeDurations;
  /** The current step and those after it. */
  private steps: Step[];
  private stepStartedAtMs: number;
  /** The steps that `start` resumes after `pause` or `stop`. */
  private interruptedSteps: Step[] | undefined;

  constructor(seed: PipeSeed, { durations, createdAtMs }: PipeOptions) {
    this.id = seed.id;
    this.name = seed.name;
    this.kind = seed.kind;
    this.settings = seed.settings ?? {};
    this.createdAtMs = createdAtMs;
    this.durations = {
      provisioningMs: seed.provisioningMs ?? durations.provisioningMs,
      setupMs: seed.setupMs ?? durations.setupMs,
      snapshotMs: seed.snapshotMs ?? durations.snapshotMs,
    };
    this.stepStartedAtMs = createdAtMs;
    this.steps =
      seed.snapshotMs === undefined || seed.state !== undefined
        ? [{ state: seed.state ?? "Running", durationMs: Infinity }]
        : this.createInitialSteps();
  }

  /** The mode, with the default of the kind. */
  get replicationMode(): ReplicationMode {
    return this.settings.replicationMode ?? (this.kind === "bigquery" ? "snapshot" : "cdc");
  }

  /** Returns the state at a time in milliseconds of the emulator's clock. */
  getState(nowMs: number): PipeState {
    return this.advanceTo(nowMs).state;
  }

  /** Puts the pipe into a state, in which it stays. */
  setState(state: PipeState, nowMs: number): void {
    this.interruptedSteps = undefined;
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

  /** Resumes a paused or stopped pipe where it was interrupted. A failed pipe runs. No effect in other states. */
  start(nowMs: number): void {
    const state = this.getState(nowMs);
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
    this.interruptedSteps = undefined;
    const load: Step = { state: "Snapshot", durationMs: this.durations.snapshotMs };
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
    if (this.interruptedSteps !== undefined) return;
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

  private startSteps(steps: Step[], nowMs: number): void {
    this.steps = steps;
    this.stepStartedAtMs = nowMs;
  }

  /** Drops the steps that are over at `nowMs` and returns the current one. */
  private advanceTo(nowMs: number): Step {
    for (;;) {
      const [current, next] = this.steps;
      if (current === undefined) throw new Error("A pipe must have a state");
      if (next === undefined || this.stepStartedAtMs + current.durationMs > nowMs) return current;
      this.stepStartedAtMs += current.durationMs;
      this.steps.shift();
    }
  }
}
