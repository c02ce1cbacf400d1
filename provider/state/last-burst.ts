import type { LastBurst } from "../../sizing";
import type { PartialState } from "./stored-state";

interface BurstState {
  readonly burstSince?: string | undefined;
  readonly lastBurst?: LastBurst | undefined;
}

/**
 * Moves a burst that has ended from `burstSince` to `lastBurst`. A burst costs money until the service has another size, so an
 * update that fails before that keeps `burstSince`.
 *
 * @param burstSince - of the active burst; undefined if none is active.
 * @param isSizeReached - whether the service was observed at the current target size, and no pending change may alter it.
 */
export function trackBurst(
  olds: PartialState | undefined,
  burstSince: string | undefined,
  isSizeReached: boolean,
  now: Date,
): BurstState {
  const { burstSince: from, lastBurst } = olds ?? {};
  if (olds === undefined || from === undefined || from === burstSince) return { burstSince, lastBurst };
  if (burstSince === undefined && !isSizeReached) return { burstSince: from, lastBurst };
  const cores = olds.initialLoad?.cores ?? olds.cores;
  if (cores === undefined || Number.isNaN(Date.parse(from))) return { burstSince, lastBurst };
  return { burstSince, lastBurst: { cores, from, to: now.toISOString() } };
}
