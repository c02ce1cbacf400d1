/**
 * Stops the taking of stack traces, for what makes the SDK's outputs: the SDK takes four for each of them, and they are most of what
 * a large program spends on its resources. They are read nowhere but in the SDK's report of promises that are never settled, which
 * names resource and property without them too. Where a resource is declared is found in any case: the SDK lifts the limit itself.
 *
 * Source: `debuggablePromise` and `Resource.callsites` in @pulumi/pulumi, read in 3.270.
 */
export function withoutTraces(): Untraced {
  const given = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  const end = () => void (Error.stackTraceLimit = given);
  const traced = (error: unknown) => {
    end();
    if (error instanceof Error) Error.captureStackTrace(error, traced);
    return error;
  };
  return { end, traced };
}

interface Untraced {
  /** From here on traces are taken again. */
  end: () => void;
  /** An error from between, with the trace of who made the output. */
  traced: (error: unknown) => unknown;
}
