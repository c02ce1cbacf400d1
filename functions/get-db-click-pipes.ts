import type * as pulumi from "@pulumi/pulumi";
import type { FunctionOptions, FunctionOutputOptions, ServiceOutputArgs } from "./arguments";
import { loadInvoke } from "./lazy";
import { createOutputForm } from "./output-form";
import type { ServiceArgs } from "../provider/queries/arguments";
import type { GetDbClickPipesResult } from "../provider/queries/results";

/**
 * The arguments of {@link getDbClickPipes}.
 *
 * @public
 */
export type GetDbClickPipesArgs = ServiceArgs;

/**
 * The arguments of {@link getDbClickPipesOutput}: those of {@link getDbClickPipes} as Inputs.
 *
 * @public
 */
export type GetDbClickPipesOutputArgs = ServiceOutputArgs;

/**
 * Reads the database ClickPipes (Postgres, MySQL, MongoDB, BigQuery) of a service and their states, also in previews. It changes nothing and
 * doesn't wake an idle service. Other kinds of ClickPipes are left out; without a database ClickPipe the list is empty.
 *
 * Needs an API key, from the same settings as `CdcCompute`. Retries transient errors for about a minute. A call takes at most 10 minutes,
 * including its wait for the API's rate limit.
 *
 * Errors have a `code`, such as `invalid-arguments`, `missing-key` or `service-not-awake`. docs/errors.md lists all of them.
 *
 * Source: https://clickhouse.com/docs/integrations/clickpipes/postgres/lifecycle
 *
 * Pulumi's mocks don't cover it. In the tests of a program, point `CLICKHOUSE_API_URL` at the emulator.
 *
 * @example
 * ```ts
 * const { clickPipes } = await getDbClickPipes({ serviceId });
 * const loading = clickPipes.filter((pipe) => pipe.isInInitialLoad).map((pipe) => pipe.name);
 * ```
 *
 * @public
 */
export async function getDbClickPipes(
  args: GetDbClickPipesArgs,
  opts: FunctionOptions = {},
): Promise<GetDbClickPipesResult> {
  return loadInvoke().invokeGetDbClickPipes(args, opts);
}

/**
 * {@link getDbClickPipes} for Inputs. In a preview the result is unknown if an Input is unknown or a resource in `dependsOn` was not created
 * yet. It is secret if an Input is secret, or if the stack config has the organization or the price as a secret.
 *
 * @example
 * ```ts
 * const { clickPipes } = getDbClickPipesOutput({ serviceId });
 * export const states = clickPipes.apply((pipes) => pipes.map(({ name, state }) => `${name}: ${state}`));
 * ```
 *
 * @public
 */
export function getDbClickPipesOutput(
  args: GetDbClickPipesOutputArgs,
  opts: FunctionOutputOptions = {},
): pulumi.Output<GetDbClickPipesResult> {
  return createOutputForm(args, opts, getDbClickPipes);
}
