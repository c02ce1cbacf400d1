import type * as pulumi from "@pulumi/pulumi";
import type { FunctionOptions, FunctionOutputOptions, ServiceOutputArgs } from "./arguments";
import { loadInvoke } from "./lazy";
import { createOutputForm } from "./output-form";
import type { ServiceArgs } from "../provider/queries/arguments";
import type { GetCdcScalingResult } from "../provider/queries/results";

/**
 * The arguments of {@link getCdcScaling}.
 *
 * @public
 */
export type GetCdcScalingArgs = ServiceArgs;

/**
 * The arguments of {@link getCdcScalingOutput}: those of {@link getCdcScaling} as Inputs.
 *
 * @public
 */
export type GetCdcScalingOutputArgs = ServiceOutputArgs;

/**
 * Reads the current size of the database ClickPipes of a service, also in previews. It changes nothing and doesn't wake an idle service.
 *
 * Needs an API key, from the same settings as `CdcCompute`. Retries transient errors for about a minute. A call takes at most 10 minutes,
 * including its wait for the API's rate limit.
 *
 * Errors have a `code`, such as `invalid-arguments`, `missing-key`, `endpoint-not-found` (no database ClickPipe yet) or `service-not-awake`.
 * docs/errors.md lists all of them.
 *
 * Source: https://clickhouse.com/docs/integrations/clickpipes/postgres/scaling
 *
 * Pulumi's mocks don't cover it. In the tests of a program, point `CLICKHOUSE_API_URL` at the emulator.
 *
 * @example
 * ```ts
 * const { cores, usdPerMonth } = await getCdcScaling({ serviceId });
 * console.log(`${cores} cores, $${usdPerMonth} a month`);
 * ```
 *
 * @public
 */
export async function getCdcScaling(
  args: GetCdcScalingArgs,
  opts: FunctionOptions = {},
): Promise<GetCdcScalingResult> {
  return loadInvoke().invokeGetCdcScaling(args, opts);
}

/**
 * {@link getCdcScaling} for Inputs. In a preview the result is unknown if an Input is unknown or a resource in `dependsOn` was not created
 * yet. It is secret if an Input is secret, or if the stack config has the organization or the price as a secret.
 *
 * @example
 * ```ts
 * const compute = new CdcCompute("orders", { serviceId, cores: 8 });
 * export const cores = getCdcScalingOutput({ serviceId }, { dependsOn: compute }).cores;
 * ```
 *
 * @public
 */
export function getCdcScalingOutput(
  args: GetCdcScalingOutputArgs,
  opts: FunctionOutputOptions = {},
): pulumi.Output<GetCdcScalingResult> {
  return createOutputForm(args, opts, getCdcScaling);
}
