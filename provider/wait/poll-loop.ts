import type { Clock } from "./clock";
import { CONFIRM_GAP_MS, type Convergence, type Verdict } from "./convergence";
import { computeFirstPollGapMs, computePollGapMs, rankPoll } from "./poll-schedule";
import { computeBackoffMs } from "./backoff";

export interface PollOptions<Size> {
  readonly convergence: Convergence<Size>;
  /**
   * Reads the size; undefined if this read got none and another one may. Throws what makes going on pointless. Of several polls that
   * wait, the one with the lowest rank goes first; one without a rank goes before all of them.
   */
  read(rank?: number): Promise<Size | undefined>;
  /** Sends the change. Throws what makes going on pointless. */
  send(): Promise<"accepted" | "unanswered" | "refused">;
  readonly clock: Clock;
  /** The loop reads once more *at* the deadline, and again if that read is the first to show the size. */
  readonly deadlineAtMs: number;
  readonly signal: AbortSignal;
}

export type WaitOutcome = "done" | "conflict" | "timeout";

/** Reads, judges, sends if that is due, and sleeps, until the wanted size was observed or the time is over. */
export async function pollUntilConverged<Size>(options: PollOptions<Size>): Promise<WaitOutcome> {
  const { clock, deadlineAtMs, signal } = options;
  const loop = new PollLoop(options);
  let isLastRead = false;
  for (;;) {
    const isLate = await loop.poll();
    const { verdict } = loop;
    if (verdict === "done" || verdict === "conflict") return verdict;
    if (!isLate) {
      const gapMs = verdict === "send" ? await loop.send() : loop.computeGapMs();
      await clock.sleep(Math.min(gapMs, Math.max(0, deadlineAtMs - clock.nowMs())), signal);
      continue;
    }
    if (isLastRead || verdict !== "confirm") return "timeout";
    isLastRead = true;
    await clock.sleep(CONFIRM_GAP_MS, signal);
  }
}

/** What one wait knows between its polls. */
class PollLoop<Size> {
  /** Undefined if the newest read got no size. */
  verdict: Verdict | undefined;
  private changeSentAtMs: number;
  private lastPollAtMs: number;
  /** In a row, of reads and of changes. */
  private failures = 0;

  constructor(private readonly options: PollOptions<Size>) {
    const { convergence, clock } = options;
    this.changeSentAtMs = convergence.observableSinceMs ?? clock.nowMs();
    this.lastPollAtMs = this.changeSentAtMs;
  }

  /** Reads and judges. Returns whether the time is over. */
  async poll(): Promise<boolean> {
    const { convergence, clock, deadlineAtMs } = this.options;
    const isDecisive = this.verdict === "confirm" || clock.nowMs() >= deadlineAtMs;
    const { changeSentAtMs, lastPollAtMs } = this;
    const size = await this.options.read(isDecisive ? undefined : rankPoll({ changeSentAtMs, lastPollAtMs }));
    const nowMs = clock.nowMs();
    this.lastPollAtMs = nowMs;
    if (size !== undefined) convergence.observe(size, nowMs);
    this.verdict = size === undefined ? undefined : convergence.judge(nowMs);
    return nowMs >= deadlineAtMs;
  }

  /** Sends the change. Returns the time until the next poll. */
  async send(): Promise<number> {
    const { convergence, clock } = this.options;
    const response = await this.options.send();
    const nowMs = clock.nowMs();
    this.changeSentAtMs = this.lastPollAtMs = nowMs;
    if (response === "accepted") {
      convergence.onAccepted(nowMs);
      this.failures = 0;
      return computeFirstPollGapMs(clock.random());
    }
    if (response === "unanswered") convergence.onUnanswered(nowMs);
    return computeBackoffMs(++this.failures, clock.random());
  }

  /** The time until the next poll, if nothing is sent before. */
  computeGapMs(): number {
    const { clock } = this.options;
    if (this.verdict === undefined)
      return Math.max(computePollGapMs(clock.random()), computeBackoffMs(++this.failures, clock.random()));
    this.failures = 0;
    return this.verdict === "confirm" ? CONFIRM_GAP_MS : computePollGapMs(clock.random());
  }
}
