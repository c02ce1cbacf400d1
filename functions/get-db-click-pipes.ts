import type * as pulumi from "@pulumi/pulumi";
import type { FunctionOptions, FunctionOutputOptions, ServiceOutputArgs } from "./arguments";
import { loadInvoke } from "./lazy";
import { createOutputForm } from "./output-form";
import type { ServiceArgs } from "../provider/queries/arguments";
import type { GetDbClickPipesResult } from "../provider/queries/results";

/** What {@link getDbClickPipes} takes. */
export type GetDbClickPipesArgs = ServiceArgs;

/** What {@link getDbClickPipesOutput} takes: the same, known now or later. */
export type GetDbClickPipesOutputArgs = ServiceOutputArgs;

/**
 * A service's database ClickPipes (Postgres, MySQL, MongoDB, BigQuery) and how far they are, read from the service each time,
 * in previews too; changes nothing and wakes nothing.
 *
 * It needs an API key, in the places where `CdcCompute` looks for it. What may pass is asked again for about a minute; no call
 * takes more than 10 minutes, with its turn within the API's limit.
 *
 * Errors have a `code`: `arguments`, `settings` (no key, or no single organization), `service-not-awake`, `api` (any other
 * refusal), `no-response`, `timeout`. Other kinds of ClickPipes are left out; without a database ClickPipe the list is empty.
 *
 * Source: https://clickhouse.com/docs/integrations/clickpipes/postgres/lifecycle
 *
 * Pulumi's mocks don't answer it: in a program's own tests point `CLICKHOUSE_API_URL` at the emulator.
 *
 * @example
 * ```ts
 * const { clickPipes } = await getDbClickPipes({ serviceId });
 * const loading = clickPipes.filter((pipe) => pipe.isInInitialLoad).map((pipe) => pipe.name);
 * ```
 */
export async function getDbClickPipes(
  args: GetDbClickPipesArgs,
  opts: FunctionOptions = {},
): Promise<GetDbClickPipesResult> {
  return loadInvoke().invokeGetDbClickPipes(args, opts);
}

/**
 * {@link getDbClickPipes} for Inputs: unknown where one of them is unknown in a preview, or a resource in `dependsOn` is not
 * created yet; secret where one of them is secret.
 *
 * @example
 * ```ts
 * const { clickPipes } = getDbClickPipesOutput({ serviceId });
 * export const states = clickPipes.apply((pipes) => pipes.map(({ name, state }) => `${name}: ${state}`));
 * ```
 */
export function getDbClickPipesOutput(
  args: GetDbClickPipesOutputArgs,
  opts: FunctionOutputOptions = {},
): pulumi.Output<GetDbClickPipesResult> {
  return createOutputForm(args, opts, getDbClickPipes);
}
