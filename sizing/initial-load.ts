import { isDocumented, classifyLoad, PIPE_STATES } from "./pipe-state";

/**
 * Why a service with an initial load has its size.
 *
 * @public
 */
export type Phase =
  /** A pipe is in its initial load: the burst size. */
  | "initialLoad"
  /** No pipe is in its initial load: the steady size. */
  | "steady"
  /** `endBy` has passed, and the pipes were not known to be done before: the steady size. */
  | "overdue"
  /** The pipes could not be read: the previous size. */
  | "unknown";

export interface Burst {
  readonly cores: number;
  /** If absent, only the end of the initial load ends the burst. */
  readonly endBy?: Date;
  /** The ids of the pipes that count. If absent, every database pipe counts. */
  readonly pipes?: readonly string[];
}

/**
 * A burst that has ended.
 *
 * @public
 */
export interface LastBurst {
  /** Cores per replica during the burst. */
  readonly cores: number;
  /** ISO 8601: when the burst started. */
  readonly from: string;
  /** ISO 8601: when an `up` or a refresh observed the steady size after it. */
  readonly to: string;
}

/** What the decision needs to know of a database pipe. */
export interface ObservedPipe {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly replicationMode?: string | undefined;
}

/** The result of an earlier decision. */
export interface PreviousDecision {
  readonly cores: number;
  readonly phase?: Phase | undefined;
}

export interface DecisionInput {
  readonly steadyCores: number;
  readonly burst: Burst;
  readonly now: Date;
  /** The service's database pipes, or why they could not be read. */
  readonly pipes: readonly ObservedPipe[] | { readonly unread: string };
  /** Absent for a new resource. */
  readonly previous?: PreviousDecision | undefined;
}

export interface Decision {
  readonly cores: number;
  readonly phase: Phase;
  /** Has names of pipes, but no states and no times that pass: two previews of the same world must say the same. */
  readonly reason: string;
  /** The states of the pipes that the reason is about, for messages. */
  readonly pipeStates?: string | undefined;
}

/** Decides which size a service with an initial load has now: the steady one or the burst. */
export function decide(input: DecisionInput): Decision {
  const { steadyCores, burst, now, pipes, previous } = input;
  if (burst.endBy !== undefined && burst.endBy <= now)
    return decideAfterEnd(steadyCores, burst.endBy, previous?.phase);
  if ("unread" in pipes) return decideWithoutPipes(input, pipes.unread);

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
  return { cores: steadyCores, phase: "steady", reason: explainSteady(chosen, unclear) };
}

/** Selects the pipes that count for a burst, sorted by name. */
export function selectPipes<Pipe extends ObservedPipe>(
  pipes: readonly Pipe[],
  { pipes: ids }: Burst,
): Pipe[] {
  return pipes
    .filter(({ id }) => ids === undefined || ids.includes(id))
    .sort((a, b) => (a.name === b.name ? compare(a.id, b.id) : compare(a.name, b.name)));
}

/** Whether the service is known to have the size of a burst because of an initial load. */
function wasBurst({ previous, burst, steadyCores }: DecisionInput): boolean {
  if (previous === undefined || previous.phase === "initialLoad") return previous !== undefined;
  // Without a previous phase, only the size tells whether a burst was active.
  if (previous.phase === undefined) return previous.cores === burst.cores;
  return previous.phase === "unknown" && previous.cores > steadyCores;
}

function isUndecided(phase: Phase | undefined): boolean {
  return phase === undefined || phase === "unknown";
}

/** After `endBy` the pipes are not read any more. Only the previous phase tells whether they were done before. */
function decideAfterEnd(cores: number, endBy: Date, before: Phase | undefined): Decision {
  const passed = `endBy ${formatUtcTime(endBy)} has passed`;
  return before === "steady"
    ? { cores, phase: "steady", reason: `the initial load was done; ${passed}` }
    : { cores, phase: "overdue", reason: `${passed}; the state of the pipes doesn't count` };
}

/** If pipes can't be read, keeps the previous size. */
function decideWithoutPipes({ steadyCores, burst, previous }: DecisionInput, unread: string): Decision {
  const phase = "unknown";
  const because = `the pipes could not be read (${unread})`;
  if (previous === undefined) {
    const reason = `${because}: the steady size, or ${burst.cores} cores if the update finds a pipe in its initial load`;
    return { cores: steadyCores, phase, reason };
  }
  const declared = previous.phase === "initialLoad" ? burst.cores : steadyCores;
  const cores = isUndecided(previous.phase) ? previous.cores : declared;
  return { cores, phase, reason: `${because}: keeping the previous size` };
}

function explainSteady(chosen: readonly ObservedPipe[], unclear: readonly ObservedPipe[]): string {
  if (chosen.length === 0) return "the service has no database ClickPipe";
  if (unclear.length > 0)
    return `no pipe is known to be in its initial load; unclear for ${formatNames(unclear)}`;
  return `the initial load of ${formatNames(chosen)} is done`;
}

function formatEnd({ endBy }: Burst): string {
  return endBy === undefined ? "without endBy" : `until ${formatUtcTime(endBy)} at the latest`;
}

const MAX_NAMES = 3;

/** "orders, users, carts and 4 more". */
function formatNames(pipes: readonly ObservedPipe[]): string {
  return formatList(pipes.map(({ name }) => name));
}

/** "orders is in Snapshot, users is Paused: a paused pipe may be in the middle of its load". */
function formatStates(pipes: readonly ObservedPipe[]): string {
  const reasons = pipes
    .filter(({ state, replicationMode }) => classifyLoad(state, replicationMode) === "unclear")
    .map(({ state }) =>
      isDocumented(state) ? PIPE_STATES[state].why : "ClickHouse doesn't document this state",
    );
  const states = formatList(pipes.map(({ name, state }) => `${name}: ${state}`));
  return [states, ...new Set(reasons)].join("; ");
}

function formatList(items: readonly string[]): string {
  const more = items.length - MAX_NAMES;
  const listed = items.slice(0, MAX_NAMES).join(", ");
  return more > 0 ? `${listed} and ${more} more` : listed;
}

/** Formats a time in UTC, without seconds if they are 0: "2026-12-01T00:00Z". */
export function formatUtcTime(time: Date): string {
  return time.toISOString().replace(/(:00)?\.000Z$/, "Z");
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
