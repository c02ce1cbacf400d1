import { toCores, computeCost, type Size } from "../../sizing";

/** The properties that follow from a size, for reviewers. */
export function deriveFromSize(size: Size, usdPerComputeUnitHour: number | undefined) {
  const cores = toCores(size);
  return { cores, ...size, ...computeCost(cores, usdPerComputeUnitHour) };
}

export type DerivedProperties = ReturnType<typeof deriveFromSize>;

export const DERIVED_NAMES = [
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
