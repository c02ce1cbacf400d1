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
  readonly forMs: number;
}

/** A ClickPipe that goes through its states as time passes, and as people tell it to. */
export class Pipe {
  readonly id: string;
  readonly name: string;
  readonly kind: PipeKind;
  readonly settings: PipeSettings;
  private readonly snapshotMs: number;
  /** When the step that it is in began. */
  private beganAtMs: number;
  /** The first is the one that it is in. */
  private steps: Step[];
  /** What it goes on with when it is started again. */
  private held: Step[] | undefined;

  constructor(
    { id, name, kind, state, snapshotMs, settings = {} }: PipeSeed,
    /** Of a pipe that its seed lets run from the beginning, and that is resynced. */
    usualSnapshotMs: number,
    readonly createdAtMs: number,
  ) {
    this.beganAtMs = createdAtMs;
    this.id = id;
    this.name = name;
    this.kind = kind;
    this.settings = settings;
    this.snapshotMs = snapshotMs ?? usualSnapshotMs;
    this.steps =
      snapshotMs === undefined || state !== undefined
        ? [{ state: state ?? "Running", forMs: Infinity }]
        : [
            { state: "Provisioning", forMs: PROVISIONING_MS },
            { state: "Setup", forMs: SETUP_MS },
            ...this.load(),
          ];
  }

  get replicationMode(): ReplicationMode {
    return this.settings.replicationMode ?? (this.kind === "bigquery" ? "snapshot" : "cdc");
  }

  stateAt(nowMs: number): PipeState {
    return this.at(nowMs).state;
  }

  /** Into that state, and it stays there. */
  become(state: PipeState, nowMs: number): void {
    this.held = undefined;
    this.follow([{ state, forMs: Infinity }], nowMs);
  }

  pause(nowMs: number): void {
    this.hold(nowMs, ["Pausing", "Paused"]);
  }

  stop(nowMs: number): void {
    this.hold(nowMs, ["Stopping", "Stopped"]);
  }

  /** Goes on where it was paused or stopped; a failed one runs. */
  start(nowMs: number): void {
    const state = this.stateAt(nowMs);
    if (this.held === undefined && state !== "Failed") return;
    this.follow(this.held ?? [{ state: "Running", forMs: Infinity }], nowMs);
    this.held = undefined;
  }

  /** Loads everything once more, then swaps the tables (the state Resync); false for a kind that can't. */
  resync(nowMs: number): boolean {
    if (this.kind !== "postgres" && this.kind !== "mysql") return false;
    this.held = undefined;
    const load: Step = { state: "Snapshot", forMs: this.snapshotMs };
    this.follow([load, { state: "Resync", forMs: RESYNC_MS }, this.afterLoad], nowMs);
    return true;
  }

  /** The initial load, where the mode has one, and what comes after it. */
  private load(): Step[] {
    if (this.replicationMode === "cdc_only") return [this.afterLoad];
    return [{ state: "Snapshot", forMs: this.snapshotMs }, this.afterLoad];
  }

  private get afterLoad(): Step {
    return { state: this.replicationMode === "snapshot" ? "Completed" : "Running", forMs: Infinity };
  }

  private hold(nowMs: number, [going, gone]: readonly [PipeState, PipeState]): void {
    const current = this.at(nowMs);
    if (this.held !== undefined) return;
    this.held = [{ ...current, forMs: current.forMs - (nowMs - this.beganAtMs) }, ...this.steps.slice(1)];
    this.follow(
      [
        { state: going, forMs: PAUSING_MS },
        { state: gone, forMs: Infinity },
      ],
      nowMs,
    );
  }

  private follow(steps: Step[], nowMs: number): void {
    this.steps = steps;
    this.beganAtMs = nowMs;
  }

  private at(nowMs: number): Step {
    for (;;) {
      const [current, next] = this.steps;
      if (current === undefined) throw new Error("a pipe without a state");
      if (next === undefined || this.beganAtMs + current.forMs > nowMs) return current;
      this.beganAtMs += current.forMs;
      this.steps.shift();
    }
  }
}
