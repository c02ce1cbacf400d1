import type { Caller, Client } from "../cloud/client";
import { type ClickPipesError, EngineGoneError, isTransient, NoAnswerError, TimeoutError } from "../errors";
import type { Progress } from "./progress";
import type { Clock } from "../wait/clock";
import { durationText } from "../wait/duration";
import { whileBeating } from "../wait/heartbeat";
import { retrying } from "../wait/backoff";
import type { Engine } from "./engine";

/** How often the engine is asked whether it still lives. */
const BEAT_MS = 4_000;

/**
 * How often a status that differs by its time alone is renewed. A terminal replaces it, but a CI log gets a line for each;
 * Pulumi counts the seconds on the row itself.
 */
const RENEW_MS = 20_000;

/** While a run begins, resources wait for a slot only because Pulumi has not come to them yet. */
const SLOTS_FILL_MS = 10_000;

/** A request that is under way when the time is over gets this much longer; so does the last look, which comes then. */
const LAST_ANSWER_MS = 10_000;

export type Kind = "create" | "read" | "update" | "delete";

/** What a person runs to have an operation done again. */
const COMMAND: Record<Kind, string> = {
  create: "pulumi up",
  read: "pulumi refresh",
  update: "pulumi up",
  delete: "pulumi destroy",
};

export interface Circumstances {
  readonly kind: Kind;
  readonly client: Client;
  readonly clock: Clock;
  readonly progress: Progress;
  readonly limitMs: number;
  readonly engine: Engine;
  /** What to add to the status where other resources wait for this one's slot. */
  readonly slotHint?: () => string;
}

/** One create, read, update or delete under way: how long it may take, where it reports, and what ends it early. */
export class Operation implements Caller {
  /** What is being done, for the resource's row, which adds the time. */
  phase = "reading the size";
  /** Why the newest read got nothing; undefined where it got something. */
  failure: ClickPipesError | undefined;
  /** How often the API refused a request for its limit. */
  refusals = 0;
  readonly startedAtMs: number;
  private readonly ended = new AbortController();
  private lastRefusedAtMs = -Infinity;
  private shown = { phase: this.phase, atMs: 0 };

  readonly client: Client;
  readonly clock: Clock;
  readonly progress: Progress;
  readonly limitMs: number;

  constructor(private readonly circumstances: Circumstances) {
    ({
      client: this.client,
      clock: this.clock,
      progress: this.progress,
      limitMs: this.limitMs,
    } = circumstances);
    this.startedAtMs = this.clock.nowMs();
    this.shown.atMs = this.startedAtMs;
  }

  get command(): string {
    return COMMAND[this.circumstances.kind];
  }

  /** What becomes of a change that was sent and not waited for to its end. A delete that fails can't leave it in the state. */
  get resumption(): string {
    const goesOn = this.circumstances.kind === "delete" ? "asks for it again" : "goes on waiting for it";
    return `the next \`${this.command}\` ${goesOn}`;
  }

  /** Aborted when the engine is gone, or when the time is over and the last answer did not come. */
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
    return `${durationText(this.elapsedMs)} of ${durationText(this.limitMs)}`;
  }

  /** The client's word that the API refused a request for its limit, and that it waits to send it again. */
  refused(): void {
    this.refusals += 1;
    this.lastRefusedAtMs = this.clock.nowMs();
  }

  /** Runs the work under a status line that is renewed, as long as the engine lives and the time is not over. */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    const ended = new AbortController();
    // Two sleeps: a machine that slept itself meanwhile still gives the last answer its time.
    void this.clock
      .sleep(this.limitMs, ended.signal)
      .then(() => this.clock.sleep(LAST_ANSWER_MS, ended.signal))
      .then(
        () => this.ended.abort(this.timeout),
        () => undefined,
      );
    try {
      return await whileBeating(this.clock, BEAT_MS, () => this.beat(), work);
    } finally {
      ended.abort();
    }
  }

  /** Does something again while its error may pass, as long as the operation may go on. */
  retrying<Result>(work: () => Promise<Result>): Promise<Result> {
    const maySucceedLater = (error: unknown) => {
      if (!isTransient(error)) return false;
      this.failure = error;
      return true;
    };
    return retrying(this.clock, this.signal, maySucceedLater, work);
  }

  /** Holds a change back while the engine is silent or when its time is over, and ends the operation where the engine is gone. */
  async beforeWrite(): Promise<void> {
    const pulse = await this.circumstances.engine.pulse();
    this.assure(pulse !== "gone");
    this.signal.throwIfAborted();
    if (pulse === "silent") throw heldBack("Pulumi's engine is silent");
    if (this.clock.nowMs() >= this.deadlineAtMs) throw heldBack("the time is over");
  }

  private async beat(): Promise<void> {
    if (this.signal.aborted) return;
    this.assure((await this.showStatus()) && (await this.circumstances.engine.pulse()) !== "gone");
  }

  private async showStatus(): Promise<boolean> {
    const nowMs = this.clock.nowMs();
    if (this.phase === this.shown.phase && nowMs - this.shown.atMs < RENEW_MS) return true;
    if (this.circumstances.kind === "update" && this.phase !== this.shown.phase) {
      await this.progress.headline(this.phase);
    }
    this.shown = { phase: this.phase, atMs: nowMs };
    const held = nowMs - this.lastRefusedAtMs < RENEW_MS ? ", held back by the API's limit" : "";
    const hint = this.elapsedMs < SLOTS_FILL_MS ? "" : (this.circumstances.slotHint?.() ?? "");
    return this.progress.status(`${this.phase}, ${this.timeText}${held}${hint}`);
  }

  private assure(isAlive: boolean): void {
    if (isAlive || this.signal.aborted) return;
    const gone = new EngineGoneError();
    this.ended.abort(gone);
    this.circumstances.engine.leave(gone);
  }

  private get timeout(): TimeoutError {
    return new TimeoutError({
      asked: this.phase,
      seen: `no usable answer within ${durationText(this.limitMs)}${this.trouble}`,
      next: `Run \`${this.command}\` again later`,
      requestId: this.failure?.facts.requestId,
    });
  }

  private get trouble(): string {
    if (this.failure !== undefined) return `; at last ${this.failure.facts.seen}`;
    return this.refusals > 0 ? `; refused for the API's limit (429) ${this.refusals} times` : "";
  }
}

function heldBack(why: string): NoAnswerError {
  return new NoAnswerError(
    {
      asked: "see whether the change is still wanted",
      seen: `${why}, so it was not sent`,
      next: "Let a command that was stopped go on, or run it again",
    },
    "not-sent",
    true,
  );
}
