/** The contents of an emulated cloud at the start and after a reset. */
export interface Seed {
  readonly organizations: readonly OrganizationSeed[];
}

/** An organization. */
export interface OrganizationSeed {
  /** A UUID. */
  readonly id: string;
  readonly name: string;
  readonly keys: readonly KeySeed[];
  readonly services: readonly ServiceSeed[];
}

/** An API key of an organization. */
export interface KeySeed {
  readonly id: string;
  readonly secret: string;
}

/** A service. */
export interface ServiceSeed {
  /** A UUID. */
  readonly id: string;
  readonly name: string;
  /** @default "running" */
  readonly state?: ServiceState;
  /**
   * Cores per replica of the database ClickPipes.
   * @default 2
   */
  readonly cores?: number;
  readonly clickPipes?: readonly PipeSeed[];
}

/** A ClickPipe. */
export interface PipeSeed {
  /** A UUID. */
  readonly id: string;
  readonly name: string;
  readonly kind: PipeKind;
  /**
   * A state in which the pipe stays.
   * @default "Running"; with `snapshotMs` the pipe goes through all states of its initial load
   */
  readonly state?: PipeState;
  /** Duration of the initial load in milliseconds. The pipe is Provisioning, Setup, Snapshot, then Running. */
  readonly snapshotMs?: number;
  readonly settings?: PipeSettings;
}

/** The settings of a database pipe that affect its initial load. Source: OpenAPI, `ClickPipePostgresPipeSettings`. */
export interface PipeSettings {
  /**
   * `cdc` loads first and then replicates changes, `snapshot` ends after the load, `cdc_only` has no load.
   * @default "cdc"; "snapshot" for BigQuery
   */
  readonly replicationMode?: ReplicationMode;
  readonly initialLoadParallelism?: number;
  readonly snapshotNumRowsPerPartition?: number;
  readonly snapshotNumberOfParallelTables?: number;
}

export const REPLICATION_MODES = ["cdc", "snapshot", "cdc_only"] as const;
export type ReplicationMode = (typeof REPLICATION_MODES)[number];

/** The states of the OpenAPI document that the emulator supports. */
export const SERVICE_STATES = ["running", "idle", "stopped", "awaking", "starting"] as const;
export type ServiceState = (typeof SERVICE_STATES)[number];

export const DB_PIPE_KINDS = ["postgres", "mysql", "mongodb", "bigquery"] as const;
export type PipeKind = (typeof DB_PIPE_KINDS)[number] | "kafka";

export const PIPE_KINDS = [...DB_PIPE_KINDS, "kafka"] as const satisfies readonly PipeKind[];

export const PIPE_STATES = [
  "Unknown",
  "Provisioning",
  "Running",
  "Degraded",
  "Stopping",
  "Stopped",
  "Failed",
  "Completed",
  "InternalError",
  "Setup",
  "Snapshot",
  "Paused",
  "Pausing",
  "Modifying",
  "Resync",
] as const;
export type PipeState = (typeof PIPE_STATES)[number];

export const DEFAULT_ORGANIZATION_ID = "00000000-0000-4000-8000-0000000000a0";
export const DEFAULT_SERVICE_ID = "00000000-0000-4000-8000-000000000001";
export const DEFAULT_KEY: KeySeed = { id: "emulator-key", secret: "emulator-secret" };

/** Creates `count` running services with one Postgres pipe each. Their ids count up from {@link DEFAULT_SERVICE_ID}. */
export function createServices(count: number, cores = 2): ServiceSeed[] {
  return Array.from({ length: count }, (_, index) => {
    const number = (index + 1).toString(16).padStart(12, "0");
    return {
      id: `00000000-0000-4000-8000-${number}`,
      name: `service-${index + 1}`,
      cores,
      clickPipes: [{ id: `00000000-0000-4000-9000-${number}`, name: `pipe-${index + 1}`, kind: "postgres" }],
    };
  });
}

/** Creates a seed of one organization with {@link DEFAULT_KEY} and `count` services of `cores` cores per replica. */
export function createSeed(count: number, cores = 2): Seed {
  const id = DEFAULT_ORGANIZATION_ID;
  const organization = {
    id,
    name: "emulated organization",
    keys: [DEFAULT_KEY],
    services: createServices(count, cores),
  };
  return { organizations: [organization] };
}

/** One organization with {@link DEFAULT_KEY} and one running service of 2 cores with a Postgres pipe. */
export const DEFAULT_SEED: Seed = createSeed(1);
