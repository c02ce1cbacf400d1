/** What a pipe's state says of its initial load. */
export type LoadStatus =
  /** It takes its initial load, or is about to. */
  | "loading"
  /** Its initial load is behind it, or it has none. */
  | "done"
  /** It can be in the middle of its initial load, or not: the state does not say. */
  | "unclear";

interface StateMeaning {
  readonly loadStatus: LoadStatus;
  /** ClickHouse's own words for the state. */
  readonly documented: string;
  readonly why: string;
}

const STOPPED_ANYWHERE =
  "ClickHouse documents a pause of a running pipe alone, its API stops one in any state";
const NOT_OF_A_DATABASE = "it is documented for pipes of other kinds";

/**
 * Every state that ClickHouse has.
 *
 * `documented`: https://clickhouse.com/docs/integrations/clickpipes/postgres/lifecycle (the same for MySQL and MongoDB), and where
 * that page says nothing the OpenAPI document, `ClickPipe.state`; both read 2026-11.
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
    why: "the tables were loaded again before this",
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
    why: "added tables are loaded, other updates load nothing",
  },
  Failed: {
    loadStatus: "unclear",
    documented: "an irrecoverable error in the pipe",
    why: "it loads nothing now, and a resync loads from the beginning",
  },
  Stopping: { loadStatus: "unclear", documented: "transitioning to stopped state", why: NOT_OF_A_DATABASE },
  Stopped: {
    loadStatus: "unclear",
    documented: "manually stopped, can be restarted",
    why: NOT_OF_A_DATABASE,
  },
  InternalError: { loadStatus: "unclear", documented: "internal system error", why: NOT_OF_A_DATABASE },
  Degraded: { loadStatus: "unclear", documented: "", why: "no document says what it means" },
  Unknown: { loadStatus: "unclear", documented: "", why: "ClickHouse does not know either" },
} satisfies Record<string, StateMeaning>);

/** Whether a pipe in that state takes its initial load; a state that ClickHouse does not have says nothing. */
export function classifyLoad(state: string, replicationMode?: string): LoadStatus {
  if (!isDocumented(state)) return "unclear";
  const { loadStatus } = PIPE_STATES[state];
  if (replicationMode !== "cdc_only" || loadStatus !== "loading") return loadStatus;
  // "CDC without initial snapshot" (OpenAPI document, `replicationMode`, read 2026-11), and yet a resync of it loads.
  return state === "Snapshot" ? "unclear" : "done";
}

export function isDocumented(state: string): state is keyof typeof PIPE_STATES {
  return Object.hasOwn(PIPE_STATES, state);
}
