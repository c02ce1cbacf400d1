import * as pulumi from "@pulumi/pulumi";

/**
 * Stops the taking of stack traces, for what makes the SDK's outputs: the SDK takes four for each of them, and they are most of what
 * a large program spends on its resources. They are read nowhere but in the SDK's report of promises that are never settled, which
 * names resource and property without them too. Where a resource is declared is found in any case: the SDK lifts the limit itself.
 *
 * A program's own transformations run meanwhile: where it has some, traces are taken, since what fails in them needs one.
 *
 * Source: `debuggablePromise` and `Resource.callsites` in @pulumi/pulumi, read in 3.270.
 */
export function suppressStackTraces(opts: pulumi.ResourceOptions): SuppressedTraces {
  const given = Error.stackTraceLimit;
  if (!isTransformed(opts)) Error.stackTraceLimit = 0;
  const end = () => void (Error.stackTraceLimit = given);
  const traced = (error: unknown) => {
    const isUntraced = Error.stackTraceLimit === 0;
    end();
    if (isUntraced && error instanceof Error) Error.captureStackTrace(error, traced);
    return error;
  };
  return { end, traced };
}

/** What the SDK knows and its types do not name: each resource has those of its parents too. */
function isTransformed({ transformations = [], parent }: pulumi.ResourceOptions): boolean {
  const above = (parent ?? pulumi.runtime.getStackResource()) as
    { readonly __transformations?: readonly unknown[] } | undefined;
  return transformations.length > 0 || (above?.__transformations?.length ?? 0) > 0;
}

interface SuppressedTraces {
  /** From here on traces are taken again. */
  end: () => void;
  /** An error from between, with the trace of who made the output. */
  traced: (error: unknown) => unknown;
}
