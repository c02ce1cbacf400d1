import {
  CORES_PER_COMPUTE_UNIT,
  type Cost,
  computeCost,
  HOURS_PER_MONTH,
  MILLICORES_PER_CORE,
  toSize,
} from "../../sizing";
import type { Properties } from "./preview";

/** A size and its cost. */
export interface PricedSize extends Cost {
  readonly cores: number;
  readonly memoryGb: number;
}

/** "unknown" if the size is secret or the update computes it. */
export type MaybeKnownSize = PricedSize | "unknown";

export function isKnownSize(size: MaybeKnownSize | undefined): size is PricedSize {
  return size !== undefined && size !== "unknown";
}

/**
 * Reads a size, and prices it. The preview's own amounts don't count: they come from the stack's price, which the change under review
 * may set.
 */
export function readPricedSize(properties: Properties, usdPerComputeUnitHour: number): MaybeKnownSize {
  const cores = readCores(properties);
  if (cores === undefined) return "unknown";
  const size = priceSize(cores, usdPerComputeUnitHour);
  return { ...size, memoryGb: properties.replicaMemoryGb ?? size.memoryGb };
}

/** Negative and infinite numbers are no sizes: one would pay for other services. */
function readCores(properties: Properties): number | undefined {
  const cores = findCores(properties);
  return cores !== undefined && Number.isFinite(cores) && cores > 0 ? cores : undefined;
}

function findCores({ currentCores, replicaCpuMillicores, computeUnits }: Properties): number | undefined {
  if (currentCores !== undefined) return currentCores;
  if (replicaCpuMillicores !== undefined) return replicaCpuMillicores / MILLICORES_PER_CORE;
  return computeUnits === undefined ? undefined : computeUnits * CORES_PER_COMPUTE_UNIT;
}

export function priceSize(cores: number, usdPerComputeUnitHour: number): PricedSize {
  const { replicaMemoryGb } = toSize(cores);
  return { cores, memoryGb: replicaMemoryGb, ...computeCost(cores, usdPerComputeUnitHour) };
}

/** The stack's price of a compute unit and hour, if the preview shows one that differs from the report's by more than rounding. */
export function findOtherPrice(properties: Properties, usdPerComputeUnitHour: number): number | undefined {
  const { usdPerMonth } = properties;
  const size = readPricedSize(properties, usdPerComputeUnitHour);
  if (usdPerMonth === undefined || !isKnownSize(size) || size.computeUnits === 0) return undefined;
  if (Math.abs(usdPerMonth - size.usdPerMonth) < ROUNDING_USD) return undefined;
  return usdPerMonth / (size.computeUnits * HOURS_PER_MONTH);
}

/** Amounts are rounded to cents. */
const ROUNDING_USD = 0.015;
