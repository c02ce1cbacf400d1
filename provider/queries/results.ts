import type { LoadStatus } from "../../sizing";

/** The size of the compute that a service's database ClickPipes share, and what it costs. */
export interface GetCdcScalingResult {
  /** The service's id. */
  readonly serviceId: string;
  /** The id of the organization that owns the service. */
  readonly organizationId: string;
  /** Cores per replica. */
  readonly cores: number;
  /** Thousandths of a core per replica. */
  readonly replicaCpuMillicores: number;
  /** Gigabytes of memory per replica. */
  readonly replicaMemoryGb: number;
  /** What ClickHouse bills: 2 cores and 8 GB are one unit. */
  readonly computeUnits: number;
  /** US dollars an hour at today's price (stack config `clickpipes:usdPerComputeUnitHour`, else the list price), rounded to cents. */
  readonly usdPerHour: number;
  /** US dollars in 730 hours, rounded to cents. */
  readonly usdPerMonth: number;
}

/** A ClickPipe that reads from a database. */
export interface DbClickPipe {
  readonly id: string;
  /** Its id where the API names none. */
  readonly name: string;
  readonly source: "postgres" | "mysql" | "mongodb" | "bigquery";
  /** In ClickHouse's words, such as `Snapshot` or `Running`. */
  readonly state: string;
  /** What the state says of the initial load: going on or about to begin, over, or `unclear` (a paused pipe, a failed one). */
  readonly loadStatus: LoadStatus;
  /** Whether `loadStatus` is `loading`. */
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
  /** The id of the organization that owns the service. */
  readonly organizationId: string;
  /** By name, then by id; empty where the service has none. */
  readonly clickPipes: DbClickPipe[];
}
