import type { z } from "zod";
import { ARGUMENT_NAMES } from "../state/argument-names";
import type { InputFailure } from "../state/inputs";
import { customTimeoutsSchema, getArgumentsSchema } from "./arguments-schema";
import { getMaximum } from "./core-count";
import { listCostFailures } from "./cost-limit";
import { type DeclaredSizes, declaredSizesSchema } from "./declared-sizes";
import { findNearestName } from "./did-you-mean";
import { INITIAL_LOAD_NAMES } from "./initial-load-schema";

export interface ParseOptions {
  /** The option `customTimeouts`. */
  readonly timeouts?: unknown;
  /** US dollars for a compute unit and hour, if the stack sets its own. */
  readonly unitPrice?: number | undefined;
}

/**
 * Parses what a program declares, or lists everything that is wrong with it: the path, the value, the rule and the nearest valid
 * value. A value that the preview does not know yet passes.
 */
export function parseArguments(
  values: Readonly<Record<string, unknown>>,
  { timeouts, unitPrice }: ParseOptions = {},
) {
  const maximum = getMaximum(values.maxCores);
  const sizes = declaredSizesSchema.parse(values);
  const { data, error } = getArgumentsSchema(maximum).safeParse(values);
  const failures = [
    ...listFailures(error),
    ...listFailures(customTimeoutsSchema.optional().safeParse(timeouts).error, "customTimeouts"),
    ...listBurstFailures(sizes),
    ...listStartFailures(sizes),
    ...listCostFailures(sizes, maximum, unitPrice),
  ];
  return { failures, declared: failures.length === 0 ? data : undefined };
}

function listFailures(error: z.ZodError | undefined, ...parents: readonly string[]): InputFailure[] {
  return (error?.issues ?? []).flatMap((issue) => {
    const path = [...parents, ...issue.path.map(String)];
    if (issue.code !== "unrecognized_keys") return [{ property: path.join("."), reason: issue.message }];
    const names = path.length === 0 ? ARGUMENT_NAMES : INITIAL_LOAD_NAMES;
    return issue.keys.map((name) => {
      const nearest = findNearestName(name, names);
      const valid =
        nearest === undefined ? `must be one of ${names.join(", ")}` : `did you mean "${nearest}"?`;
      return { property: [...path, name].join("."), reason: `unknown argument; ${valid}` };
    });
  });
}

function listBurstFailures({ cores, initialLoad: { cores: burst } }: DeclaredSizes): InputFailure[] {
  if (cores === undefined || burst === undefined || burst >= cores) return [];
  const reason = `must be at least \`cores\` (${cores}), got ${burst} (nearest: ${cores})`;
  return [{ property: "initialLoad.cores", reason }];
}

/** Without an end, nothing ends a burst whose pipe never comes. A pipe that doesn't exist yet has no id to choose it by. */
function listStartFailures({ initialLoad: { startAhead, endBy, pipes } }: DeclaredSizes): InputFailure[] {
  if (startAhead !== true) return [];
  const failures: InputFailure[] = [];
  if (endBy === undefined) {
    const reason = "is required with `startAhead`: it ends a burst whose pipe never comes";
    failures.push({ property: "initialLoad.endBy", reason });
  }
  if (pipes !== undefined) {
    const reason = "must be left out with `startAhead`: a pipe that doesn't exist yet has no id";
    failures.push({ property: "initialLoad.pipes", reason });
  }
  return failures;
}
