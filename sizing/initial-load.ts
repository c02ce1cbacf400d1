import type { Burst, Decision, DecisionInput, ObservedPipe, Phase, PreviousDecision } from "./decision";
import { formatEnd, formatNames, formatStates, formatUtcTime, sortByName } from "./decision-text";
import { classifyLoad } from "./pipe-state";
import { startOfHour } from "./price";
import { decideAhead, isMissing } from "./start-ahead";

/** How long the end of a burst without `endBy` waits for the snapshots of other pipes. A snapshot of 5 TB takes about half of it. */
export const MAX_HOLD_MS = 24 * 3_600_000;

/** Decides which size a service with an initial load has now: the steady one or the burst. */
export function decide(input: DecisionInput): Decision {
  const { steadyCores, burst, now, pipes, previous } = input;
  // A decision without `startAhead` says nothing about one with it.
  const ahead = previous?.startAhead === true ? previous : undefined;
  if (burst.endBy !== undefined && burst.endBy <= now)
    return { ...decideAfterEnd(steadyCores, burst.endBy, previous?.phase), ...keepPipes(ahead) };
  if (burst.startAhead === true) return decideAhead({ steadyCores, burst, pipes, previous: ahead });
  if (isMissing(pipes)) {
    return "unread" in pipes
      ? decideWithoutPipes(input, pipes.unread)
      : decideBeforeFirstPipe(input, pipes.unknown, "unknown");
  }
  if (pipes.length === 0)
    return decideBeforeFirstPipe(input, "the service has no database ClickPipe", previous?.phase);
  return decideByPipes(input, pipes);
}

function decideByPipes(input: DecisionInput, pipes: readonly ObservedPipe[]): Decision {
  const { steadyCores, burst } = input;
  const chosen = selectPipes(pipes, burst);
  const loading = chosen.filter(
    ({ state, replicationMode }) => classifyLoad(state, replicationMode) === "loading",
  );
  const unclear = chosen.filter(
    ({ state, replicationMode }) => classifyLoad(state, replicationMode) === "unclear",
  );
  const until = formatEnd(burst);
  if (loading.length > 0) {
    const reason = `${formatNames(loading)} ${loading.length === 1 ? "loads" : "load"}, ${until}`;
    return { cores: burst.cores, phase: "initialLoad", reason, pipeStates: formatStates(loading) };
  }
  if (unclear.length > 0 && wasBurst(input)) {
    const reason = `the initial load of ${formatNames(unclear)} may not be done, ${until}`;
    return { cores: burst.cores, phase: "initialLoad", reason, pipeStates: formatStates(unclear) };
  }
  const why = explainSteady(chosen, unclear);
  const others = pipes.filter(({ id }) => !chosen.some((pipe) => pipe.id === id));
  return holdBurst(input, others, why) ?? { cores: steadyCores, phase: "steady", reason: why };
}

/** Keeps an active burst while another pipe is in a snapshot that a resize may break. Undefined if there is none, or if it took too long. */
function holdBurst(input: DecisionInput, others: readonly ObservedPipe[], why: string): Decision | undefined {
  const { burst, now, previous } = input;
  const fragile = sortByName(selectFragile(others));
  if (fragile.length === 0 || !wasBurst(input)) return undefined;
  // Of the hour: a preview and the update after it say the same.
  const heldSince = previous?.heldSince ?? startOfHour(now);
  const end = burst.endBy ?? new Date(heldSince.getTime() + MAX_HOLD_MS);
  if (end <= now) return undefined;
  const reason = `${why}, but a resize may break the snapshot of ${formatNames(fragile)}: waiting for it, until ${formatUtcTime(end)} at the latest`;
  return {
    cores: burst.cores,
    phase: "initialLoad",
    reason,
    pipeStates: formatStates(fragile),
    heldSince,
  };
}

/**
 * Selects the pipes whose initial load a resize may break: a Postgres snapshot is read in one transaction, which one process holds.
 * MySQL and MongoDB have no such transaction.
 */
export function selectFragile<Pipe extends ObservedPipe>(pipes: readonly Pipe[]): Pipe[] {
  return pipes.filter(({ source, state }) => source === "postgres" && state === "Snapshot");
}

/** Selects the pipes that count for a burst, sorted by name. */
export function selectPipes<Pipe extends ObservedPipe>(
  pipes: readonly Pipe[],
  { pipes: ids }: Burst,
): Pipe[] {
  return sortByName(pipes.filter(({ id }) => ids === undefined || ids.includes(id)));
}

/** Whether the burst is the size of a phase. */
export function isBurstPhase(phase: Phase | undefined): boolean {
  return phase === "prepared" || phase === "initialLoad";
}

/** Whether the service is known to have the size of a burst because of an initial load. */
function wasBurst({ previous, burst, steadyCores }: DecisionInput): boolean {
  if (previous === undefined || isBurstPhase(previous.phase)) return previous !== undefined;
  // Without a previous phase, only the size tells whether a burst was active.
  if (previous.phase === undefined) return previous.cores === burst.cores;
  return previous.phase === "unknown" && previous.cores > steadyCores;
}

/** After `endBy` the pipes are not read any more. Only the previous phase tells whether they were done before. */
function decideAfterEnd(cores: number, endBy: Date, before: Phase | undefined): Decision {
  const passed = `endBy ${formatUtcTime(endBy)} has passed`;
  return before === "steady"
    ? { cores, phase: "steady", reason: `the initial load was done; ${passed}` }
    : { cores, phase: "overdue", reason: `${passed}; the state of the pipes doesn't count` };
}

/** If pipes can't be read, keeps the previous size. */
function decideWithoutPipes(input: DecisionInput, unread: string): Decision {
  const { steadyCores, burst, previous } = input;
  const phase = "unknown";
  const because = `the pipes could not be read (${unread})`;
  if (previous === undefined) {
    const reason = `${because}: the steady size, or ${burst.cores} cores if the update finds a pipe in its initial load`;
    return { cores: steadyCores, phase, reason };
  }
  const reason = `${because}: keeping the previous size`;
  return { cores: keepCores(input, previous), phase, reason, ...keepHold(previous) };
}

/** A new resource plans the burst, because its first pipe will load. An existing one keeps its size. */
function decideBeforeFirstPipe(input: DecisionInput, why: string, known: Phase | undefined): Decision {
  const { steadyCores, burst, previous } = input;
  if (previous === undefined) {
    const reason = `${why}: a new pipe will load, ${formatEnd(burst)}`;
    return { cores: burst.cores, phase: "initialLoad", reason };
  }
  const cores = keepCores(input, previous);
  const phase = known ?? (cores > steadyCores ? "initialLoad" : "steady");
  return { cores, phase, reason: why, ...keepHold(previous) };
}

function keepPipes({ pipesBefore }: Partial<PreviousDecision> = {}): Pick<Decision, "pipesBefore"> {
  return pipesBefore === undefined ? {} : { pipesBefore };
}

function keepHold({ heldSince }: PreviousDecision): Pick<Decision, "heldSince"> {
  return heldSince === undefined ? {} : { heldSince };
}

function keepCores({ steadyCores, burst }: DecisionInput, { phase, cores }: PreviousDecision): number {
  if (phase === undefined || phase === "unknown") return cores;
  return isBurstPhase(phase) ? burst.cores : steadyCores;
}

function explainSteady(chosen: readonly ObservedPipe[], unclear: readonly ObservedPipe[]): string {
  if (chosen.length === 0) return "the declared pipes were deleted";
  if (unclear.length > 0)
    return `no pipe is known to be in its initial load; unclear for ${formatNames(unclear)}`;
  return `the initial load of ${formatNames(chosen)} is done`;
}
