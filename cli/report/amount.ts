import {
  CORES_PER_COMPUTE_UNIT,
  type Cost,
  costOf,
  HOURS_PER_MONTH,
  LIST_PRICE,
  MILLICORES_PER_CORE,
  sizeOf,
} from "../../sizing";
import type { Properties } from "./preview";

/** A size and its cost, as a preview has them. */
export interface Amount extends Cost {
  readonly cores: number;
  readonly memoryGb: number;
}

/** An amount, or that there is one which the preview does not know yet or does not show. */
export type Known = Amount | "unknown";

/** Unknown values and secrets are texts there, or objects: only numbers count, and one that is missing follows from the others. */
export function amountIn(properties: Properties): Known {
  const { replicaCpuMillicores, replicaMemoryGb, computeUnits, usdPerHour, usdPerMonth } = properties;
  const cores =
    numberOf(properties.cores) ??
    scaled(replicaCpuMillicores, 1 / MILLICORES_PER_CORE) ??
    scaled(computeUnits, CORES_PER_COMPUTE_UNIT);
  if (cores === undefined) return "unknown";
  const size = sizeOf(cores);
  const cost = costOf(cores);
  return {
    cores,
    memoryGb: numberOf(replicaMemoryGb) ?? size.replicaMemoryGb,
    computeUnits: numberOf(computeUnits) ?? cost.computeUnits,
    usdPerHour: numberOf(usdPerHour) ?? cost.usdPerHour,
    usdPerMonth: numberOf(usdPerMonth) ?? cost.usdPerMonth,
  };
}

/** Another size of a service, at the price that its known one has. */
export function amountAt(cores: number, known: Known | undefined): Amount {
  const { replicaMemoryGb } = sizeOf(cores);
  return { cores, memoryGb: replicaMemoryGb, ...costOf(cores, unitPriceOf(known)) };
}

function unitPriceOf(known: Known | undefined): number {
  if (known === undefined || known === "unknown" || known.computeUnits === 0)
    return LIST_PRICE.usdPerComputeUnitHour;
  return known.usdPerMonth / (known.computeUnits * HOURS_PER_MONTH);
}

export function numberOf(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

function scaled(value: unknown, factor: number): number | undefined {
  const number = numberOf(value);
  return number === undefined ? undefined : number * factor;
}
