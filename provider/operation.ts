import type { Client, Target } from "./api/client";
import { EngineGoneError } from "./errors";
import { type Engine, Progress } from "./progress";
import type { Clock } from "./wait/clock";
import { durationText } from "./wait/duration";
import { whileBeating } from "./wait/heartbeat";

/** How often the engine is asked whether it still lives. */
const BEAT_MS = 4_000;

/**
 * How often a status that differs by its time alone is renewed. A terminal replaces it, but a CI log gets a line for each;
 * Pulumi counts the seconds on the row itself.
 */
const RENEW_MS = 20_000;

/** While a run begins, resources wait for a slot only because Pulumi has not come to them yet. */
const SLOTS_FILL_MS = 10_000;

/** One create, read, update or delete under way: whom it is about, how long it may take, and where it reports. */
export class Operation {
  /** What is being done, for the resource's row, which adds the time. */
  phase = "reading the size";
  readonly startedAtMs: number;
  private readonly ended = new AbortController();
  private shown = { phase: this.phase, atMs: 0 };

  constructor(
    readonly client: Client,
    readonly target: Target,
    readonly clock: Clock,
    readonly progress: Progress,
    readonly limitMs: number,
    private readonly engine: Engine,
    private readonly slotHint: () => string = () => "",
  ) {
    this.startedAtMs = clock.nowMs();
    this.shown.atMs = this.startedAtMs;
  }

  /** Aborted when the engine is gone. */
  get signal(): AbortSignal {
    return this.ended.signal;
  }

  get deadlineAtMs(): number {
    return this.startedAtMs + this.limitMs;
  }

  get elapsedMs(): number {
    return this.clock.nowMs() - this.startedAtMs;
  }

  get timeText(): string {
    return `${durationText(this.elapsedMs)} of at most ${durationText(this.limitMs)}`;
  }

  /** Runs the work under a status line that is renewed, as long as the engine lives. */
  run<Result>(work: () => Promise<Result>): Promise<Result> {
    return whileBeating(this.clock, BEAT_MS, () => this.beat(), work);
  }

  /** Ends the operation unless the engine lives: asked just before anything is changed. */
  async mayWrite(): Promise<void> {
    this.assure(await this.engine.isAlive());
    this.signal.throwIfAborted();
  }

  private async beat(): Promise<void> {
    if (this.signal.aborted) return;
    this.assure((await this.showStatus()) && (await this.engine.isAlive()));
  }

  private async showStatus(): Promise<boolean> {
    const nowMs = this.clock.nowMs();
    if (this.phase === this.shown.phase && nowMs - this.shown.atMs < RENEW_MS) return true;
    this.shown = { phase: this.phase, atMs: nowMs };
    const hint = this.elapsedMs < SLOTS_FILL_MS ? "" : this.slotHint();
    return this.progress.status(`${this.phase}, ${this.timeText}${hint}`);
  }

  private assure(isAlive: boolean): void {
    if (isAlive || this.signal.aborted) return;
    const gone = new EngineGoneError();
    this.ended.abort(gone);
    this.engine.leave(gone);
  }
}
