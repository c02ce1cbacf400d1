import type { Clock } from "../provider/wait/clock";
import { seededRandom } from "../emulator";

interface Timer {
  readonly atMs: number;
  readonly fire: () => void;
}

/**
 * A clock that stands still until `run` advances it from timer to timer, whenever nothing else is left to do. The emulator uses it
 * too, so that both sides share one time.
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

  /** The calendar in milliseconds, for the emulator. */
  now(): number {
    return Math.round(this.beganAtMs + this.elapsedMs); // fractions would miss the edges of windows
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

  /** Calls `callback` at that time. */
  scheduleAt(elapsedMs: number, callback: () => void): void {
    this.timers.push({ atMs: elapsedMs, fire: callback });
  }

  /** Suspends the machine: time passes, and timers that became due meanwhile fire afterwards. */
  suspend(ms: number): void {
    this.elapsedMs += ms;
  }

  /** Stops time until the work ends. */
  hold<Result>(work: Promise<Result>): Promise<Result> {
    this.held++;
    return work.finally(() => this.held--);
  }

  /** Advances time until the work ends. */
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
