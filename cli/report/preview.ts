import { z } from "zod";
import { parseJson } from "./json-text";
import { UnreadablePreviewError } from "./unreadable-preview-error";

/** The parts of `pulumi preview --json` that a report needs. Source: Pulumi 3.259, `pkg/backend/display/json.go`. */
export interface Preview {
  readonly steps: readonly Step[];
  readonly messages: readonly Message[];
  /** Unchanged resources of any type that the preview omits. `--show-sames` includes them. */
  readonly omittedCount: number;
  readonly hasFailed: boolean;
}

export type Step = z.infer<typeof stepSchema>;
export type Message = z.infer<typeof messageSchema>;
export type Properties = z.infer<typeof propertiesSchema>;

/** Stands for a value that a preview does not know yet. Source: Pulumi SDK, `runtime/rpc`. */
const UNKNOWN_VALUE = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

const optionalNumber = z.number().optional().catch(undefined);
const knownString = z
  .string()
  .refine((text) => text !== UNKNOWN_VALUE)
  .optional()
  .catch(undefined);
const numberOrUnknown = z.union([z.number(), z.literal("unknown")]);

/**
 * The properties of a scaling resource. Unknown values and secrets have another type in a preview, and other resources have other
 * properties, so a value of an unexpected type counts as missing or unknown instead of an error.
 */
const propertiesSchema = z.object({
  /** Code of a dynamic resource: what it calls tells more than the name of its type. */
  __provider: z.string().optional().catch(undefined),
  serviceId: z
    .string()
    .toLowerCase()
    .regex(UUID)
    .refine((id) => id !== UNKNOWN_VALUE)
    .optional()
    .catch(undefined),
  /** The declared size, which is the steady one with an initial load. */
  cores: optionalNumber,
  currentCores: optionalNumber,
  replicaCpuMillicores: optionalNumber,
  replicaMemoryGb: optionalNumber,
  computeUnits: optionalNumber,
  usdPerHour: optionalNumber,
  usdPerMonth: optionalNumber,
  pendingCores: optionalNumber,
  coresAfterDestroy: numberOrUnknown.nullish().catch("unknown"),
  baselineCores: numberOrUnknown.optional().catch("unknown"),
  phase: knownString,
  phaseReason: knownString,
  initialLoad: z
    .object({
      endBy: z
        .string()
        .refine((text) => !Number.isNaN(Date.parse(text)))
        .optional()
        .catch("unknown"),
      cores: optionalNumber,
    })
    .optional()
    .catch({ endBy: "unknown" }),
});

const stateSchema = z.object({
  inputs: propertiesSchema.nullish(),
  outputs: propertiesSchema.nullish(),
  retainOnDelete: z.boolean().nullish(),
  deletedWith: z.string().nullish(),
});

const stepSchema = z.object({
  op: z.string(),
  urn: z.string(),
  oldState: stateSchema.nullish(),
  newState: stateSchema.nullish(),
});

const messageSchema = z.object({
  urn: z.string().nullish(),
  message: z.string(),
  severity: z.string(),
});

/** What `pulumi preview --output json` prints. */
const summarySchema = z.object({ result: z.string() });

const previewSchema = z
  .object({
    steps: z.array(stepSchema).nullish(),
    diagnostics: z.array(messageSchema).nullish(),
    changeSummary: z.record(z.string(), z.number()).nullish(),
    duration: z.number(),
  })
  .transform(({ steps, diagnostics, changeSummary }): Preview => {
    const messages = diagnostics ?? [];
    const includedCount = (steps ?? []).filter(({ op }) => op === "same").length;
    return {
      steps: steps ?? [],
      messages,
      omittedCount: Math.max(0, (changeSummary?.same ?? 0) - includedCount),
      hasFailed: messages.some(({ severity }) => severity === "error"),
    };
  });

export function parsePreview(text: string): Preview {
  const json = parseJson(text);
  if (summarySchema.safeParse(json).success) {
    throw new UnreadablePreviewError(
      "stdin is the summary of `pulumi preview --output json`, which has no sizes. Run `pulumi preview --json --show-sames`.",
    );
  }
  const { data, error } = previewSchema.safeParse(json);
  if (error === undefined) return data;
  const [issue] = error.issues;
  const path = issue === undefined || issue.path.length === 0 ? "" : `${issue.path.map(String).join(".")}: `;
  throw new UnreadablePreviewError(
    `stdin is not the output of \`pulumi preview --json\`: ${path}${issue?.message ?? "invalid"}`,
  );
}
