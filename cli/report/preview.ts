import { z } from "zod";

/**
 * What `pulumi preview --json` prints: one document, or with PULUMI_ENABLE_STREAMING_JSON_PREVIEW an event a line. Of both, the
 * parts that a report needs. Source: Pulumi 3.259, `pkg/backend/display/json.go` and `sdk/go/common/apitype/events.go`.
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

const eventSchema = z.object({
  sequence: z.number(),
  resourcePreEvent: z
    .object({
      metadata: z.object({
        op: z.string(),
        urn: z.string(),
        old: stateSchema.nullish(),
        new: stateSchema.nullish(),
      }),
    })
    .optional(),
  diagnosticEvent: messageSchema
    .extend({ prefix: z.string().optional(), ephemeral: z.boolean().optional() })
    .optional(),
  policyEvent: z
    .object({
      resourceUrn: z.string().nullish(),
      message: z.string(),
      policyName: z.string(),
      enforcementLevel: z.string(),
    })
    .optional(),
  summaryEvent: z
    .object({ resourceChanges: countsSchema.nullish(), result: z.string().nullish() })
    .optional(),
});

export function readPreview(text: string): Preview {
  const trimmed = text.trim(); // a byte order mark too;
  if (trimmed === "") {
    throw new UnreadablePreviewError(
      "no preview: nothing came from stdin. Where `pulumi preview --json` fails before it previews anything, it says why on stderr",
    );
  }
  const whole = jsonOf(trimmed);
  if (whole !== undefined && !isEvent(whole)) return parsed(documentSchema, whole, "a preview");
  return previewOfEvents(trimmed.split(/\r?\n/).filter((line) => line.trim() !== ""));
}

function previewOfEvents(lines: readonly string[]): Preview {
  const first = jsonOf(lines[0] ?? "");
  if (!isEvent(first)) {
    throw new UnreadablePreviewError(
      "no preview: what came from stdin is neither the JSON of `pulumi preview --json` nor all of it",
    );
  }
  const events = lines.map((line, index) => parsed(eventSchema, jsonOf(line), `line ${index + 1}`));
  const summary = events.find(({ summaryEvent }) => summaryEvent !== undefined)?.summaryEvent;
  if (summary === undefined)
    throw new UnreadablePreviewError("no whole preview: its events end before its summary");
  const steps = events.flatMap(({ resourcePreEvent }) => {
    if (resourcePreEvent === undefined) return [];
    const { op, urn, old, new: new_ } = resourcePreEvent.metadata;
    return [{ op, urn, oldState: old, newState: new_ }];
  });
  const messages = events.flatMap(({ diagnosticEvent: said, policyEvent: policy }): Message[] => {
    if (policy !== undefined) {
      const severity = policy.enforcementLevel === "mandatory" ? "error" : "warning";
      return [{ urn: policy.resourceUrn, message: `${policy.policyName}: ${policy.message}`, severity }];
    }
    const isKept = said !== undefined && said.severity !== "debug" && said.ephemeral !== true;
    return isKept ? [said] : [];
  });
  const preview = previewOf(steps, messages, summary.resourceChanges ?? {});
  return { ...preview, hasFailed: preview.hasFailed || summary.result === "failed" };
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

function parsed<Schema extends z.ZodType>(schema: Schema, json: unknown, what: string): z.infer<Schema> {
  const { data, error } = schema.safeParse(json);
  if (error === undefined) return data;
  const [issue] = error.issues;
  const path = issue === undefined || issue.path.length === 0 ? "" : `${issue.path.map(String).join(".")}: `;
  throw new UnreadablePreviewError(
    `not ${what} as \`pulumi preview --json\` prints it: ${path}${issue?.message ?? "damaged"}`,
  );
}

function isEvent(json: unknown): boolean {
  return typeof json === "object" && json !== null && "sequence" in json;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
