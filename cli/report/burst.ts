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
}

export function readBurst(properties: Properties, usdPerComputeUnitHour: number): Burst | undefined {
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
  };
}
