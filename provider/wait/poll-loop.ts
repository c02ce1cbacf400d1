import type { Clock } from "./clock";
import { CONFIRM_GAP_MS, type Convergence, type Verdict } from "./convergence";
import { computeFirstPollGapMs, computePollGapMs, rankPoll } from "./poll-schedule";
import { computeBackoffMs } from "./backoff";

export interface PollOptions<Size> {
  readonly convergence: Convergence<Size>;
  /**
   * Reads the size. Throws what makes going on pointless; undefined where this look saw nothing. Where others wait to look too,
   * the lowest rank goes first; without a rank, before all that have one.
   */
  read(rank?: number): Promise<Size | undefined>;
  /** Sends the change. Throws what makes going on pointless; "again" where it has to be sent once more, after a look. */
  send(): Promise<"accepted" | "unanswered" | "refused">;
  readonly clock: Clock;
  /** On the clock; the loop looks once more *at* the deadline, and again where that look is the first to see the size. */
  readonly deadlineAtMs: number;
  readonly signal: AbortSignal;
}

export type WaitOutcome = "done" | "conflict" | "timeout";

/** Looks, judges, sends where that is due, and sleeps, until the wanted size was seen or the time is over. */
export async function pollUntilConverged<Size>(waiting: PollOptions<Size>): Promise<WaitOutcome> {
  const { convergence, clock, deadlineAtMs, signal } = waiting;
  let changeSentAtMs = convergence.observableSinceMs ?? clock.nowMs();
  let lastPollAtMs = changeSentAtMs;
  let failures = 0;
  let isLastLook = false;
  let verdict: Verdict | undefined;
  for (;;) {
    const isDecisive = verdict === "confirm" || clock.nowMs() >= deadlineAtMs;
    const size = await waiting.read(isDecisive ? undefined : rankPoll({ changeSentAtMs, lastPollAtMs }));
    const lookedAtMs = clock.nowMs();
    lastPollAtMs = lookedAtMs;
    const isLate = lookedAtMs >= deadlineAtMs;
    let nextMs: number;
    if (size === undefined) {
      verdict = undefined;
      nextMs = Math.max(computePollGapMs(clock.random()), computeBackoffMs(++failures, clock.random()));
    } else {
      convergence.observe(size, lookedAtMs);
      verdict = convergence.judge(lookedAtMs);
      if (verdict === "done" || verdict === "conflict") return verdict;
      nextMs = verdict === "confirm" ? CONFIRM_GAP_MS : computePollGapMs(clock.random());
      if (verdict === "send" && !isLate) {
        const answer = await waiting.send();
        const sentAtMs = clock.nowMs();
        changeSentAtMs = lastPollAtMs = sentAtMs;
        if (answer === "accepted") {
          convergence.onAccepted(sentAtMs);
          failures = 0;
          nextMs = computeFirstPollGapMs(clock.random());
        } else {
          if (answer === "unanswered") convergence.onUnanswered(sentAtMs);
          nextMs = computeBackoffMs(++failures, clock.random());
        }
      } else {
        failures = 0;
      }
    }
    if (isLate) {
      if (isLastLook || verdict !== "confirm") return "timeout";
      isLastLook = true;
      await clock.sleep(CONFIRM_GAP_MS, signal);
    } else {
      await clock.sleep(Math.min(nextMs, Math.max(0, deadlineAtMs - clock.nowMs())), signal);
    }
  }
}
