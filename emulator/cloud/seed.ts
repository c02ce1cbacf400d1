/** What an emulated cloud begins with, and returns to on reset. */
export interface Seed {
  readonly organizations: readonly OrganizationSeed[];
}

export interface OrganizationSeed {
  readonly id: string;
  readonly name: string;
  readonly keys: readonly KeySeed[];
  readonly services: readonly ServiceSeed[];
}

export interface KeySeed {
  readonly id: string;
  readonly secret: string;
}

export interface ServiceSeed {
  readonly id: string;
  readonly name: string;
  readonly state?: ServiceState;
  /** Cores of the database ClickPipes' replica; default 2. */
  readonly cores?: number;
  readonly clickPipes?: readonly PipeSeed[];
}

export interface PipeSeed {
  readonly id: string;
  readonly name: string;
  readonly kind: PipeKind;
  /** Where it stays. Default: Running, or with `snapshotMs` all that comes before. */
  readonly state?: PipeState;
  /** How long its initial load takes, in milliseconds: it is provisioned, set up, loads, and then runs. */
  readonly snapshotMs?: number;
  readonly settings?: PipeSettings;
}

/** What of a database pipe's settings says how it loads. Source: OpenAPI, `ClickPipePostgresPipeSettings`. */
export interface PipeSettings {
  /** Default: cdc, which loads first and then follows. `snapshot` ends with the load, `cdc_only` has none. */
  readonly replicationMode?: ReplicationMode;
  readonly initialLoadParallelism?: number;
  readonly snapshotNumRowsPerPartition?: number;
  readonly snapshotNumberOfParallelTables?: number;
}

export const REPLICATION_MODES = ["cdc", "snapshot", "cdc_only"] as const;
export type ReplicationMode = (typeof REPLICATION_MODES)[number];

/** Those of the OpenAPI document that this emulator can be in. */
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

/** `count` running services with a Postgres pipe each; their ids count up from {@link DEFAULT_SERVICE_ID}. */
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

/** One organization with one key and so many of {@link createServices}. */
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

/** One organization with one key and one running service of 2 cores with a Postgres pipe. */
export const DEFAULT_SEED: Seed = createSeed(1);
