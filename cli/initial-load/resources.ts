import { z } from "zod";
import { getPreviousDecision, parseBurst } from "../../provider/state/burst-args";
import { readState } from "../../provider/state/stored-state";
import { getResourceName } from "../../provider/state/urn";
import { type Burst, PHASES, type PreviousDecision } from "../../sizing";
import { unwrapSecrets } from "./unwrap-secrets";

/** A resource that declares an initial load, as the stack's state has it. */
export interface InitialLoadResource {
  readonly urn: string;
  readonly name: string;
  readonly serviceId: string;
  readonly organizationId: string;
  readonly steadyCores: number;
  readonly burst: Burst;
  /** What the last `up` decided. */
  readonly lastDecision: PreviousDecision;
  /** Whether the service has, or may soon have, more than the steady size. */
  readonly isAboveSteady: boolean;
  /** When the burst was decided; undefined if there is none. */
  readonly burstSince: Date | undefined;
  /** The newest burst that has ended. */
  readonly lastBurst: { readonly cores: number; readonly from: Date; readonly to: Date } | undefined;
}

/** Whether nothing is left to do for a resource: it has the steady size, and its pipes could be read. */
export function isFinished({ isAboveSteady, lastDecision }: InitialLoadResource): boolean {
  return !isAboveSteady && lastDecision.phase !== "unknown";
}

/** The type of this package's resource. */
export const SCALING_TYPE = "pulumi-nodejs:dynamic/clickpipes:CdcScaling";

const exportedSchema = z.object({
  resources: z
    .array(
      z.object({
        urn: z.string(),
        type: z.string(),
        inputs: z.unknown().optional(),
        outputs: z.unknown().optional(),
      }),
    )
    .optional(),
});

/** What an `up` that changes no size writes to the inputs only. */
const inputsSchema = z.object({
  currentCores: z.number(),
  phase: z.enum(PHASES).optional().catch(undefined),
  __pipesBefore: z.array(z.string()).optional().catch(undefined),
  __heldSince: z.string().optional().catch(undefined),
});

/** The resources of an exported deployment that declare an initial load. */
export function findInitialLoads(deployment: unknown): InitialLoadResource[] {
  const { resources = [] } = exportedSchema.parse(unwrapSecrets(deployment ?? {}));
  return resources.filter(({ type }) => type === SCALING_TYPE).flatMap(parseResource);
}

function parseResource(exported: {
  urn: string;
  inputs?: unknown;
  outputs?: unknown;
}): InitialLoadResource[] {
  const { urn, inputs, outputs } = exported;
  const state = readState(outputs);
  const { initialLoad } = state;
  const lastDecision = getPreviousDecision({ ...inputsSchema.parse(inputs), initialLoad });
  if (initialLoad === undefined || lastDecision === undefined) return [];
  const { cores: steadyCores, burstSince, lastBurst } = state;
  return [
    {
      urn,
      name: getResourceName(urn),
      serviceId: state.serviceId,
      organizationId: state.organizationId,
      steadyCores,
      burst: parseBurst(initialLoad),
      lastDecision,
      isAboveSteady: Math.max(state.currentCores, state.pendingCores ?? 0) > steadyCores,
      burstSince: burstSince === undefined ? undefined : new Date(burstSince),
      lastBurst: lastBurst && {
        cores: lastBurst.cores,
        from: new Date(lastBurst.from),
        to: new Date(lastBurst.to),
      },
    },
  ];
}
