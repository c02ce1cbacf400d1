import { z } from "zod";
import type { Burst, Phase } from "../../sizing";
import { burstOf } from "../../provider/initial-load/declared";
import { readState } from "../../provider/state";
import { unwrapSecrets } from "./unwrap-secrets";

/** A resource of a stack that declares an initial load, as the state has it. */
export interface Declared {
  readonly urn: string;
  readonly name: string;
  readonly serviceId: string;
  readonly organizationId: string;
  readonly steadyCores: number;
  readonly burst: Burst;
  /** As decided by the last `up`. */
  readonly before: { readonly cores: number; readonly phase?: Phase | undefined };
  /** Whether the service has, or may soon have, more than the steady size. */
  readonly isAboveSteady: boolean;
  /** When the burst was decided; undefined while there is none. */
  readonly since: Date | undefined;
}

const TYPE = "pulumi-nodejs:dynamic/clickpipes:CdcScaling";

const exported = z.object({
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

/** What an `up` that changed no size leaves in the inputs alone. */
const decidedInputs = z.object({
  cores: z.number(),
  phase: z.enum(["initialLoad", "steady", "overdue", "unknown"]).optional().catch(undefined),
  burstSince: z.string().optional().catch(undefined),
});

/** Those of an exported deployment that declare an initial load. */
export function declaredIn(deployment: unknown): Declared[] {
  const { resources = [] } = exported.parse(unwrapSecrets(deployment ?? {}));
  return resources
    .filter(({ type }) => type === TYPE)
    .flatMap(({ urn, inputs, outputs }) => {
      const state = readState(outputs);
      if (state.initialLoad === undefined) return [];
      const { cores, phase, burstSince } = decidedInputs.parse(inputs);
      const steadyCores = state.steadyCores ?? cores;
      return [
        {
          urn,
          name: urn.split("::").slice(3).join("::"),
          serviceId: state.serviceId,
          organizationId: state.organizationId,
          steadyCores,
          burst: burstOf(state.initialLoad),
          before: { cores, phase },
          isAboveSteady: Math.max(state.cores, state.pendingCores ?? 0) > steadyCores,
          since: burstSince === undefined ? undefined : new Date(burstSince),
        },
      ];
    });
}
