/**
 * The contents of an emulated cloud at the start and after a reset.
 *
 * @public
 */
export interface Seed {
  /** The organizations. */
  readonly organizations: readonly OrganizationSeed[];
}

/**
 * An organization.
 *
 * @public
 */
export interface OrganizationSeed {
  /** A UUID. */
  readonly id: string;
  /** The name. */
  readonly name: string;
  /** The API keys that have access to the organization. */
  readonly keys: readonly KeySeed[];
  /** The services of the organization. */
  readonly services: readonly ServiceSeed[];
}

/**
 * An API key of an organization.
 *
 * @public
 */
export interface KeySeed {
  /** The id of the key: the user of basic authentication. */
  readonly id: string;
  /** The secret of the key: the password of basic authentication. */
  readonly secret: string;
}

/**
 * A service.
 *
 * @public
 */
export interface ServiceSeed {
  /** A UUID. */
  readonly id: string;
  /** The name. */
  readonly name: string;
  /**
   * The state.
   * @default "running"
   */
  readonly state?: ServiceState;
  /**
   * Cores per replica of the database ClickPipes.
   * @default 2
   */
  readonly cores?: number;
  /**
   * The ClickPipes of the service.
   * @default None.
   */
  readonly clickPipes?: readonly PipeSeed[];
}

/**
 * A ClickPipe.
 *
 * @public
 */
export interface PipeSeed {
  /** A UUID. */
  readonly id: string;
  /** The name. */
  readonly name: string;
  /** What the pipe reads from. */
  readonly kind: PipeKind;
  /**
   * A state in which the pipe stays.
   * @default "Running"; with `snapshotMs` the pipe goes through all states of its initial load
   */
  readonly state?: PipeState;
  /** Duration of the initial load in milliseconds. The pipe is Provisioning, Setup, Snapshot, then Running. */
  readonly snapshotMs?: number;
  /**
   * Duration of the state Provisioning in milliseconds. No effect without `snapshotMs`.
   * @default the emulator's option `provisioningMs`
   */
  readonly provisioningMs?: number;
  /**
   * Duration of the state Setup in milliseconds. No effect without `snapshotMs`.
   * @default the emulator's option `setupMs`
   */
  readonly setupMs?: number;
  /** The settings of its initial load. */
  readonly settings?: PipeSettings;
}

/**
 * The settings of a database pipe that affect its initial load. Source: OpenAPI, `ClickPipePostgresPipeSettings`.
 *
 * @public
 */
export interface PipeSettings {
  /**
   * `cdc` loads first and then replicates changes, `snapshot` ends after the load, `cdc_only` has no load.
   * @default "cdc"; "snapshot" for BigQuery
   */
  readonly replicationMode?: ReplicationMode;
  /** How many workers load a table in parallel. */
  readonly initialLoadParallelism?: number;
  /** How many rows a worker loads at a time. */
  readonly snapshotNumRowsPerPartition?: number;
  /** How many tables load in parallel. */
  readonly snapshotNumberOfParallelTables?: number;
}

/**
 * The replication modes of a database ClickPipe.
 *
 * @public
 */
export const REPLICATION_MODES = ["cdc", "snapshot", "cdc_only"] as const;
/**
 * One of {@link REPLICATION_MODES}.
 *
 * @public
 */
export type ReplicationMode = (typeof REPLICATION_MODES)[number];

/**
 * The states of the OpenAPI document that the emulator supports.
 *
 * @public
 */
export const SERVICE_STATES = ["running", "idle", "stopped", "awaking", "starting"] as const;
/**
 * One of {@link SERVICE_STATES}.
 *
 * @public
 */
export type ServiceState = (typeof SERVICE_STATES)[number];

/**
 * The kinds of ClickPipes that read from a database.
 *
 * @public
 */
export const DB_PIPE_KINDS = ["postgres", "mysql", "mongodb", "bigquery"] as const;
/**
 * What a ClickPipe reads from. `kafka` stands for all kinds that are not databases.
 *
 * @public
 */
export type PipeKind = (typeof DB_PIPE_KINDS)[number] | "kafka";

/**
 * All kinds of ClickPipes that the emulator has.
 *
 * @public
 */
export const PIPE_KINDS = [...DB_PIPE_KINDS, "kafka"] as const satisfies readonly PipeKind[];

/**
 * The states of a ClickPipe. Source: OpenAPI, `ClickPipe.state`.
 *
 * @public
 */
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
/**
 * One of {@link PIPE_STATES}.
 *
 * @public
 */
export type PipeState = (typeof PIPE_STATES)[number];

/**
 * The id of the organization of {@link DEFAULT_SEED}.
 *
 * @public
 */
export const DEFAULT_ORGANIZATION_ID = "00000000-0000-4000-8000-0000000000a0";
/**
 * The id of the service of {@link DEFAULT_SEED}.
 *
 * @public
 */
export const DEFAULT_SERVICE_ID = "00000000-0000-4000-8000-000000000001";
/**
 * The API key of {@link DEFAULT_SEED}.
 *
 * @public
 */
export const DEFAULT_KEY: KeySeed = { id: "emulator-key", secret: "emulator-secret" };

/**
 * Creates `count` running services with one Postgres pipe each. Their ids count up from {@link DEFAULT_SERVICE_ID}.
 *
 * @public
 */
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

/**
 * Creates a seed of one organization with {@link DEFAULT_KEY} and `count` services of `cores` cores per replica.
 *
 * @public
 */
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

/**
 * One organization with {@link DEFAULT_KEY} and one running service of 2 cores with a Postgres pipe.
 *
 * @public
 */
export const DEFAULT_SEED: Seed = createSeed(1);
