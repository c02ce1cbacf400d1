import type { Clock } from "../wait/clock";

/**
 * Keeps one process within ClickHouse Cloud's limit of 10 requests in 10 seconds for each API key.
 * Source: https://clickhouse.com/docs/cloud/manage/openapi, read 2026-08.
 *
 * A request occupies its place until 10 s after its *answer*: wherever between sending and answering the server counted it,
 * no window of the server's can then hold an eleventh. A little more, since clocks differ in speed and in what they round.
 */
const PLACES = 10;
const WINDOW_MS = 10_050;

/**
 * Places taken when a process starts. A preview, an update and other stacks are processes of their own with the same
 * key: one that starts with a full burst would run into what the one before it has just sent.
 */
const PLACES_TAKEN_AT_START = 6;

/** Lower goes first: what changes or decides something comes before a look at how far it is. */
export const Priority = { write: 0, read: 1, poll: 2 } as const;
export type Priority = (typeof Priority)[keyof typeof Priority];

interface Waiting {
  readonly priority: Priority;
  readonly admit: () => void;
}

export class Limiter {
  /** When each taken place is free again; `Infinity` while its request is under way. */
  private readonly freeAtMs: number[] = [];
  private readonly queue: Waiting[] = [];
  private pausedUntilMs = 0;
  private places = PLACES;
  private pumping = false;

  constructor(private readonly clock: Clock) {
    const nowMs = clock.nowMs();
    for (let place = 1; place <= PLACES_TAKEN_AT_START; place++) {
      this.freeAtMs.push(nowMs + (place * WINDOW_MS) / PLACES_TAKEN_AT_START);
    }
  }

  /** Waits for a place, runs the request in it, and gives the place back 10 s after the answer. */
  async run<Answer>(
    priority: Priority,
    request: () => Promise<Answer>,
    signal?: AbortSignal,
  ): Promise<Answer> {
    await this.admission(priority, signal);
    try {
      return await request();
    } finally {
      this.freeAtMs[this.freeAtMs.indexOf(Infinity)] = this.clock.nowMs() + WINDOW_MS;
      void this.pump();
    }
  }

  /** After a 429: nothing is sent for that long, and then less at once, since others use the key too. */
  refused(resetMs: number): void {
    const nowMs = this.clock.nowMs();
    const alreadyPaused = nowMs < this.pausedUntilMs;
    this.pausedUntilMs = Math.max(this.pausedUntilMs, nowMs + resetMs);
    // Several requests that were under way together are refused together: that is one refusal.
    if (!alreadyPaused) this.places = Math.max(1, Math.floor(this.places / 2));
  }

  /** After an accepted request: back towards the full limit, one place for each window's worth of successes. */
  accepted(): void {
    this.places = Math.min(PLACES, this.places + 1 / this.places);
  }

  private admission(priority: Priority, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error);
      const waiting: Waiting = {
        priority,
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
        this.freeAtMs.push(Infinity);
        this.queue.shift()?.admit();
      }
    } finally {
      this.pumping = false;
    }
  }

  private untilNextPlaceMs(): number {
    const nowMs = this.clock.nowMs();
    for (let index = this.freeAtMs.length - 1; index >= 0; index--) {
      if ((this.freeAtMs[index] ?? 0) <= nowMs) this.freeAtMs.splice(index, 1);
    }
    if (nowMs < this.pausedUntilMs) return this.pausedUntilMs - nowMs;
    const places = Math.floor(this.places);
    if (this.freeAtMs.length < places) return 0;
    const freeing = [...this.freeAtMs].sort((a, b) => a - b);
    return (freeing[freeing.length - places] ?? Infinity) - nowMs;
  }
}
