import { z } from "zod";
import { isUnknown, type MaybeUnknown } from "../state/unknown";
import { explainRule, type Rule } from "./explain-rule";

/** Takes what the schema takes, and what a preview does not know yet. Explains the rule once, whatever is wrong with a value. */
export function maybeUnknown<Schema extends z.ZodType>(schema: Schema, rule: Rule) {
  return z.unknown().transform((value, context): MaybeUnknown<z.output<Schema>> => {
    if (isUnknown(value)) return value;
    const { data, error } = schema.safeParse(value);
    if (error === undefined) return data;
    // The parts of an object or a list explain themselves.
    const parts = error.issues.filter(({ path, code }) => path.length > 0 || code === "unrecognized_keys");
    if (parts.length < error.issues.length) context.addIssue(explainRule(rule, value));
    else parts.forEach((issue) => context.addIssue(copyIssue(issue)));
    return z.NEVER;
  });
}

function copyIssue(issue: z.core.$ZodIssue) {
  const { path, message } = issue;
  return issue.code === "unrecognized_keys" ? { ...issue } : { code: "custom" as const, path, message };
}
