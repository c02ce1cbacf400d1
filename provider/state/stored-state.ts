import { z } from "zod";
import { PHASES, toSize, type Size } from "../../sizing";
import { SettingsError } from "../errors";
import type { InitialLoad } from "./inputs";
import { omitUndefined } from "./omit-undefined";
import { getResourceName } from "./urn";

/**
 * The state that Pulumi stores for a resource: the last inputs, and what was observed. The state of every released version stays
 * readable: a missing or damaged field counts as absent, unless nothing works without it.
 */
const optionalNumber = z.number().optional().catch(undefined);
const optionalText = z.string().optional().catch(undefined);

const isoText = z.string().refine((text) => !Number.isNaN(Date.parse(text)));

const stateSchema = z.object({
  serviceId: optionalText,
  organizationId: optionalText,
  /** Where the organization came from: "argument", or the name of the setting. */
  __organizationFrom: optionalText,
  maxCores: optionalNumber,
  initialLoad: z
    .object({
      cores: z.number(),
      endBy: optionalText,
      pipes: z.array(z.string()).optional().catch(undefined),
      startAhead: z.boolean().optional().catch(undefined),
    })
    .transform((initialLoad): InitialLoad => omitUndefined(initialLoad))
    .optional()
    .catch(undefined),
  maxUsdPerHour: optionalNumber,
  coresAfterDestroy: z.number().positive().optional().catch(undefined),
  wakeService: z.boolean().optional().catch(undefined),
  suppressAdvice: z.array(z.string()).readonly().optional().catch(undefined),
  /** The declared size. Without an initial load, the observed one. */
  cores: optionalNumber,
  /** The observed size. */
  currentCores: optionalNumber,
  replicaCpuMillicores: optionalNumber,
  replicaMemoryGb: optionalNumber,
  computeUnits: optionalNumber,
  usdPerHour: optionalNumber,
  usdPerMonth: optionalNumber,
  /** The decision for the initial load, if one is declared. */
  phase: z.enum(PHASES).optional().catch(undefined),
  phaseReason: optionalText,
  __pipesBefore: z.array(z.string()).readonly().optional().catch(undefined),
  __heldSince: isoText.optional().catch(undefined),
  /** When the active burst started. Like `lastBurst`, only create, update and refresh set it; check never sees it. */
  burstSince: optionalText,
  /** The newest burst that has ended. */
  lastBurst: z
    .object({ cores: z.number().positive(), from: isoText, to: isoText })
    .readonly()
    .optional()
    .catch(undefined),
  /** The size before this resource's first change. Absent if it never changed the size. */
  baselineCores: z.number().positive().optional().catch(undefined),
  /** The cores of the newest pending change, for users. */
  pendingCores: optionalNumber,
  /** The changes that may still arrive, the newest last; `since` is the ISO 8601 time when each was sent. */
  __pending: z
    .array(z.object({ cores: z.number(), since: z.string() }))
    .readonly()
    .optional()
    .catch(undefined),
  /** The Postgres pipes whose initial load a change of the size met. */
  __resizedLoads: z
    .array(z.object({ id: z.string(), name: z.string(), at: isoText, loadedBytes: optionalNumber }))
    .readonly()
    .optional()
    .catch(undefined),
});

type Fields = z.infer<typeof stateSchema>;

/** The state that a refresh and a destroy need: the last observed size may be missing. */
export type PartialState = Fields & { readonly serviceId: string; readonly organizationId: string };

export type State = PartialState & { readonly cores: number; readonly currentCores: number };

/** The resource that a state belongs to, as far as the engine says. */
export interface StateOwner {
  /** The id of the resource: the id of its service. */
  readonly id?: string;
  readonly urn?: string;
}

/** Reads a state that an `up` can use. */
export function readState(outputs: unknown, owner: StateOwner = {}): State {
  const state = readPartialState(outputs, owner);
  const { currentCores } = state;
  if (currentCores !== undefined) return { ...state, currentCores, cores: state.cores ?? currentCores };
  throw createMissingFieldError(describeOwner(owner, state), "currentCores");
}

/** Reads a state that a refresh and a destroy can use. */
export function readPartialState(outputs: unknown, owner: StateOwner = {}): PartialState {
  const fields: Fields = stateSchema.safeParse(outputs).data ?? {};
  const { serviceId = owner.id, organizationId } = fields;
  if (serviceId === undefined) throw createMissingFieldError(describeOwner(owner, fields), "serviceId");
  if (organizationId === undefined)
    throw createMissingFieldError(describeOwner(owner, { serviceId }), "organizationId");
  return { ...fields, serviceId, organizationId };
}

function describeOwner({ urn = "" }: StateOwner, { serviceId = "unknown" }: Fields): string {
  return getResourceName(urn) || `service ${serviceId}`;
}

function createMissingFieldError(name: string, field: string): SettingsError {
  return new SettingsError("damaged-state", {
    operation: `reading the state of ${name}`,
    observed: `the property ${field} is missing or damaged`,
  });
}

export function getObservedSize(state: State): Size;
export function getObservedSize(state: PartialState): Size | undefined;
export function getObservedSize(state: PartialState): Size | undefined {
  if (state.currentCores === undefined) return undefined;
  const derived = toSize(state.currentCores);
  return {
    replicaCpuMillicores: state.replicaCpuMillicores ?? derived.replicaCpuMillicores,
    replicaMemoryGb: state.replicaMemoryGb ?? derived.replicaMemoryGb,
  };
}

/**
 * The inputs that a refresh stores: as declared, with the observed size, so that drift is a diff of properties. A pending change stays
 * among them. Check never answers one, so the next `up` has a diff and resumes the wait.
 */
export function toInputs(state: State) {
  const { baselineCores, __organizationFrom, organizationId, ...kept } = state;
  const { __pending, __resizedLoads, lastBurst, burstSince, ...inputs } = kept;
  const { initialLoad, cores, pendingCores } = inputs;
  return {
    ...omitUndefined(inputs),
    cores: initialLoad === undefined ? (pendingCores ?? cores) : cores,
    ...(__organizationFrom === "argument" ? { organizationId } : {}),
  };
}
