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

/** How often the engine is pinged. */
const HEARTBEAT_MS = 4_000;

/**
 * How often a status is renewed if only its time has changed. A terminal replaces it, but a CI log gets a line for each, and Pulumi
 * counts the seconds on the row itself.
 */
const STATUS_RENEWAL_MS = 20_000;

/** One window of the limit refuses for 10 s at most, and five of this package's processes share a key within half a minute. */
const SHARED_KEY_AFTER_MS = 60_000;

/** At the start of a run, resources wait only because Pulumi has not reached them yet, so the status names no slot. */
const SLOTS_FILL_MS = 10_000;

/** The end of an operation's time that is left for its last read, so that the operation ends within its timeout. */
const LAST_READ_SHARE = 0.1;
const LAST_READ_MAX_MS = 10_000;

export interface OperationOptions {
  readonly kind: OperationKind;
  readonly client: Client;
  readonly clock: Clock;
  readonly progress: Progress;
  readonly timeoutMs: number;
  readonly engine: Engine;
  /** Text for the status if other resources wait for the slot of this one. */
  readonly slotHint?: () => string;
}

/** A create, read, update or delete in progress: its timeout, its status, and what ends it early. */
export class Operation implements RequestContext {
  /** What the operation is doing, for the row of the resource. The row adds the time. */
  private currentPhase = "reading the size";
  /** When the phase ends, if that is before the operation's timeout. */
  private phaseUntilMs: number | undefined;
  /** Why the newest read failed. Undefined if it succeeded. */
  lastFailure: ClickPipesError | undefined;
  /** How many requests the API refused for its rate limit. */
  rateLimitedCount = 0;
  private rateLimitedSinceMs = Infinity;
  readonly startedAtMs: number;
  private readonly ended = new AbortController();
  private lastRateLimitedAtMs = -Infinity;
  private shown = { phase: this.currentPhase, atMs: 0 };

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

  /** Aborted if the engine is gone, or if the time is over and the last response did not arrive. */
  get signal(): AbortSignal {
    return this.ended.signal;
  }

  /** When the last read starts, and after which nothing is sent that changes something. */
  get deadlineAtMs(): number {
    return this.startedAtMs + this.timeoutMs - this.lastReadMs;
  }

  private get lastReadMs(): number {
    return Math.min(LAST_READ_MAX_MS, this.timeoutMs * LAST_READ_SHARE);
  }

  get elapsedMs(): number {
    return this.clock.nowMs() - this.startedAtMs;
  }

  get formattedTime(): string {
    return `${formatDuration(this.elapsedMs)} of ${formatDuration(this.timeoutMs)}`;
  }

  get phase(): string {
    return this.currentPhase;
  }

  /** Changes the phase on the row. `untilMs` is the end of a phase that is shorter than the operation. */
  showPhase(phase: string, untilMs?: number): void {
    this.currentPhase = phase;
    this.phaseUntilMs = untilMs;
  }

  /** The API refused a request for its rate limit. The client waits and sends it again. */
  onRateLimited(): void {
    const nowMs = this.clock.nowMs();
    if (!this.isRateLimited) this.rateLimitedSinceMs = nowMs;
    this.rateLimitedCount += 1;
    this.lastRateLimitedAtMs = nowMs;
  }

  /**
   * Whether the API has refused requests for so long that something else must use the key: the requests of this process stay within the
   * limit.
   */
  get isKeyShared(): boolean {
    return this.lastRateLimitedAtMs - this.rateLimitedSinceMs >= SHARED_KEY_AFTER_MS;
  }

  private get isRateLimited(): boolean {
    return this.clock.nowMs() - this.lastRateLimitedAtMs < STATUS_RENEWAL_MS;
  }

  /** Runs the work and renews its status, until it ends, the engine is gone, or the time is over. */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    const ended = new AbortController();
    // Two sleeps: if the machine was suspended meanwhile, the last read still gets its time.
    void this.clock
      .sleep(this.timeoutMs - this.lastReadMs, ended.signal)
      .then(() => this.clock.sleep(this.lastReadMs, ended.signal))
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

  /** Ends the operation from outside: each of its waits and requests rejects at once. */
  cancel(reason: string): void {
    const { kind, operation } = this;
    this.ended.abort(new CanceledError({ operation, kind, observed: reason }));
  }

  /** Retries the work after transient errors, until the operation ends. */
  retry<Result>(work: () => Promise<Result>): Promise<Result> {
    const maySucceedLater = (error: unknown) => {
      if (!isTransient(error)) return false;
      this.lastFailure = error;
      return true;
    };
    return retry(this.clock, this.signal, maySucceedLater, work);
  }

  /** Withholds a change while the engine is silent or when the time is over. Ends the operation if the engine is gone. */
  async beforeWrite(): Promise<void> {
    const liveness = await this.options.engine.ping();
    this.abortIfEngineGone(liveness !== "gone");
    this.signal.throwIfAborted();
    if (liveness === "silent") throw createWithheldError("Pulumi's engine doesn't respond");
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
    const limited = this.isRateLimited ? ", waiting for the API's rate limit" : "";
    const shared =
      this.isRateLimited && this.isKeyShared ? ", which something else uses up: use another key" : "";
    const hint = this.elapsedMs < SLOTS_FILL_MS ? "" : (this.options.slotHint?.() ?? "");
    const limit = formatDuration((this.phaseUntilMs ?? this.startedAtMs + this.timeoutMs) - this.startedAtMs);
    const time = `${formatDuration(this.elapsedMs)} of ${limit}`;
    return this.progress.status(`${this.phase}, ${time}${limited}${shared}${hint}`);
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
    const { kind, operation, lastFailure, rateLimitedCount, isKeyShared } = this;
    const observed = describeReadFailures({ lastFailure, rateLimitedCount });
    const requestId = lastFailure?.requestId;
    const facts = { operation, kind, observed, isKeyShared, requestId, cause: lastFailure };
    return new TimeoutError(facts, this.formattedTime);
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
