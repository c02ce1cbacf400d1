import type { Burst, Decision, MissingPipes, ObservedPipe, PreviousDecision } from "./decision";
import { formatEnd, formatNames, formatStates, sortByName } from "./decision-text";
import { classifyLoad, type LoadStatus } from "./pipe-state";

interface StartAheadInput {
  readonly steadyCores: number;
  readonly burst: Burst;
  readonly pipes: readonly ObservedPipe[] | MissingPipes;
  /** Undefined for a new resource, and for one that had no `startAhead` before. */
  readonly previous: PreviousDecision | undefined;
}

/**
 * Decides for a burst that starts before its pipe exists. It ends only once: after the load, or a missed one, the size stays steady until
 * `startAhead` is removed and set again.
 */
export function decideAhead({ steadyCores, burst, pipes, previous }: StartAheadInput): Decision {
  const { phase, pipesBefore } = previous ?? {};
  if (phase === "steady" || phase === "overdue")
    return end(steadyCores, "the burst for the initial load is over", pipesBefore);
  if (isMissing(pipes)) return waitWithoutPipes(burst, pipes, previous);
  const sorted = sortByName(pipes);
  if (phase === "initialLoad") return continueLoad(steadyCores, burst, sorted, pipesBefore ?? []);
  if (phase === "prepared" && pipesBefore !== undefined)
    return awaitLoad(steadyCores, burst, sorted, pipesBefore);
  return prepare(burst, sorted);
}

/** Whether there are no pipes to decide by. */
export function isMissing(pipes: readonly ObservedPipe[] | MissingPipes): pipes is MissingPipes {
  return !Array.isArray(pipes);
}

function waitWithoutPipes(
  burst: Burst,
  missing: MissingPipes,
  previous: PreviousDecision | undefined,
): Decision {
  const why = "unread" in missing ? `the pipes could not be read (${missing.unread})` : missing.unknown;
  const phase = previous?.phase === "initialLoad" ? "initialLoad" : "prepared";
  const { pipesBefore } = previous ?? {};
  const reason = `${why}, ${formatEnd(burst)}`;
  return { cores: burst.cores, phase, reason, ...(pipesBefore && { pipesBefore }) };
}

/** The first decision: remembers the pipes that are not loading, so that a new one is recognized. */
function prepare(burst: Burst, pipes: readonly ObservedPipe[]): Decision {
  const loading = select(pipes, "loading");
  const pipesBefore = listQuietIds(pipes);
  if (loading.length > 0) return { ...load(burst, loading), pipesBefore, isTooLate: true };
  const reason = `no pipe has started its initial load, ${formatEnd(burst)}`;
  return { cores: burst.cores, phase: "prepared", reason, pipesBefore };
}

function awaitLoad(
  steadyCores: number,
  burst: Burst,
  pipes: readonly ObservedPipe[],
  pipesBefore: readonly string[],
): Decision {
  const added = pipes.filter(({ id }) => !pipesBefore.includes(id));
  const active = [...select(pipes, "loading"), ...select(added, "unclear")];
  if (active.length > 0) return continueLoad(steadyCores, burst, pipes, pipesBefore);
  if (added.length > 0)
    return end(steadyCores, `the initial load of ${formatNames(added)} is done`, pipesBefore);
  const reason = `no pipe has started its initial load, ${formatEnd(burst)}`;
  return { cores: burst.cores, phase: "prepared", reason, pipesBefore };
}

/** A pipe from before counts only once it loads: one that has been paused for a year must not keep the burst. */
function continueLoad(
  steadyCores: number,
  burst: Burst,
  pipes: readonly ObservedPipe[],
  before: readonly string[],
): Decision {
  const isLoading = (id: string) => select(pipes, "loading").some((pipe) => pipe.id === id);
  const pipesBefore = before.filter((id) => !isLoading(id));
  const counted = pipes.filter(({ id }) => !pipesBefore.includes(id));
  const loading = select(counted, "loading");
  const unclear = select(counted, "unclear");
  if (loading.length > 0) return { ...load(burst, loading), pipesBefore };
  if (unclear.length === 0 && pipes.length > 0) {
    const reason =
      counted.length === 0 ? "no pipe is loading" : `the initial load of ${formatNames(counted)} is done`;
    return end(steadyCores, reason, pipesBefore);
  }
  const reason =
    unclear.length === 0
      ? `the service has no database ClickPipe, ${formatEnd(burst)}`
      : `the initial load of ${formatNames(unclear)} may not be done, ${formatEnd(burst)}`;
  return {
    cores: burst.cores,
    phase: "initialLoad",
    reason,
    pipeStates: formatStates(unclear),
    pipesBefore,
  };
}

/** Keeps what it remembers: if it went, the preview of the change would show that. */
function end(cores: number, reason: string, pipesBefore: readonly string[] | undefined): Decision {
  return { cores, phase: "steady", reason, ...(pipesBefore && { pipesBefore }) };
}

function load(burst: Burst, loading: readonly ObservedPipe[]): Decision {
  const reason = `${formatNames(loading)} ${loading.length === 1 ? "loads" : "load"}, ${formatEnd(burst)}`;
  return { cores: burst.cores, phase: "initialLoad", reason, pipeStates: formatStates(loading) };
}

function listQuietIds(pipes: readonly ObservedPipe[]): string[] {
  return pipes
    .filter(({ state, replicationMode }) => classifyLoad(state, replicationMode) !== "loading")
    .map(({ id }) => id)
    .sort();
}

function select(pipes: readonly ObservedPipe[], status: LoadStatus): ObservedPipe[] {
  return pipes.filter(({ state, replicationMode }) => classifyLoad(state, replicationMode) === status);
}
