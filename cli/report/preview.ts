import { z } from "zod";

/**
 * The parts of `pulumi preview --json` that a report needs. Source: Pulumi 3.259, `pkg/backend/display/json.go`.
 */
export interface Preview {
  readonly steps: readonly Step[];
  readonly messages: readonly Message[];
  /** Resources that do not change and that the preview left out, of any kind: `--show-sames` shows them. */
  readonly leftOut: number;
  readonly hasFailed: boolean;
}

export type Step = z.infer<typeof stepSchema>;
export type Message = z.infer<typeof messageSchema>;
export type Properties = Readonly<Record<string, unknown>>;

/** What can't be reported on, in words for the one who typed the command. */
export class UnreadablePreviewError extends Error {
  override readonly name = "UnreadablePreviewError";
}

const properties = z.record(z.string(), z.unknown()).nullish();

const stateSchema = z.object({
  inputs: properties,
  outputs: properties,
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

/** One JSON object a line. Source: Pulumi 3.259, PULUMI_ENABLE_STREAMING_JSON_PREVIEW. */
const EVENTS = /^\{.*\}\r?\n\s*\{/;

const countsSchema = z.record(z.string(), z.number());

const documentSchema = z
  .object({
    steps: z.array(stepSchema).nullish(),
    diagnostics: z.array(messageSchema).nullish(),
    changeSummary: countsSchema.nullish(),
    duration: z.number(),
  })
  .transform(({ steps, diagnostics, changeSummary }) =>
    previewOf(steps ?? [], diagnostics ?? [], changeSummary ?? {}),
  );

export function readPreview(text: string): Preview {
  const trimmed = text.trim(); // a byte order mark too;
  if (trimmed === "") {
    throw new UnreadablePreviewError(
      "no preview: nothing came from stdin. Where `pulumi preview --json` fails before it previews anything, it says why on stderr",
    );
  }
  const json = jsonOf(trimmed);
  if (json === undefined) {
    throw new UnreadablePreviewError(
      EVENTS.test(trimmed)
        ? "a stream of events is not supported: unset PULUMI_ENABLE_STREAMING_JSON_PREVIEW"
        : "no preview: what came from stdin is neither the JSON of `pulumi preview --json` nor all of it",
    );
  }
  return parsed(documentSchema, json);
}

function previewOf(
  steps: readonly Step[],
  messages: readonly Message[],
  counts: Readonly<Record<string, number>>,
): Preview {
  const shown = steps.filter(({ op }) => op === "same").length;
  return {
    steps,
    messages,
    leftOut: Math.max(0, (counts.same ?? 0) - shown),
    hasFailed: messages.some(({ severity }) => severity === "error"),
  };
}

function parsed<Schema extends z.ZodType>(schema: Schema, json: unknown): z.infer<Schema> {
  const { data, error } = schema.safeParse(json);
  if (error === undefined) return data;
  const [issue] = error.issues;
  const path = issue === undefined || issue.path.length === 0 ? "" : `${issue.path.map(String).join(".")}: `;
  throw new UnreadablePreviewError(
    `not a preview as \`pulumi preview --json\` prints it: ${path}${issue?.message ?? "damaged"}`,
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
