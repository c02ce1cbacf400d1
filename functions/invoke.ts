import * as pulumi from "@pulumi/pulumi";
import { ClickPipesError } from "../provider/errors";
import { describeError } from "../provider/remedies";
import { FUNCTION_REMEDIES } from "./remedies";
import { warnAboutPlaintextKey } from "../provider/dynamic/plaintext-key";
import { systemClock } from "../provider/wait/clock";
import type { FunctionOptions } from "./arguments";
import { ServiceQueries, type InvokeContext } from "../provider/queries/service-queries";
import type { GetCdcScalingResult } from "../provider/queries/results";
import type { GetDbClickPipesResult } from "../provider/queries/results";
import type { ServiceArgs } from "../provider/queries/arguments";

/** One for all calls of the process: they share the rate limit of each key. */
const queries = new ServiceQueries(systemClock);

export function invokeGetCdcScaling(args: ServiceArgs, opts: FunctionOptions): Promise<GetCdcScalingResult> {
  return runInProgram(opts, (context) => queries.scaling(args, context));
}

export function invokeGetDbClickPipes(
  args: ServiceArgs,
  opts: FunctionOptions,
): Promise<GetDbClickPipesResult> {
  return runInProgram(opts, (context) => queries.dbClickPipes(args, context));
}

/** Runs a query with the config of the stack and a status in Pulumi's display. Turns its errors into ones that Pulumi prints well. */
async function runInProgram<Result>(
  { parent }: FunctionOptions,
  query: (context: InvokeContext) => Promise<Result>,
): Promise<Result> {
  const done = pulumi.runtime.rpcKeepAlive();
  try {
    warnAboutPlaintextKey(parent);
    return await query({
      config: { get: (name) => pulumi.runtime.getConfig(name) },
      showStatus: (status) => void pulumi.log.info(status, parent, undefined, true),
    });
  } catch (error) {
    throw error instanceof ClickPipesError ? toPrintableError(error, parent) : error;
  } finally {
    done();
  }
}

/**
 * Pulumi prints only the message of these errors, and that of a ResourceError on the row of its resource.
 *
 * They have no stack. Otherwise Pulumi prints the stack of an error after the program's end, and Node.js 20 spends 20 s on its colors for
 * each error of an Output (`util.inspect` on a line with `node_modules/@pulumi/output.ts`; tried with 20.20).
 */
function toPrintableError(error: ClickPipesError, parent: pulumi.Resource | undefined): Error {
  const { code, status, requestId } = error;
  const message = describeError(error, FUNCTION_REMEDIES);
  const clean =
    parent === undefined
      ? new pulumi.RunError(message)
      : new pulumi.ResourceError(message, parent, /* hideStack */ true);
  return Object.assign(clean, { code, status, requestId, cause: error, stack: "" });
}
