import type { Client, Target } from "./api/client";
import { EngineGoneError } from "./errors";
import { type Engine, Progress } from "./progress";
import type { Clock } from "./wait/clock";
import { whileBeating } from "./wait/heartbeat";

/** How often a resource's row is renewed, and with it the question whether the engine still lives. */
const BEAT_MS = 4_000;

/** While a run begins, resources wait for a slot only because Pulumi has not come to them yet. */
const SLOTS_FILL_MS = 10_000;

/** One create, read, update or delete under way: whom it is about, how long it may take, and where it reports. */
export class Operation {
  /** What the resource's row says; renewed with every beat. */
  status: () => string = () => "";
  readonly startedAtMs: number;
  private readonly ended = new AbortController();

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

  /** Runs the work under a status line that is renewed, as long as the engine lives. */
  run<Result>(work: () => Promise<Result>): Promise<Result> {
    return whileBeating(this.clock, BEAT_MS, () => this.beat(), work);
  }

  /** Ends the operation unless the engine lives: asked just before anything is changed. */
  async mayWrite(): Promise<void> {
    await this.beat();
    this.signal.throwIfAborted();
  }

  private statusLine(): string {
    return this.elapsedMs < SLOTS_FILL_MS ? this.status() : this.status() + this.slotHint();
  }

  private async beat(): Promise<void> {
    if (this.signal.aborted || (await this.progress.status(this.statusLine()))) return;
    const gone = new EngineGoneError();
    this.ended.abort(gone);
    this.engine.leave(gone);
  }
}
