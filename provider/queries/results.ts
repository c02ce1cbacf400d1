import type { LoadStatus } from "../../sizing";

/**
 * The size of the compute that the database ClickPipes of a service share, and its cost.
 *
 * @public
 */
export interface GetCdcScalingResult {
  /** The id of the service. */
  readonly serviceId: string;
  /** The id of the organization that owns the service. */
  readonly organizationId: string;
  /** Cores per replica. */
  readonly cores: number;
  /** Thousandths of a core per replica. */
  readonly replicaCpuMillicores: number;
  /** Gigabytes of memory per replica. */
  readonly replicaMemoryGb: number;
  /** The units that ClickHouse bills. One unit has 2 cores and 8 GB. */
  readonly computeUnits: number;
  /** US dollars per hour, rounded to cents, at the price of stack config `clickpipes:usdPerComputeUnitHour`, else the list price. */
  readonly usdPerHour: number;
  /** US dollars per month of 730 hours, rounded to cents. */
  readonly usdPerMonth: number;
}

/**
 * A ClickPipe that reads from a database.
 *
 * @public
 */
export interface DbClickPipe {
  /** The id of the ClickPipe. */
  readonly id: string;
  /** The name of the ClickPipe, or its id if the API returns no name. */
  readonly name: string;
  /** The kind of the database. */
  readonly source: "postgres" | "mysql" | "mongodb" | "bigquery";
  /** The state, as ClickHouse names it, such as `Snapshot` or `Running`. */
  readonly state: string;
  /** What the state says about the initial load: `loading` (or about to start), `done`, or `unclear` (for example paused or failed). */
  readonly loadStatus: LoadStatus;
  /** Whether `loadStatus` is `loading`. */
  readonly isInInitialLoad: boolean;
  /** `cdc` loads and then replicates, `snapshot` only loads, `cdc_only` only replicates. Undefined if the API returns none. */
  readonly replicationMode?: "cdc" | "snapshot" | "cdc_only" | undefined;
  /** How many workers load a table in parallel. Undefined if it has ClickHouse's default. */
  readonly initialLoadParallelism?: number | undefined;
  /** How many rows a worker loads at a time. Undefined if it has ClickHouse's default. */
  readonly snapshotNumRowsPerPartition?: number | undefined;
  /** How many tables load in parallel. Undefined if it has ClickHouse's default. */
  readonly snapshotNumberOfParallelTables?: number | undefined;
}

/**
 * The database ClickPipes of a service.
 *
 * @public
 */
export interface GetDbClickPipesResult {
  /** The id of the service. */
  readonly serviceId: string;
  /** The id of the organization that owns the service. */
  readonly organizationId: string;
  /** Sorted by name, then by id. Empty if the service has none. */
  readonly clickPipes: DbClickPipe[];
}
