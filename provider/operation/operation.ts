import type { RequestContext, Client } from "../cloud/client";
import {
  CanceledError,
  type ClickPipesError,
  EngineGoneError,
  isTransient,
  NoResponseError,
  type OperationKind,
  TimeoutError,
} from "../errors";
import type { Progress } from "./progress";
import type { Clock } from "../wait/clock";
import { formatDuration } from "../wait/duration";
import { withHeartbeat } from "../wait/heartbeat";
import { retry } from "../wait/backoff";
import type { Engine } from "./engine";
import { describeReadFailures } from "./read-failures";

/** How often the engine is asked whether it still lives. */
const HEARTBEAT_MS = 4_000;

/**
 * How often a status that differs by its time alone is renewed. A terminal replaces it, but a CI log gets a line for each;
 * Pulumi counts the seconds on the row itself.
 */
const STATUS_RENEWAL_MS = 20_000;

/** While a run begins, resources wait for a slot only because Pulumi has not come to them yet. */
const SLOTS_FILL_MS = 10_000;

/** A request that is under way when the time is over gets this much longer; so does the last look, which comes then. */
const LAST_RESPONSE_MS = 10_000;

export interface OperationOptions {
  readonly kind: OperationKind;
  readonly client: Client;
  readonly clock: Clock;
  readonly progress: Progress;
  readonly timeoutMs: number;
  readonly engine: Engine;
  /** What to add to the status where other resources wait for this one's slot. */
  readonly slotHint?: () => string;
}

/** One create, read, update or delete under way: how long it may take, where it reports, and what ends it early. */
export class Operation implements RequestContext {
  /** What is being done, for the resource's row, which adds the time. */
  phase = "reading the size";
  /** Why the newest read got nothing; undefined where it got something. */
  lastFailure: ClickPipesError | undefined;
  /** How often the API refused a request for its limit. */
  rateLimitedCount = 0;
  readonly startedAtMs: number;
  private readonly ended = new AbortController();
  private lastRateLimitedAtMs = -Infinity;
  private shown = { phase: this.phase, atMs: 0 };

  readonly client: Client;
  readonly clock: Clock;
  readonly progress: Progress;
  readonly timeoutMs: number;

  constructor(private readonly options: OperationOptions) {
    ({
      client: this.client,
      clock: this.clock,
      progress: this.progress,
      timeoutMs: this.timeoutMs,
    } = options);
    this.startedAtMs = this.clock.nowMs();
    this.shown.atMs = this.startedAtMs;
  }

  get kind(): OperationKind {
    return this.options.kind;
  }

  /** Aborted when the engine is gone, or when the time is over and the last answer did not come. */
  get signal(): AbortSignal {
    return this.ended.signal;
  }

  get deadlineAtMs(): number {
    return this.startedAtMs + this.timeoutMs;
  }

  get elapsedMs(): number {
    return this.clock.nowMs() - this.startedAtMs;
  }

  get formattedTime(): string {
    return `${formatDuration(this.elapsedMs)} of ${formatDuration(this.timeoutMs)}`;
  }

  /** The client's word that the API refused a request for its limit, and that it waits to send it again. */
  onRateLimited(): void {
    this.rateLimitedCount += 1;
    this.lastRateLimitedAtMs = this.clock.nowMs();
  }

  /** Runs the work under a status line that is renewed, as long as the engine lives and the time is not over. */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    const ended = new AbortController();
    // Two sleeps: a machine that slept itself meanwhile still gives the last answer its time.
    void this.clock
      .sleep(this.timeoutMs, ended.signal)
      .then(() => this.clock.sleep(LAST_RESPONSE_MS, ended.signal))
      .then(
        () => this.ended.abort(this.timeout),
        () => undefined,
      );
    try {
      return await withHeartbeat(this.clock, HEARTBEAT_MS, () => this.heartbeat(), work);
    } finally {
      ended.abort();
    }
  }

  /** Ends the operation from outside: every wait and request of it rejects at once. */
  cancel(reason: string): void {
    const { kind, operation } = this;
    this.ended.abort(new CanceledError({ operation, kind, observed: reason }));
  }

  /** Does something again while its error may pass, as long as the operation may go on. */
  retry<Result>(work: () => Promise<Result>): Promise<Result> {
    const maySucceedLater = (error: unknown) => {
      if (!isTransient(error)) return false;
      this.lastFailure = error;
      return true;
    };
    return retry(this.clock, this.signal, maySucceedLater, work);
  }

  /** Holds a change back while the engine is silent or when its time is over, and ends the operation where the engine is gone. */
  async beforeWrite(): Promise<void> {
    const pulse = await this.options.engine.ping();
    this.abortIfEngineGone(pulse !== "gone");
    this.signal.throwIfAborted();
    if (pulse === "silent") throw createWithheldError("Pulumi's engine doesn't respond");
    if (this.clock.nowMs() >= this.deadlineAtMs) throw createWithheldError("the time is over");
  }

  private async heartbeat(): Promise<void> {
    if (this.signal.aborted) return;
    this.abortIfEngineGone((await this.showStatus()) && (await this.options.engine.ping()) !== "gone");
  }

  private async showStatus(): Promise<boolean> {
    const nowMs = this.clock.nowMs();
    if (this.phase === this.shown.phase && nowMs - this.shown.atMs < STATUS_RENEWAL_MS) return true;
    if (this.options.kind === "update" && this.phase !== this.shown.phase) {
      await this.progress.headline(this.phase);
    }
    this.shown = { phase: this.phase, atMs: nowMs };
    const held = nowMs - this.lastRateLimitedAtMs < STATUS_RENEWAL_MS ? ", held back by the API's limit" : "";
    const hint = this.elapsedMs < SLOTS_FILL_MS ? "" : (this.options.slotHint?.() ?? "");
    return this.progress.status(`${this.phase}, ${this.formattedTime}${held}${hint}`);
  }

  private abortIfEngineGone(isAlive: boolean): void {
    if (isAlive || this.signal.aborted) return;
    const gone = new EngineGoneError();
    this.ended.abort(gone);
    this.options.engine.exitProcess(gone);
  }

  /** For errors, which name what was attempted. */
  private get operation(): string {
    return `${GERUNDS[this.kind]} the ClickPipes size (${this.phase})`;
  }

  private get timeout(): TimeoutError {
    const { kind, operation, lastFailure, rateLimitedCount } = this;
    const observed = describeReadFailures({ lastFailure, rateLimitedCount });
    const facts = { operation, kind, observed, requestId: lastFailure?.requestId, cause: lastFailure };
    return new TimeoutError(facts, formatDuration(this.timeoutMs));
  }
}

const GERUNDS: Record<OperationKind, string> = {
  create: "creating",
  read: "refreshing",
  update: "updating",
  delete: "deleting",
};

function createWithheldError(reason: string): NoResponseError {
  const observed = `${reason}, so the change was not sent`;
  return new NoResponseError(
    "change-withheld",
    { operation: "sending the change", observed },
    "not-sent",
    true,
  );
}
