import type * as pulumi from "@pulumi/pulumi";
import type { Load } from "../sizing";
import type { FunctionOptions, FunctionOutputOptions, ServiceArgs, ServiceOutputArgs } from "./arguments";
import { answers } from "./load";
import { outputForm } from "./output-form";

/** What {@link getDbClickPipes} takes. */
export type GetDbClickPipesArgs = ServiceArgs;

/** What {@link getDbClickPipesOutput} takes: the same, known now or later. */
export type GetDbClickPipesOutputArgs = ServiceOutputArgs;

/** A ClickPipe that reads from a database. */
export interface DbClickPipe {
  readonly id: string;
  /** Its id where the API names none. */
  readonly name: string;
  readonly source: "postgres" | "mysql" | "mongodb" | "bigquery";
  /** In ClickHouse's words, such as `Snapshot` or `Running`. */
  readonly state: string;
  /** What the state says of the initial load: going on or about to begin, over, or `unclear` (a paused pipe, a failed one). */
  readonly load: Load;
  /** Whether `load` is `load`: the initial load is certainly going on, or about to begin. */
  readonly isInInitialLoad: boolean;
  /** `cdc` loads and then follows, `snapshot` only loads, `cdc_only` only follows. None where the API names none. */
  readonly replicationMode?: "cdc" | "snapshot" | "cdc_only" | undefined;
  /** Workers that load one table at once. None where it is left at ClickHouse's default. */
  readonly initialLoadParallelism?: number | undefined;
  /** Rows in each part that a worker loads. None where it is left at ClickHouse's default. */
  readonly snapshotNumRowsPerPartition?: number | undefined;
  /** Tables that are loaded at once. None where it is left at ClickHouse's default. */
  readonly snapshotNumberOfParallelTables?: number | undefined;
}

/** A service's database ClickPipes. */
export interface GetDbClickPipesResult {
  /** The service's id. */
  readonly serviceId: string;
  /** The id of the organisation that owns the service. */
  readonly organizationId: string;
  /** By name, then by id; empty where the service has none. */
  readonly clickPipes: DbClickPipe[];
}

/**
 * A service's database ClickPipes (Postgres, MySQL, MongoDB, BigQuery) and how far they are, read from the service each time,
 * in previews too; changes nothing and wakes nothing.
 *
 * It needs an API key, in the places where `CdcCompute` looks for it. What may pass is asked again for about a minute; no call
 * takes more than 10 minutes, with its turn within the API's limit.
 *
 * Errors have a `code`: `arguments`, `settings` (no key, or no single organisation), `service-not-awake`, `api` (any other
 * refusal), `no-answer`, `timeout`. Other kinds of ClickPipes are left out; without a database ClickPipe the list is empty.
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
  return answers().dbClickPipes(args, opts);
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
  return outputForm(args, opts, getDbClickPipes);
}
