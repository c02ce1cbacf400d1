import type { Properties } from "./preview";
import { type PricedSize, priceSize } from "./priced-size";

/** A temporary size for an initial load, and the size after it. */
export interface Burst {
  readonly phase: string;
  readonly reason: string | undefined;
  /** ISO 8601, or "unknown" if the preview does not know it yet. */
  readonly endBy: string | undefined;
  readonly burstSize: PricedSize | undefined;
  readonly steadySize: PricedSize | undefined;
  /** Whether this or a later `up` may scale to the burst: `endBy` is ahead or unknown. */
  readonly isPossible: boolean;
}

/** How a report prices sizes and judges bursts. */
export interface PricingOptions {
  readonly usdPerComputeUnitHour: number;
  readonly now: Date;
  /** Whether only a burst counts that this update may start. */
  readonly excludesLaterBursts: boolean;
}

export function readBurst(properties: Properties, options: PricingOptions): Burst | undefined {
  const { usdPerComputeUnitHour, now, excludesLaterBursts } = options;
  const { initialLoad, phase = "unknown", phaseReason, cores } = properties;
  if (initialLoad === undefined) return undefined;
  const price = (size: number | undefined) =>
    size === undefined ? undefined : priceSize(size, usdPerComputeUnitHour);
  return {
    phase,
    reason: phaseReason,
    endBy: initialLoad.endBy,
    burstSize: price(initialLoad.cores),
    steadySize: price(cores),
    isPossible: !(new Date(initialLoad.endBy ?? NaN) <= now) && (phase === "unknown" || !excludesLaterBursts),
  };
}
