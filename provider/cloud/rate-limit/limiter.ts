import type { Clock } from "../../wait/clock";
import { AdaptiveQuota } from "./adaptive-quota";
import { SlidingWindow } from "./sliding-window";

/** ClickHouse Cloud's rate limit per API key. Source: https://clickhouse.com/docs/cloud/manage/openapi, read 2026-08. */
const REQUESTS_PER_WINDOW = 10;
/** A little more than the documented 10 s, because clocks differ in speed and rounding. */
const WINDOW_MS = 10_050;

/**
 * Requests that count as sent when a process starts. A preview, the update after it and other stacks are processes of their own with
 * the same key. A process that started with a full burst would exceed the limit together with the one before it.
 */
const REQUESTS_ASSUMED_AT_START = 6;

/** Every tenth request is the one that has waited longest, so that requests of high priority can't block the others. */
const STARVATION_GUARD_EVERY = 10;

/** Lower goes first: requests that change or decide something go before polls. */
export const Priority = { write: 0, confirm: 1, read: 2, poll: 3 } as const;
export type Priority = (typeof Priority)[keyof typeof Priority];

export interface Turn {
  readonly priority: Priority;
  /** Orders requests of one priority: lower goes first, equal ones in the order in which they came. @default 0 */
  readonly rank?: number | undefined;
  /** Ends the wait for a turn. */
  readonly signal?: AbortSignal | undefined;
}

interface Waiter {
  readonly priority: Priority;
  readonly rank: number;
  /** In the order of arrival. */
  readonly number: number;
  readonly admit: () => void;
}

/** Keeps one process within the limit of one API key. */
export class Limiter {
  /** The documented limit, which always applies. */
  private readonly documented = new SlidingWindow(WINDOW_MS);
  /** This process's share of it: other processes use the key too. */
  private readonly share = new SlidingWindow(WINDOW_MS);
  private readonly quota = new AdaptiveQuota(REQUESTS_PER_WINDOW);
  /** Sorted: the next one first. */
  private readonly queue: Waiter[] = [];
  private pausedUntilMs = 0;
  private isDraining = false;
  private acquired = 0;
  private admitted = 0;

  constructor(private readonly clock: Clock) {
    // The first of the assumed requests leaves the window after a part of it, the last at its end.
    const partMs = WINDOW_MS / REQUESTS_ASSUMED_AT_START;
    this.documented.spread(REQUESTS_ASSUMED_AT_START, clock.nowMs() + partMs, () => 0);
  }

  /** Runs a request when its turn comes. Its slot is free again a window after the response. */
  async run<Response>(turn: Turn, request: () => Promise<Response>): Promise<Response> {
    await this.acquire(turn);
    try {
      return await request();
    } finally {
      this.documented.release(this.clock.nowMs());
      this.share.release(this.clock.nowMs());
      void this.drain();
    }
  }

  /** After a 429: sends nothing for this long, and then fewer requests, spread evenly, because others use the key too. */
  onRateLimited(resetMs: number): void {
    const nowMs = this.clock.nowMs();
    const isPaused = nowMs < this.pausedUntilMs;
    this.pausedUntilMs = Math.max(this.pausedUntilMs, nowMs + resetMs);
    // Requests that were in flight together are refused together: that counts as one refusal.
    if (isPaused) return;
    this.quota.decrease(this.quota.current);
    // Processes that were refused together must not come back together.
    this.share.spread(this.requestsPerWindow(), this.pausedUntilMs, () => this.clock.random());
  }

  onAccepted(): void {
    this.quota.increase();
  }

  private acquire({ priority, rank = 0, signal }: Turn): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error);
      const onAbort = () => {
        this.queue.splice(this.queue.indexOf(waiter), 1);
        reject(signal?.reason as Error);
      };
      const waiter: Waiter = {
        priority,
        rank,
        number: ++this.acquired,
        admit: () => {
          signal?.removeEventListener("abort", onAbort);
          resolve();
        },
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      const behind = this.queue.findIndex((other) => compare(waiter, other) < 0);
      this.queue.splice(behind < 0 ? this.queue.length : behind, 0, waiter);
      void this.drain();
    });
  }

  private requestsPerWindow(): number {
    return Math.max(1, Math.floor(this.quota.current));
  }

  /** Admits requests as slots become free, until the queue is empty. */
  private async drain(): Promise<void> {
    if (this.isDraining) return;
    this.isDraining = true;
    try {
      while (this.queue.length > 0) {
        const waitMs = this.untilNextSlotMs();
        if (waitMs === Infinity) return; // the next response drains again
        if (waitMs > 0) {
          await this.clock.sleep(waitMs);
          continue;
        }
        this.documented.occupy();
        this.share.occupy();
        this.takeNext()?.admit();
      }
    } finally {
      this.isDraining = false;
    }
  }

  private takeNext(): Waiter | undefined {
    this.admitted += 1;
    const isGuarded = this.admitted % STARVATION_GUARD_EVERY === 0;
    const index = isGuarded ? findLongestWaiting(this.queue) : 0;
    return this.queue.splice(index, 1)[0];
  }

  private untilNextSlotMs(): number {
    const nowMs = this.clock.nowMs();
    if (nowMs < this.pausedUntilMs) return this.pausedUntilMs - nowMs;
    return Math.max(
      this.documented.computeWaitMs(REQUESTS_PER_WINDOW, nowMs),
      this.share.computeWaitMs(this.requestsPerWindow(), nowMs),
    );
  }
}

function compare(a: Waiter, b: Waiter): number {
  return a.priority - b.priority || a.rank - b.rank || a.number - b.number;
}

function findLongestWaiting(queue: readonly Waiter[]): number {
  const numbers = queue.map(({ number }) => number);
  return numbers.indexOf(Math.min(...numbers));
}
