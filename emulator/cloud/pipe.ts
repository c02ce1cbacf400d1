import type { PipeKind, PipeSeed, PipeSettings, PipeState, ReplicationMode } from "./seed";

/**
 * ClickHouse documents the states and their order, not how long they last: these are short beside a snapshot.
 * Source: https://clickhouse.com/docs/integrations/clickpipes/postgres/lifecycle, read 2026-11.
 */
const PROVISIONING_MS = 30_000;
const SETUP_MS = 30_000;
const PAUSING_MS = 5_000;
const RESYNC_MS = 30_000;

interface Step {
  readonly state: PipeState;
  readonly durationMs: number;
}

/** A ClickPipe that goes through its states as time passes, and as people tell it to. */
export class Pipe {
  readonly id: string;
  readonly name: string;
  readonly kind: PipeKind;
  readonly settings: PipeSettings;
  private readonly snapshotMs: number;
  /** When the step that it is in began. */
  private stepStartedAtMs: number;
  /** The first is the one that it is in. */
  private steps: Step[];
  /** What it goes on with when it is started again. */
  private interruptedSteps: Step[] | undefined;

  constructor(
    { id, name, kind, state, snapshotMs, settings = {} }: PipeSeed,
    /** Of a pipe that its seed lets run from the beginning, and that is resynced. */
    usualSnapshotMs: number,
    readonly createdAtMs: number,
  ) {
    this.stepStartedAtMs = createdAtMs;
    this.id = id;
    this.name = name;
    this.kind = kind;
    this.settings = settings;
    this.snapshotMs = snapshotMs ?? usualSnapshotMs;
    this.steps =
      snapshotMs === undefined || state !== undefined
        ? [{ state: state ?? "Running", durationMs: Infinity }]
        : [
            { state: "Provisioning", durationMs: PROVISIONING_MS },
            { state: "Setup", durationMs: SETUP_MS },
            ...this.createLoadSteps(),
          ];
  }

  get replicationMode(): ReplicationMode {
    return this.settings.replicationMode ?? (this.kind === "bigquery" ? "snapshot" : "cdc");
  }

  getState(nowMs: number): PipeState {
    return this.advanceTo(nowMs).state;
  }

  /** Into that state, and it stays there. */
  setState(state: PipeState, nowMs: number): void {
    this.interruptedSteps = undefined;
    this.startSteps([{ state, durationMs: Infinity }], nowMs);
  }

  pause(nowMs: number): void {
    this.interrupt(nowMs, ["Pausing", "Paused"]);
  }

  stop(nowMs: number): void {
    this.interrupt(nowMs, ["Stopping", "Stopped"]);
  }

  /** Goes on where it was paused or stopped; a failed one runs. */
  start(nowMs: number): void {
    const state = this.getState(nowMs);
    if (this.interruptedSteps === undefined && state !== "Failed") return;
    this.startSteps(this.interruptedSteps ?? [{ state: "Running", durationMs: Infinity }], nowMs);
    this.interruptedSteps = undefined;
  }

  /** Loads everything once more, then swaps the tables (the state Resync); false for a kind that can't. */
  resync(nowMs: number): boolean {
    if (this.kind !== "postgres" && this.kind !== "mysql") return false;
    this.interruptedSteps = undefined;
    const load: Step = { state: "Snapshot", durationMs: this.snapshotMs };
    this.startSteps([load, { state: "Resync", durationMs: RESYNC_MS }, this.finalStep], nowMs);
    return true;
  }

  /** The initial load, where the mode has one, and what comes after it. */
  private createLoadSteps(): Step[] {
    if (this.replicationMode === "cdc_only") return [this.finalStep];
    return [{ state: "Snapshot", durationMs: this.snapshotMs }, this.finalStep];
  }

  private get finalStep(): Step {
    return { state: this.replicationMode === "snapshot" ? "Completed" : "Running", durationMs: Infinity };
  }

  private interrupt(nowMs: number, [going, gone]: readonly [PipeState, PipeState]): void {
    const current = this.advanceTo(nowMs);
    if (this.interruptedSteps !== undefined) return;
    this.interruptedSteps = [
      { ...current, durationMs: current.durationMs - (nowMs - this.stepStartedAtMs) },
      ...this.steps.slice(1),
    ];
    this.startSteps(
      [
        { state: going, durationMs: PAUSING_MS },
        { state: gone, durationMs: Infinity },
      ],
      nowMs,
    );
  }

  private startSteps(steps: Step[], nowMs: number): void {
    this.steps = steps;
    this.stepStartedAtMs = nowMs;
  }

  private advanceTo(nowMs: number): Step {
    for (;;) {
      const [current, next] = this.steps;
      if (current === undefined) throw new Error("a pipe without a state");
      if (next === undefined || this.stepStartedAtMs + current.durationMs > nowMs) return current;
      this.stepStartedAtMs += current.durationMs;
      this.steps.shift();
    }
  }
}
