import { coresOf, costOf, type Size } from "../../sizing";

/** The properties that follow from a size; what reviewers read. */
export function derivedFrom(size: Size, usdPerComputeUnitHour: number | undefined) {
  const cores = coresOf(size);
  return { cores, ...size, ...costOf(cores, usdPerComputeUnitHour) };
}

export type Derived = ReturnType<typeof derivedFrom>;

export const DERIVED = [
  "replicaCpuMillicores",
  "replicaMemoryGb",
  "computeUnits",
  "usdPerHour",
  "usdPerMonth",
] as const satisfies readonly (keyof Derived)[];

/** The derived properties as an earlier state or input of the same size has them: a new price alone changes nothing. */
export function derivedKept(
  size: Size,
  usdPerComputeUnitHour: number | undefined,
  ...earlier: readonly Partial<{ [Name in keyof Derived]: Derived[Name] | undefined }>[]
): Derived {
  const fresh = derivedFrom(size, usdPerComputeUnitHour);
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
