import type * as pulumi from "@pulumi/pulumi";
import type { FunctionOptions, FunctionOutputOptions, ServiceOutputArgs } from "./arguments";
import { loadInvoke } from "./lazy";
import { createOutputForm } from "./output-form";
import type { ServiceArgs } from "../provider/queries/arguments";
import type { GetCdcScalingResult } from "../provider/queries/results";

/** What {@link getCdcScaling} takes. */
export type GetCdcScalingArgs = ServiceArgs;

/** What {@link getCdcScalingOutput} takes: the same, known now or later. */
export type GetCdcScalingOutputArgs = ServiceOutputArgs;

/**
 * The current size of a service's database ClickPipes, read from the service each time, in previews too; changes nothing and
 * wakes nothing.
 *
 * It needs an API key, in the places where `CdcCompute` looks for it. What may pass is asked again for about a minute; no call
 * takes more than 10 minutes, with its turn within the API's limit.
 *
 * Errors have a `code`: `arguments`, `settings` (no key, or no single organization), `endpoint-not-found` (no database ClickPipe yet),
 * `service-not-awake`, `api` (any other refusal), `no-response`, `timeout`.
 *
 * Source: https://clickhouse.com/docs/integrations/clickpipes/postgres/scaling
 *
 * Pulumi's mocks don't answer it: in a program's own tests point `CLICKHOUSE_API_URL` at the emulator.
 *
 * @example
 * ```ts
 * const { cores, usdPerMonth } = await getCdcScaling({ serviceId });
 * console.log(`${cores} cores, $${usdPerMonth} a month`);
 * ```
 */
export async function getCdcScaling(
  args: GetCdcScalingArgs,
  opts: FunctionOptions = {},
): Promise<GetCdcScalingResult> {
  return loadInvoke().invokeGetCdcScaling(args, opts);
}

/**
 * {@link getCdcScaling} for Inputs: unknown where one of them is unknown in a preview, or a resource in `dependsOn` is not
 * created yet; secret where one of them is secret.
 *
 * @example
 * ```ts
 * const compute = new CdcCompute("orders", { serviceId, cores: 8 });
 * export const cores = getCdcScalingOutput({ serviceId }, { dependsOn: compute }).cores;
 * ```
 */
export function getCdcScalingOutput(
  args: GetCdcScalingOutputArgs,
  opts: FunctionOutputOptions = {},
): pulumi.Output<GetCdcScalingResult> {
  return createOutputForm(args, opts, getCdcScaling);
}
