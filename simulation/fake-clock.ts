import type { Clock } from "../provider/wait/clock";
import { seededRandom } from "../emulator";

interface Timer {
  readonly atMs: number;
  readonly fire: () => void;
}

/**
 * A clock that stands still until `run` moves it: from timer to timer, as soon as nothing else is left to do. It is the
 * emulator's clock too, so that both sides live in the same time.
 */
export class FakeClock implements Clock {
  private elapsedMs = 0;
  private timers: Timer[] = [];
  private held = 0;
  readonly random: () => number;

  constructor(
    seed = 1,
    private readonly beganAtMs = Date.UTC(2026, 0, 1),
  ) {
    this.random = seededRandom(seed);
  }

  nowMs(): number {
    return this.elapsedMs;
  }

  /** The calendar in milliseconds, as the emulator's clock has it. */
  now(): number {
    return Math.round(this.beganAtMs + this.elapsedMs); // a sum with fractions would miss the edges of windows
  }

  date(): Date {
    return new Date(this.now());
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error);
      const timer: Timer = {
        atMs: this.elapsedMs + Math.max(0, ms),
        fire: () => {
          signal?.removeEventListener("abort", onAbort);
          resolve();
        },
      };
      const onAbort = () => {
        this.timers = this.timers.filter((other) => other !== timer);
        reject(signal?.reason as Error);
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      this.timers.push(timer);
    });
  }

  /** Calls `then` when the clock has come to that time. */
  at(elapsedMs: number, then: () => void): void {
    this.timers.push({ atMs: elapsedMs, fire: then });
  }

  /** The machine sleeps: time goes on, and every timer that fell due meanwhile fires late, afterwards. */
  suspend(ms: number): void {
    this.elapsedMs += ms;
  }

  /** Time stands still while that work, which takes none of it, is under way. */
  hold<Result>(work: Promise<Result>): Promise<Result> {
    this.held++;
    return work.finally(() => this.held--);
  }

  /** Moves the time on as long as the work is under way. */
  async run<Result>(work: Promise<Result>): Promise<Result> {
    const over = new AbortController();
    const ended = work.finally(() => over.abort());
    ended.catch(() => undefined);
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      if (over.signal.aborted) return ended;
      if (this.held === 0) this.fireNext();
    }
  }

  get pendingTimers(): number {
    return this.timers.length;
  }

  private fireNext(): void {
    const next = this.timers.reduce<Timer | undefined>(
      (first, timer) => (first === undefined || timer.atMs < first.atMs ? timer : first),
      undefined,
    );
    if (next === undefined) return;
    this.timers = this.timers.filter((timer) => timer !== next);
    this.elapsedMs = Math.max(this.elapsedMs, next.atMs);
    next.fire();
  }
}
