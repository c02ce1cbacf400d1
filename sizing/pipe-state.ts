/**
 * What the state of a pipe says about its initial load.
 *
 * @public
 */
export type LoadStatus =
  /** It is in its initial load, or about to start it. */
  | "loading"
  /** Its initial load is complete, or it has none. */
  | "done"
  /** It may be in its initial load: the state doesn't tell. */
  | "unclear";

interface StateMeaning {
  readonly loadStatus: LoadStatus;
  /** ClickHouse's own description of the state. */
  readonly documented: string;
  readonly why: string;
}

const STOPPED_ANYWHERE =
  "ClickHouse documents pausing for running pipes only, but its API stops a pipe in any state";
const NOT_OF_A_DATABASE = "it is documented for other kinds of pipes";

/**
 * Every state that ClickHouse documents.
 *
 * `documented`: https://clickhouse.com/docs/integrations/clickpipes/postgres/lifecycle (the same for MySQL and MongoDB), and where
 * that page says nothing, the OpenAPI document, `ClickPipe.state`; both read 2026-11.
 */
export const PIPE_STATES = Object.freeze({
  Provisioning: {
    loadStatus: "loading",
    documented: "we spin up the underlying infrastructure",
    why: "the initial load comes next",
  },
  Setup: {
    loadStatus: "loading",
    documented: "we create the destination ClickHouse tables",
    why: "the initial load comes next",
  },
  Snapshot: {
    loadStatus: "loading",
    documented: "Snapshot, Initial Snapshot and Initial Load are interchangeable terms",
    why: "this is the initial load",
  },
  Running: {
    loadStatus: "done",
    documented: "once the initial load is complete, the pipe enters the Running state",
    why: "replication follows the initial load",
  },
  Completed: {
    loadStatus: "done",
    documented: "the snapshot has been completed and there's no more work to do",
    why: "everything is loaded",
  },
  Resync: {
    loadStatus: "done",
    documented: "performing an atomic swap of the _resync tables with the original tables",
    why: "the tables were loaded before this state",
  },
  Pausing: {
    loadStatus: "unclear",
    documented: "a transient state where we're in the process of stopping the CDC process",
    why: STOPPED_ANYWHERE,
  },
  Paused: {
    loadStatus: "unclear",
    documented: "once the pipe is in the Running state, you can pause it",
    why: STOPPED_ANYWHERE,
  },
  Modifying: {
    loadStatus: "unclear",
    documented: "applying configuration updates",
    why: "added tables are loaded, other changes load nothing",
  },
  Failed: {
    loadStatus: "unclear",
    documented: "an irrecoverable error in the pipe",
    why: "it loads nothing now, but a resync loads everything again",
  },
  Stopping: { loadStatus: "unclear", documented: "transitioning to stopped state", why: NOT_OF_A_DATABASE },
  Stopped: {
    loadStatus: "unclear",
    documented: "manually stopped, can be restarted",
    why: NOT_OF_A_DATABASE,
  },
  InternalError: { loadStatus: "unclear", documented: "internal system error", why: NOT_OF_A_DATABASE },
  Degraded: { loadStatus: "unclear", documented: "", why: "its meaning is not documented" },
  Unknown: { loadStatus: "unclear", documented: "", why: "ClickHouse doesn't know the state" },
} satisfies Record<string, StateMeaning>);

/** Classifies the state of a pipe. An undocumented state is unclear. */
export function classifyLoad(state: string, replicationMode?: string): LoadStatus {
  if (!isDocumented(state)) return "unclear";
  const { loadStatus } = PIPE_STATES[state];
  if (replicationMode !== "cdc_only" || loadStatus !== "loading") return loadStatus;
  // "CDC without initial snapshot" (OpenAPI document, `replicationMode`, read 2026-11). Yet a resync of such a pipe loads.
  return state === "Snapshot" ? "unclear" : "done";
}

export function isDocumented(state: string): state is keyof typeof PIPE_STATES {
  return Object.hasOwn(PIPE_STATES, state);
}
