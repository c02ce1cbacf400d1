import type { Clock } from "../wait/clock";
import { LearnedPart } from "./learned-part";
import { Places } from "./places";

/**
 * Keeps one process within ClickHouse Cloud's limit of 10 requests in 10 seconds for each API key.
 * Source: https://clickhouse.com/docs/cloud/manage/openapi, read 2026-08.
 */
const PLACES = 10;
/** A little more than 10 s, since clocks differ in speed and in what they round. */
const WINDOW_MS = 10_050;

/**
 * Places taken when a process starts. A preview, an update and other stacks are processes of their own with the same
 * key: one that starts with a full burst would run into what the one before it has just sent.
 */
const PLACES_TAKEN_AT_START = 6;

/** Each so many-th place goes to what has waited longest, whatever it is: what goes first must not keep the rest out for ever. */
const EVERY_TENTH = 10;

/**
 * From this urgency on (see `urgencyOf`) a poll is as good as sure to find its change arrived. It then shares the places with first
 * reads, one by one: with hundreds of services these would else keep all that has arrived waiting, for nothing, since every
 * service takes the same requests in the end.
 */
const SURE = 1;

/** Lower goes first: what changes or decides something comes before a look at how far it is. */
export const Priority = { write: 0, confirm: 1, read: 2, poll: 3 } as const;
export type Priority = (typeof Priority)[keyof typeof Priority];

interface Waiting {
  readonly priority: Priority;
  /** In the order in which they came. */
  readonly number: number;
  /** Asked when a place is free: of those of one priority the most urgent goes first. */
  readonly urgency: () => number;
  readonly admit: () => void;
}

export class Limiter {
  /** The documented limit, whatever happens. */
  private readonly documented = new Places(WINDOW_MS);
  /** This process's share of it, where others use the key too: what refusals leave. */
  private readonly share = new Places(WINDOW_MS);
  private readonly queue: Waiting[] = [];
  private pausedUntilMs = 0;
  private readonly learned = new LearnedPart(PLACES);
  private pumping = false;
  private asked = 0;
  private admitted = 0;

  constructor(private readonly clock: Clock) {
    // The first of those that count as taken is free again after a part of the window, the last at its end.
    const partMs = WINDOW_MS / PLACES_TAKEN_AT_START;
    this.documented.spread(PLACES_TAKEN_AT_START, clock.nowMs() + partMs, () => 0);
  }

  /** Waits for a place, runs the request in it, and gives the place back 10 s after the answer. */
  async run<Answer>(
    priority: Priority,
    request: () => Promise<Answer>,
    signal?: AbortSignal,
    urgency: () => number = () => 0,
  ): Promise<Answer> {
    await this.admission(priority, urgency, signal);
    try {
      return await request();
    } finally {
      this.documented.answered(this.clock.nowMs());
      this.share.answered(this.clock.nowMs());
      void this.pump();
    }
  }

  /** After a 429: nothing is sent for that long, and then less and evenly, since others use the key too. */
  refused(resetMs: number): void {
    const nowMs = this.clock.nowMs();
    const alreadyPaused = nowMs < this.pausedUntilMs;
    this.pausedUntilMs = Math.max(this.pausedUntilMs, nowMs + resetMs);
    // Several requests that were under way together are refused together: that is one refusal.
    if (alreadyPaused) return;
    this.learned.refused(this.learned.size);
    // All who were refused together would else come back together.
    this.share.spread(this.usable(), this.pausedUntilMs, () => this.clock.random());
  }

  accepted(): void {
    this.learned.accepted();
  }

  private admission(priority: Priority, urgency: () => number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error);
      const waiting: Waiting = {
        priority,
        number: ++this.asked,
        urgency,
        admit: () => {
          signal?.removeEventListener("abort", onAbort);
          resolve();
        },
      };
      const onAbort = () => {
        this.queue.splice(this.queue.indexOf(waiting), 1);
        reject(signal?.reason as Error);
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      this.queue.splice(this.positionFor(priority), 0, waiting);
      void this.pump();
    });
  }

  /** Of the places in a window, those that refusals leave. */
  private usable(): number {
    return Math.max(1, Math.floor(this.learned.size));
  }

  private positionFor(priority: Priority): number {
    const behind = this.queue.findIndex((waiting) => waiting.priority > priority);
    return behind < 0 ? this.queue.length : behind;
  }

  /** Admits what may go now and sleeps until the next place is free, as long as anything waits. */
  private async pump(): Promise<void> {
    if (this.pumping) return;
    this.pumping = true;
    try {
      while (this.queue.length > 0) {
        const waitMs = this.untilNextPlaceMs();
        if (waitMs === Infinity) return; // the next answer pumps again
        if (waitMs > 0) {
          await this.clock.sleep(waitMs);
          continue;
        }
        this.documented.take();
        this.share.take();
        this.next()?.admit();
      }
    } finally {
      this.pumping = false;
    }
  }

  /** Takes the next out of the queue: by priority and urgency, each tenth time the one that has waited longest. */
  private next(): Waiting | undefined {
    this.admitted += 1;
    const isTenth = this.admitted % EVERY_TENTH === 0;
    const chosen = isTenth ? longestIn(this.queue) : (this.sureInTurn() ?? mostUrgentIn(this.queue));
    if (chosen !== undefined) this.queue.splice(this.queue.indexOf(chosen), 1);
    return chosen;
  }

  /** Every second time, where a first read would be next, the poll that is surest. */
  private sureInTurn(): Waiting | undefined {
    if (this.queue[0]?.priority !== Priority.read || this.admitted % 2 !== 0) return undefined;
    const surest = mostUrgentIn(this.queue.filter(({ priority }) => priority === Priority.poll));
    return surest !== undefined && surest.urgency() >= SURE ? surest : undefined;
  }

  private untilNextPlaceMs(): number {
    const nowMs = this.clock.nowMs();
    if (nowMs < this.pausedUntilMs) return this.pausedUntilMs - nowMs;
    const documentedMs = this.documented.untilFreeMs(PLACES, nowMs);
    return Math.max(documentedMs, this.share.untilFreeMs(this.usable(), nowMs));
  }
}

function longestIn(queue: readonly Waiting[]): Waiting | undefined {
  let longest = queue[0];
  for (const other of queue) if (longest === undefined || other.number < longest.number) longest = other;
  return longest;
}

/** Of those with the first one's priority, which stand before all others. */
function mostUrgentIn(queue: readonly Waiting[]): Waiting | undefined {
  let [chosen] = queue;
  let most = -Infinity;
  for (const waiting of queue) {
    if (waiting.priority !== chosen?.priority) break;
    const urgency = waiting.urgency();
    if (urgency > most) [chosen, most] = [waiting, urgency];
  }
  return chosen;
}
