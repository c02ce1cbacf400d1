import {
  CORES_PER_COMPUTE_UNIT,
  type Cost,
  computeCost,
  HOURS_PER_MONTH,
  LIST_PRICE,
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

/** Computes numbers that the preview does not show from those that it shows. */
export function readPricedSize(properties: Properties): MaybeKnownSize {
  const cores = readCores(properties);
  if (cores === undefined) return "unknown";
  const cost = computeCost(cores);
  return {
    cores,
    memoryGb: properties.replicaMemoryGb ?? toSize(cores).replicaMemoryGb,
    computeUnits: properties.computeUnits ?? cost.computeUnits,
    usdPerHour: properties.usdPerHour ?? cost.usdPerHour,
    usdPerMonth: properties.usdPerMonth ?? cost.usdPerMonth,
  };
}

function readCores({ currentCores, replicaCpuMillicores, computeUnits }: Properties): number | undefined {
  if (currentCores !== undefined) return currentCores;
  if (replicaCpuMillicores !== undefined) return replicaCpuMillicores / MILLICORES_PER_CORE;
  return computeUnits === undefined ? undefined : computeUnits * CORES_PER_COMPUTE_UNIT;
}

/** Prices a size of a service at the unit price of another size of the same service. */
export function priceSize(cores: number, reference: MaybeKnownSize | undefined): PricedSize {
  const { replicaMemoryGb } = toSize(cores);
  return { cores, memoryGb: replicaMemoryGb, ...computeCost(cores, computeUnitPrice(reference)) };
}

/** US dollars per compute unit and hour. */
export function computeUnitPrice(reference: MaybeKnownSize | undefined): number {
  if (!isKnownSize(reference) || reference.computeUnits === 0) return LIST_PRICE.usdPerComputeUnitHour;
  return reference.usdPerMonth / (reference.computeUnits * HOURS_PER_MONTH);
}
