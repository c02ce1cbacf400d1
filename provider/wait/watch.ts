import { type Arrivals, urgencyOf } from "./arrivals";
import type { Convergence, Verdict } from "./convergence";
import { gapMs } from "./schedule";

/** One wait's looks at its change: how urgent the next one is, when it is due, and what each teaches all waits. */
export class Watch {
  /** Since when the change is waited for; where none was accepted, since when one was to be sent. */
  private sinceMs: number;
  /** The newest look, whatever became of it: one that fails must not become ever more urgent. */
  private lookedAtMs: number;
  /** The newest look that saw a size. */
  private knownAtMs: number;
  private isConfirming = false;

  constructor(
    private readonly convergence: Pick<Convergence<unknown>, "visibleSinceMs">,
    private readonly arrivals: Arrivals,
    nowMs: number,
  ) {
    this.sinceMs = this.lookedAtMs = this.knownAtMs = convergence.visibleSinceMs ?? nowMs;
  }

  sent(nowMs: number): void {
    this.sinceMs = this.lookedAtMs = this.knownAtMs = nowMs;
    this.isConfirming = false;
  }

  urgency(nowMs: number): number {
    return urgencyOf(this.arrivals, this.lookedAtMs - this.sinceMs, nowMs - this.sinceMs);
  }

  gapMs(chance: number): number {
    return gapMs(this.lookedAtMs - this.sinceMs, this.arrivals, chance);
  }

  failed(nowMs: number): void {
    this.lookedAtMs = nowMs;
  }

  saw(verdict: Verdict, nowMs: number): void {
    const isFirstSight = verdict === "confirm" && !this.isConfirming;
    if (this.convergence.visibleSinceMs === this.sinceMs && !this.isConfirming) {
      this.arrivals.learn(this.knownAtMs - this.sinceMs, nowMs - this.sinceMs, isFirstSight);
    }
    this.isConfirming = verdict === "confirm";
    this.lookedAtMs = this.knownAtMs = nowMs;
  }
}
