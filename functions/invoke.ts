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

/** One for all calls of the process: they share each key's limit. */
const queries = new ServiceQueries(systemClock);

export function invokeGetCdcScaling(args: ServiceArgs, opts: FunctionOptions): Promise<GetCdcScalingResult> {
  return runInProgram(opts, (surroundings) => queries.scaling(args, surroundings));
}

export function invokeGetDbClickPipes(
  args: ServiceArgs,
  opts: FunctionOptions,
): Promise<GetDbClickPipesResult> {
  return runInProgram(opts, (surroundings) => queries.dbClickPipes(args, surroundings));
}

/** With the stack's config, a status in Pulumi's display, and errors as Pulumi prints them best. */
async function runInProgram<Result>(
  { parent }: FunctionOptions,
  ask: (surroundings: InvokeContext) => Promise<Result>,
): Promise<Result> {
  const done = pulumi.runtime.rpcKeepAlive();
  try {
    warnAboutPlaintextKey(parent);
    return await ask({
      config: { get: (name) => pulumi.runtime.getConfig(name) },
      tell: (status) => void pulumi.log.info(status, parent, undefined, true),
    });
  } catch (error) {
    throw error instanceof ClickPipesError ? toPrintableError(error, parent) : error;
  } finally {
    done();
  }
}

/**
 * Pulumi prints these by their message alone, a resource's on its own row.
 *
 * Without a stack: what fails after the program's end is printed with it even so, and for each error that comes out of an
 * Output Node.js 20 spends 20 s on the stack's colours (`util.inspect` on a line with `node_modules/@pulumi/output.ts`; tried
 * with 20.20).
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
