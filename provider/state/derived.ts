import { toCores, computeCost, type Size } from "../../sizing";

/** The size in force and the properties that follow from it, for reviewers. */
export function deriveFromSize(size: Size, usdPerComputeUnitHour: number | undefined) {
  const currentCores = toCores(size);
  return { currentCores, ...size, ...computeCost(currentCores, usdPerComputeUnitHour) };
}

export type DerivedProperties = ReturnType<typeof deriveFromSize>;

export const DERIVED_NAMES = [
  "currentCores",
  "replicaCpuMillicores",
  "replicaMemoryGb",
  "computeUnits",
  "usdPerHour",
  "usdPerMonth",
] as const satisfies readonly (keyof DerivedProperties)[];
