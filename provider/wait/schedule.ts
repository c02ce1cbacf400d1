import { type Arrivals, urgencyOf } from "./arrivals";

/**
 * When to look next, by how long ago the change was sent, where nobody else waits.
 *
 * ClickHouse documents 3 to 5 minutes for a change to arrive, so looks are dense there and rare before. The few early
 * ones cost little and notice a change that is quicker than documented.
 */
const DENSE_FROM_MS = 174_000;
const DENSE_UNTIL_MS = 310_000;
const DENSE_GAP_MS = 4_200;
const EARLY_LOOKS_MS = [2_000, 5_000, 10_000, 20_000, 40_000, 75_000, 120_000, 150_000] as const;
const LONGEST_GAP_MS = 20_000;

/** Share by which a gap is drawn shorter or longer, so that waits which began together do not ask together. */
const JITTER = 0.1;

/** Where changes were seen to arrive at that age, a look is worth its request as soon as it is that urgent. */
const WORTH_A_LOOK = 1 / 60;
const FINENESS_MS = 1_000;

/**
 * Milliseconds until the next look at a change of that age: as planned, or sooner where that is likely to pay, but never sooner
 * than in the dense time. `chance` is from 0 up to 1.
 */
export function gapMs(ageMs: number, arrivals: Arrivals, chance: number): number {
  const plannedMs = plannedGapMs(ageMs);
  let gapMs = Math.min(DENSE_GAP_MS, plannedMs);
  while (gapMs < plannedMs && urgencyOf(arrivals, ageMs, ageMs + gapMs) < WORTH_A_LOOK) gapMs += FINENESS_MS;
  return Math.min(gapMs, plannedMs) * (1 - JITTER + 2 * JITTER * chance);
}

function plannedGapMs(ageMs: number): number {
  if (ageMs < DENSE_FROM_MS) {
    const next = EARLY_LOOKS_MS.find((lookMs) => lookMs > ageMs * (1 + JITTER)) ?? DENSE_FROM_MS;
    return Math.max(1_000, next - ageMs);
  }
  if (ageMs < DENSE_UNTIL_MS) return DENSE_GAP_MS;
  // Later than documented: each look waits a little longer than the one before it.
  return Math.min(LONGEST_GAP_MS, DENSE_GAP_MS + (ageMs - DENSE_UNTIL_MS) / 30);
}
