import { DOCUMENTED_CONVERGENCE_MS } from "./convergence";

/**
 * The time between two polls of a service that nothing else competes with.
 *
 * Nobody promises how long a change takes, so the gap doesn't depend on the age of the change: half a gap after its arrival, on average, a
 * change is noticed, whether it takes 10 s or 10 minutes. Five minutes of polling take 47 of the 300 requests that the limit allows.
 */
const POLL_GAP_MS = 6_400;

/** Part of the gap that varies, so that waits that start together don't poll together. */
const JITTER = 0.05;

/** The time until the next poll. `chance` is from 0 up to 1. */
export function computePollGapMs(chance: number): number {
  return POLL_GAP_MS * (1 - JITTER + 2 * JITTER * chance);
}

/** The time until the first poll after a change was sent: anywhere in a gap, so that no time of arrival is favored. */
export function computeFirstPollGapMs(chance: number): number {
  return POLL_GAP_MS * chance;
}

/**
 * Which poll goes first if the limit doesn't have room for all: the one with the lowest rank.
 *
 * The oldest change goes first, because it has most likely arrived. A change that had not arrived after the documented time may never arrive: it
 * goes by its last poll instead, so that it doesn't hold up younger ones.
 */
export function rankPoll({ changeSentAtMs, lastPollAtMs }: PollTimes): number {
  const isOverdue = lastPollAtMs - changeSentAtMs > DOCUMENTED_CONVERGENCE_MS;
  return isOverdue ? lastPollAtMs : changeSentAtMs;
}

export interface PollTimes {
  readonly changeSentAtMs: number;
  readonly lastPollAtMs: number;
}
