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

/** The derived properties, with the cost of an earlier state or input of the same size: a new price alone must not be a diff. */
export function deriveKeepingPrice(
  size: Size,
  usdPerComputeUnitHour: number | undefined,
  ...earlier: readonly Partial<{ [Name in keyof DerivedProperties]: DerivedProperties[Name] | undefined }>[]
): DerivedProperties {
  const fresh = deriveFromSize(size, usdPerComputeUnitHour);
  const kept = earlier.find(
    ({ replicaCpuMillicores, replicaMemoryGb }) =>
      replicaCpuMillicores === size.replicaCpuMillicores && replicaMemoryGb === size.replicaMemoryGb,
  );
  return {
    ...fresh,
    computeUnits: kept?.computeUnits ?? fresh.computeUnits,
    usdPerHour: kept?.usdPerHour ?? fresh.usdPerHour,
    usdPerMonth: kept?.usdPerMonth ?? fresh.usdPerMonth,
  };
}
