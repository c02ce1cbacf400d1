import type { LastBurst } from "../../sizing";
import type { CheckedInputs } from "./inputs";
import type { PartialState } from "./stored-state";

interface BurstState {
  readonly burstSince?: string | undefined;
  readonly lastBurst?: LastBurst | undefined;
}

interface BurstChange {
  readonly olds: PartialState | undefined;
  /** Whether a burst should be in force now. */
  readonly isBurst: boolean;
  /** Whether the service was observed at the size that should be in force, and no pending change may alter it. */
  readonly isSizeReached: boolean;
  /** When a new burst started. */
  readonly startedAt: Date;
  readonly now: Date;
}

/** Whether the size that should be in force is a burst. */
export function isBurst({
  cores,
  currentCores,
  initialLoad,
}: Pick<CheckedInputs, "cores" | "currentCores" | "initialLoad">): boolean {
  return currentCores === initialLoad?.cores && currentCores > cores;
}

/**
 * Keeps the start of the active burst in `burstSince`, and moves a burst that has ended to `lastBurst`. A burst costs money until the
 * service has another size, so an update that fails before that keeps `burstSince`.
 */
export function trackBurst({ olds, isBurst, isSizeReached, startedAt, now }: BurstChange): BurstState {
  const { burstSince: from, lastBurst } = olds ?? {};
  const isActive = from !== undefined && !Number.isNaN(Date.parse(from));
  if (isBurst) return { burstSince: isActive ? from : startedAt.toISOString(), lastBurst };
  if (!isActive) return { lastBurst };
  if (!isSizeReached) return { burstSince: from, lastBurst };
  const cores = olds?.initialLoad?.cores ?? olds?.currentCores;
  return { lastBurst: cores === undefined ? lastBurst : { cores, from, to: now.toISOString() } };
}
