import type { Clock } from "./clock";
import { CONFIRM_GAP_MS, type Convergence, type Verdict } from "./convergence";
import { retryGapMs } from "./retry";
import { gapMs } from "./schedule";

export interface Waiting<Size> {
  readonly convergence: Convergence<Size>;
  /** Reads the size. Throws what makes going on pointless; undefined where this look saw nothing. */
  look(): Promise<Size | undefined>;
  /** Sends the change. Throws what makes going on pointless; "again" where it has to be sent once more, after a look. */
  send(): Promise<"accepted" | "unanswered" | "refused">;
  readonly clock: Clock;
  /** On the clock; the loop looks once more *at* the deadline, and again where that look is the first to see the size. */
  readonly deadlineAtMs: number;
  readonly signal: AbortSignal;
}

export type Ending = "done" | "overruled" | "timeout";

/** Looks, judges, sends where that is due, and sleeps, until the wanted size was seen or the time is over. */
export async function converge<Size>(waiting: Waiting<Size>): Promise<Ending> {
  const { convergence, clock, deadlineAtMs, signal } = waiting;
  let sentAtMs = clock.nowMs();
  let failures = 0;
  let isLastLook = false;
  for (;;) {
    const size = await waiting.look();
    const lookedAtMs = clock.nowMs();
    const isLate = lookedAtMs >= deadlineAtMs;
    let verdict: Verdict | undefined;
    let nextMs = gapMs(lookedAtMs - sentAtMs, clock.random());
    if (size === undefined) {
      nextMs = Math.max(nextMs, retryGapMs(++failures, clock.random()));
    } else {
      convergence.saw(size, lookedAtMs);
      verdict = convergence.verdict(lookedAtMs);
      if (verdict === "done" || verdict === "overruled") return verdict;
      if (verdict === "confirm") nextMs = CONFIRM_GAP_MS;
      if (verdict === "send" && !isLate) {
        const answer = await waiting.send();
        sentAtMs = clock.nowMs();
        if (answer === "accepted") {
          convergence.accepted(sentAtMs);
          failures = 0;
          nextMs = gapMs(0, clock.random());
        } else {
          if (answer === "unanswered") convergence.unanswered(sentAtMs);
          nextMs = retryGapMs(++failures, clock.random());
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
