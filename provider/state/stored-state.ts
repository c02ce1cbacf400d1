import { z } from "zod";
import { toSize, type Size } from "../../sizing";
import { SettingsError } from "../errors";
import type { InitialLoad } from "./inputs";
import { getResourceName } from "./urn";

/**
 * What Pulumi keeps for a resource: the last inputs, and what was seen. State of every released version stays readable: a
 * field that is missing or damaged counts as absent, unless nothing can be done without it.
 */
const optionalNumber = z.number().optional().catch(undefined);
const optionalText = z.string().optional().catch(undefined);

const isoText = z.string().refine((text) => !Number.isNaN(Date.parse(text)));

const stateSchema = z.object({
  __provider: optionalText,
  __urn: z.string().catch(""),
  __timeouts: z.record(z.string(), z.string()).optional().catch(undefined),
  serviceId: optionalText,
  organizationId: optionalText,
  /** Where the organization came from: "argument", or the place it was found at. */
  __organizationFrom: optionalText,
  maxCores: optionalNumber,
  initialLoad: z
    .object({
      cores: z.number(),
      endBy: optionalText,
      pipes: z.array(z.string()).optional().catch(undefined),
    })
    .transform((initialLoad) => omitUndefined(initialLoad) as InitialLoad)
    .optional()
    .catch(undefined),
  maxUsdPerHour: optionalNumber,
  coresAfterDestroy: z.number().positive().optional().catch(undefined),
  wakeService: z.boolean().optional().catch(undefined),
  suppressAdvice: z.array(z.string()).readonly().optional().catch(undefined),
  cores: optionalNumber,
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
  /** The newest burst that has ended. Only create, update and refresh set it; check never sees it. */
  lastBurst: z
    .object({ cores: z.number().positive(), from: isoText, to: isoText })
    .readonly()
    .optional()
    .catch(undefined),
  __ignoresCores: z.boolean().optional().catch(undefined),
  /** The size just before this resource's first change; none where it never changed anything. */
  baselineCores: z.number().positive().optional().catch(undefined),
  /** A size that was asked for and has not been seen yet. */
  pendingCores: optionalNumber,
  /** ISO 8601; when `pendingCores` was asked for. */
  __pendingSince: optionalText,
  /** Asked for before that and not seen either, the newest last: it may still come before `pendingCores` does. */
  __pendingBefore: z
    .array(z.object({ cores: z.number(), since: z.string() }))
    .readonly()
    .optional()
    .catch(undefined),
});

type Fields = z.infer<typeof stateSchema>;

/** What a refresh and a destroy get along with: the size last seen may be lost. */
export type PartialState = Fields & { readonly serviceId: string; readonly organizationId: string };

export type State = PartialState & { readonly cores: number };

/** State with all that an `up` builds on. `id` is the resource's, which is its service's. */
export function readState(outputs: unknown, id?: string): State {
  const salvaged = readPartialState(outputs, id);
  const { cores } = salvaged;
  if (cores !== undefined) return { ...salvaged, cores };
  throw createMissingFieldError(salvaged, "cores", "Run `pulumi refresh`, which reads the size anew");
}

/** State with the least that a refresh and a destroy need. */
export function readPartialState(outputs: unknown, id?: string): PartialState {
  const fields: Fields = stateSchema.safeParse(outputs).data ?? { __urn: "" };
  const { serviceId = id, organizationId } = fields;
  if (serviceId === undefined)
    throw createMissingFieldError({ ...fields, serviceId: "unknown" }, "serviceId", BY_HAND);
  if (organizationId === undefined)
    throw createMissingFieldError({ ...fields, serviceId }, "organizationId", BY_HAND);
  return { ...fields, serviceId, organizationId };
}

const BY_HAND =
  "Put it back with `pulumi state edit`; or `pulumi state delete` makes Pulumi forget the resource, and the next `pulumi up` " +
  "takes over the size that is there, without what it was before";

function createMissingFieldError(
  state: Fields & { readonly serviceId: string },
  field: string,
  next: string,
): SettingsError {
  const name = getResourceName(state.__urn) || `service ${state.serviceId}`;
  return new SettingsError({
    operation: "go on from what Pulumi has kept",
    observed: `the state of ${name} lacks ${field}, or has it damaged`,
    remedy: next,
  });
}

export function getObservedSize(state: State): Size;
export function getObservedSize(state: PartialState): Size | undefined;
export function getObservedSize(state: PartialState): Size | undefined {
  if (state.cores === undefined) return undefined;
  const derived = toSize(state.cores);
  return {
    replicaCpuMillicores: state.replicaCpuMillicores ?? derived.replicaCpuMillicores,
    replicaMemoryGb: state.replicaMemoryGb ?? derived.replicaMemoryGb,
  };
}

/** The declared part of a state, as inputs with the size that was seen: so drift is a difference of properties. */
export function toInputs(state: State): Record<string, unknown> {
  const { baselineCores, __organizationFrom, organizationId, ...kept } = state;
  const { pendingCores, __pendingSince, __pendingBefore, lastBurst, ...inputs } = kept;
  return {
    ...omitUndefined(inputs),
    ...(__organizationFrom === "argument" ? { organizationId } : {}),
  };
}

/** Without the properties that are undefined, which the engine's wire format does not know. */
export function omitUndefined<Properties extends object>(properties: Properties): Properties {
  return Object.fromEntries(
    Object.entries(properties).filter(([, value]) => value !== undefined),
  ) as Properties;
}
