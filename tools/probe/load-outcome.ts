import { formatDuration } from "../../provider/wait/duration";
import { classifyLoad } from "../../sizing";

/** What a read of a loading pipe showed. */
export interface Observation {
  readonly atMs: number;
  readonly state: string;
  /** The bytes that the initial loads of the pipe have fetched. Undefined if they were not read, or are not published. */
  readonly loadedBytes: number | undefined;
}

export interface LoadHistory {
  /** In the order of time. The first is from before the resize was requested. */
  readonly observations: readonly Observation[];
  /** When the new size was seen. Undefined if it never was. */
  readonly resizedAtMs: number | undefined;
  /** How long the same load takes without a resize. Undefined if nobody knows. */
  readonly wholeLoadMs: number | undefined;
}

const FAILED_STATES = new Set(["Failed", "InternalError"]);
const STATES_BEFORE_LOAD = new Set(["Provisioning", "Setup"]);
const BYTES_PER_GB = 1e9;

/*
 * Two loads of the same tables differ a little. One that takes nine tenths of a whole load after the resize has begun anew, unless the
 * resize came so early that hardly more was left anyway.
 */
const RESTARTED_FROM_SHARE = 0.9;
const EARLY_BELOW_SHARE = 0.2;

/** Whether nothing more can be learned from watching the load. */
export function isDecided({ observations }: LoadHistory): boolean {
  const last = observations.at(-1);
  if (last === undefined) return false;
  return hasEnded(last.state) || findRestart(observations) !== undefined;
}

/** Says what became of the load: `keeps`, `restarts` or `fails` with the reason, or why that could not be observed. */
export function describeOutcome(history: LoadHistory): string {
  const { observations, resizedAtMs } = history;
  const last = observations.at(-1);
  if (last === undefined) return "not observed: the pipe was never read";
  if (FAILED_STATES.has(last.state)) return `fails (${describeEnd(last, resizedAtMs)})`;
  const restart = findRestart(observations);
  if (restart !== undefined) return `restarts (${restart})`;
  if (
    resizedAtMs === undefined ||
    observations.some(({ atMs, state }) => atMs < resizedAtMs && hasEnded(state))
  )
    return "not observed: the load was over before the resize arrived";
  if (classifyLoad(last.state) === "unclear") return `not observed: the pipe is ${last.state}`;
  return judgeSurvivor(history, last, resizedAtMs);
}

/** Judges a load that neither failed nor showed by its state or its bytes that it began anew. */
function judgeSurvivor(history: LoadHistory, last: Observation, resizedAtMs: number): string {
  const { observations, wholeLoadMs } = history;
  const end = describeEnd(last, resizedAtMs);
  const bytes = observations.flatMap(({ loadedBytes }) => loadedBytes ?? []);
  if (wholeLoadMs === undefined && bytes.at(-1) === bytes[0])
    return `keeps or restarts (${end}; without a metric of the bytes or --load-takes both look the same)`;
  if (wholeLoadMs === undefined || last.atMs - resizedAtMs < RESTARTED_FROM_SHARE * wholeLoadMs) {
    if (bytes.at(-1) !== bytes[0])
      return `keeps (${end}; loaded bytes rose from ${formatGb(bytes[0])} to ${formatGb(bytes.at(-1))} and never fell)`;
    return hasEnded(last.state)
      ? `keeps (${end}, less than a whole load)`
      : `not observed: ${end}; watch for longer`;
  }
  const loadedMs = resizedAtMs - (observations[0]?.atMs ?? resizedAtMs);
  return loadedMs < EARLY_BELOW_SHARE * wholeLoadMs
    ? `not observed: ${end}; the resize came too early in the load to tell by its duration`
    : `restarts (${end}, as long as a whole load)`;
}

/** Says by which sign the load began anew: a load only goes forward, and so do its bytes. */
function findRestart(observations: readonly Observation[]): string | undefined {
  const again = observations.find(({ state }) => STATES_BEFORE_LOAD.has(state));
  if (again !== undefined) return `${again.state} after Snapshot`;
  const bytes = observations.flatMap(({ loadedBytes }) => loadedBytes ?? []);
  const fallen = bytes.findIndex((now, index) => now < (bytes[index - 1] ?? 0));
  if (fallen < 0) return undefined;
  return `loaded bytes fell from ${formatGb(bytes[fallen - 1])} to ${formatGb(bytes[fallen])}`;
}

function hasEnded(state: string): boolean {
  return FAILED_STATES.has(state) || classifyLoad(state) === "done";
}

function describeEnd({ state, atMs }: Observation, resizedAtMs: number | undefined): string {
  if (resizedAtMs === undefined || atMs < resizedAtMs) return `${state} before the new size was seen`;
  return `${state} ${formatDuration(atMs - resizedAtMs)} after the resize`;
}

function formatGb(bytes = 0): string {
  return `${(bytes / BYTES_PER_GB).toFixed(1)} GB`;
}
