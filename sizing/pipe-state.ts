/** What a pipe's state says of its initial load. */
export type Load =
  /** It takes its initial load, or is about to. */
  | "load"
  /** Its initial load is behind it, or it has none. */
  | "over"
  /** It can be in the middle of its initial load, or not: the state does not say. */
  | "unclear";

interface Meaning {
  readonly load: Load;
  /** ClickHouse's own words for the state. */
  readonly documented: string;
  readonly why: string;
}

/**
 * Every state that ClickHouse documents.
 *
 * `documented`: OpenAPI document of ClickHouse Cloud's API, `ClickPipe.state`, read 2026-11. The order of the states:
 * https://clickhouse.com/docs/integrations/clickpipes/postgres/lifecycle, read 2026-11.
 */
export const PIPE_STATES = Object.freeze({
  Provisioning: { load: "load", documented: "initial setup", why: "the initial load comes next" },
  Setup: { load: "load", documented: "configuring replication", why: "the initial load comes next" },
  Snapshot: { load: "load", documented: "initial data load", why: "this is the initial load" },
  Resync: {
    load: "over",
    documented: "swapping resync tables with original tables",
    why: "the tables were loaded again before this",
  },
  Running: { load: "over", documented: "actively replicating", why: "replication follows the initial load" },
  Completed: { load: "over", documented: "batch ingestion finished", why: "everything is loaded" },
  Pausing: {
    load: "unclear",
    documented: "transitioning to paused state",
    why: "a pipe can be paused before its initial load is over, and goes on with it later",
  },
  Paused: {
    load: "unclear",
    documented: "temporarily paused",
    why: "a pipe can be paused before its initial load is over, and goes on with it later",
  },
  Stopping: {
    load: "unclear",
    documented: "transitioning to stopped state",
    why: "a pipe can be stopped before its initial load is over, and goes on with it later",
  },
  Stopped: {
    load: "unclear",
    documented: "manually stopped, can be restarted",
    why: "a pipe can be stopped before its initial load is over, and goes on with it later",
  },
  Modifying: {
    load: "unclear",
    documented: "applying configuration updates",
    why: "added tables are loaded anew, other changes load nothing",
  },
  Degraded: { load: "unclear", documented: "", why: "it may be loading, slowly" },
  Failed: { load: "unclear", documented: "error occurred", why: "its initial load may have to go on" },
  InternalError: {
    load: "unclear",
    documented: "internal system error",
    why: "its initial load may have to go on",
  },
  Unknown: { load: "unclear", documented: "", why: "ClickHouse does not know either" },
} satisfies Record<string, Meaning>);

/** Whether a pipe in that state takes its initial load; a state that is not documented says nothing. */
export function loadOf(state: string, replicationMode?: string): Load {
  // "CDC without initial snapshot". Source: OpenAPI document, `replicationMode`, read 2026-11.
  if (replicationMode === "cdc_only") return "over";
  return isDocumented(state) ? PIPE_STATES[state].load : "unclear";
}

export function isDocumented(state: string): state is keyof typeof PIPE_STATES {
  return Object.hasOwn(PIPE_STATES, state);
}
