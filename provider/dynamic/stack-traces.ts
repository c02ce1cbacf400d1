import * as pulumi from "@pulumi/pulumi";

/**
 * Suppresses stack traces while a resource is constructed. The SDK takes four for each output, and they are most of the time that a large
 * program spends on its resources. Only the SDK's report of promises that never settle shows them, and it names resource and
 * property without them. The SDK still finds where a resource is declared, because it lifts the limit itself.
 *
 * If the program has transformations, they run meanwhile. Then nothing is suppressed, because their errors need a trace.
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

/** Each resource has the transformations of its parents too. The types of the SDK don't have them. */
function isTransformed({ transformations = [], parent }: pulumi.ResourceOptions): boolean {
  const above = (parent ?? pulumi.runtime.getStackResource()) as
    { readonly __transformations?: readonly unknown[] } | undefined;
  return transformations.length > 0 || (above?.__transformations?.length ?? 0) > 0;
}

interface SuppressedTraces {
  /** Ends the suppression. */
  end: () => void;
  /** Adds a trace to an error that was thrown meanwhile. */
  traced: (error: unknown) => unknown;
}
