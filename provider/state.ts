import { z } from "zod";
import { costOf, coresOf, sizeOf, type Size } from "../sizing";
import type { InitialLoad } from "./inputs";

/**
 * What Pulumi keeps for a resource: the last inputs, and what was seen. State of every released version stays readable: a
 * field that is missing or damaged counts as absent, unless nothing can be done without it.
 */
const optionalNumber = z.number().optional().catch(undefined);
const optionalText = z.string().optional().catch(undefined);

const stateSchema = z.object({
  __provider: optionalText,
  __urn: z.string().catch(""),
  __timeouts: z.record(z.string(), z.string()).optional().catch(undefined),
  serviceId: z.string(),
  organizationId: z.string(),
  /** Where the organisation came from: "argument", or the place it was found at. */
  __organizationFrom: optionalText,
  maxCores: optionalNumber,
  initialLoad: z
    .object({
      cores: z.number(),
      endBy: optionalText,
      pipes: z.array(z.string()).optional().catch(undefined),
    })
    .transform((initialLoad) => present(initialLoad) as InitialLoad)
    .optional()
    .catch(undefined),
  maxUsdPerHour: optionalNumber,
  coresAfterDestroy: z.number().positive().optional().catch(undefined),
  wakeService: z.boolean().optional().catch(undefined),
  quietAdvice: z.array(z.string()).readonly().optional().catch(undefined),
  cores: z.number(),
  replicaCpuMillicores: optionalNumber,
  replicaMemoryGb: optionalNumber,
  computeUnits: optionalNumber,
  usdPerHour: optionalNumber,
  usdPerMonth: optionalNumber,
  /** What the pipes' initial load came to, where one is declared. */
  steadyCores: optionalNumber,
  phase: z.enum(["initialLoad", "steady", "overdue", "unknown"]).optional().catch(undefined),
  phaseReason: optionalText,
  burstSince: optionalText,
  __ignoresCores: z.boolean().optional().catch(undefined),
  /** The size just before this resource's first change; none where it never changed anything. */
  baselineCores: z.number().positive().optional().catch(undefined),
  /** A size that was asked for and has not been seen yet. */
  pendingCores: optionalNumber,
  /** ISO 8601; when `pendingCores` was asked for. */
  __pendingSince: optionalText,
});

export type State = z.infer<typeof stateSchema>;

export function readState(outputs: unknown): State {
  return stateSchema.parse(outputs);
}

export function seenSize(state: State): Size {
  const derived = sizeOf(state.cores);
  return {
    replicaCpuMillicores: state.replicaCpuMillicores ?? derived.replicaCpuMillicores,
    replicaMemoryGb: state.replicaMemoryGb ?? derived.replicaMemoryGb,
  };
}

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

/** The declared part of a state, as inputs with the size that was seen: so drift is a difference of properties. */
export function inputsOf(state: State): Record<string, unknown> {
  const { baselineCores, pendingCores, __pendingSince, __organizationFrom, organizationId, ...inputs } =
    state;
  return {
    ...present(inputs),
    ...(__organizationFrom === "argument" ? { organizationId } : {}),
  };
}

/** Without the properties that are undefined, which the engine's wire format does not know. */
export function present<Properties extends object>(properties: Properties): Properties {
  return Object.fromEntries(
    Object.entries(properties).filter(([, value]) => value !== undefined),
  ) as Properties;
}
