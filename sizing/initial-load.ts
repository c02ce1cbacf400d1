import { isDocumented, classifyLoad, PIPE_STATES } from "./pipe-state";

/** What the size of a service is chosen by. */
export type Phase =
  /** A pipe takes its initial load: the burst size. */
  | "initialLoad"
  /** No pipe does. */
  | "steady"
  /** The burst's end has passed before its pipes were seen to be over. */
  | "overdue"
  /** The pipes could not be read: the size stays as it is. */
  | "unknown";

export interface Burst {
  readonly cores: number;
  /** Absent: the burst ends with the initial load alone. */
  readonly endBy?: Date;
  /** The ids of the pipes that count; absent: every database pipe. */
  readonly pipes?: readonly string[];
}

/** A burst that has ended. */
export interface LastBurst {
  /** Cores per replica during the burst. */
  readonly cores: number;
  /** ISO 8601: when the burst was decided. */
  readonly from: string;
  /** ISO 8601: when the `up` that ended the burst saw the steady size. */
  readonly to: string;
}

/** A database pipe as far as the decision looks at it. */
export interface ObservedPipe {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly replicationMode?: string | undefined;
}

/** What an earlier decision came to. */
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
  /** What an earlier decision came to; absent for a new resource. */
  readonly previous?: PreviousDecision | undefined;
}

export interface Decision {
  readonly cores: number;
  readonly phase: Phase;
  /** With absolute times only: a text that changes by itself would make a difference of every output. */
  readonly reason: string;
}

/** The size that a service with a burst for its initial load is to have now. */
export function decide(circumstances: DecisionInput): Decision {
  const { steadyCores, burst, now, pipes, previous } = circumstances;
  if (burst.endBy !== undefined && burst.endBy <= now)
    return decideAfterEnd(steadyCores, burst.endBy, previous?.phase);
  if ("unread" in pipes) return decideWithoutPipes(circumstances, pipes.unread);

  const chosen = selectPipes(pipes, burst);
  const loading = chosen.filter(
    ({ state, replicationMode }) => classifyLoad(state, replicationMode) === "loading",
  );
  const unclear = chosen.filter(
    ({ state, replicationMode }) => classifyLoad(state, replicationMode) === "unclear",
  );
  const until = formatEnd(burst);
  if (loading.length > 0) {
    const reason = `${formatPipes(loading)} ${loading.length === 1 ? "loads" : "load"}, ${until}`;
    return { cores: burst.cores, phase: "initialLoad", reason };
  }
  if (unclear.length > 0 && wasBurst(circumstances)) {
    const reason = `the load of ${formatPipes(unclear)} may not be over (${explainStates(unclear)}), ${until}`;
    return { cores: burst.cores, phase: "initialLoad", reason };
  }
  return { cores: steadyCores, phase: "steady", reason: explainSteady(chosen, unclear) };
}

/** The pipes that count for a burst, in an order of their own. */
export function selectPipes<Pipe extends ObservedPipe>(
  pipes: readonly Pipe[],
  { pipes: ids }: Burst,
): Pipe[] {
  return pipes
    .filter(({ id }) => ids === undefined || ids.includes(id))
    .sort((a, b) => (a.name === b.name ? compare(a.id, b.id) : compare(a.name, b.name)));
}

/** Whether the service has, as far as is known, a burst's size because of an initial load. */
function wasBurst({ previous, burst, steadyCores }: DecisionInput): boolean {
  if (previous === undefined || previous.phase === "initialLoad") return previous !== undefined;
  // Where it is not known why, a program that has just begun to declare a burst is told by its size alone.
  if (previous.phase === undefined) return previous.cores === burst.cores;
  return previous.phase === "unknown" && previous.cores > steadyCores;
}

function isUndecided(phase: Phase | undefined): boolean {
  return phase === undefined || phase === "unknown";
}

/** After the end nobody asks for the pipes any more: whether they were over before is known from the state alone. */
function decideAfterEnd(cores: number, endBy: Date, before: Phase | undefined): Decision {
  const passed = `endBy ${formatUtcTime(endBy)} has passed`;
  return before === "steady"
    ? { cores, phase: "steady", reason: `the initial load was over; ${passed}` }
    : { cores, phase: "overdue", reason: `${passed}, whatever the pipes do` };
}

/** Ignorance neither grows nor shrinks anything: what applied before applies on. */
function decideWithoutPipes({ steadyCores, burst, previous }: DecisionInput, unread: string): Decision {
  const phase = "unknown";
  const because = `the pipes could not be read (${unread})`;
  if (previous === undefined) {
    const reason = `${because}: the steady size, ${burst.cores} cores where a pipe turns out to take its initial load`;
    return { cores: steadyCores, phase, reason };
  }
  const declared = previous.phase === "initialLoad" ? burst.cores : steadyCores;
  const cores = isUndecided(previous.phase) ? previous.cores : declared;
  return { cores, phase, reason: `${because}: the size stays` };
}

function explainSteady(chosen: readonly ObservedPipe[], unclear: readonly ObservedPipe[]): string {
  if (chosen.length === 0) return "the service has no database ClickPipe to load";
  if (unclear.length > 0)
    return `no pipe is seen to take its initial load; of ${formatPipes(unclear)} it is not clear (${explainStates(unclear)})`;
  return `the initial load of ${formatPipes(chosen)} is over`;
}

function formatEnd({ endBy }: Burst): string {
  return endBy === undefined ? "without endBy" : `until ${formatUtcTime(endBy)} at the latest`;
}

const MAX_NAMES = 3;

/** "orders (Snapshot), users (Setup) and 4 more". */
function formatPipes(pipes: readonly ObservedPipe[]): string {
  const names = pipes.slice(0, MAX_NAMES).map(({ name, state }) => `${name} (${state})`);
  const more = pipes.length - names.length;
  return more > 0 ? `${names.join(", ")} and ${more} more` : names.join(", ");
}

function explainStates(pipes: readonly ObservedPipe[]): string {
  const whys = pipes.map(({ state }) =>
    isDocumented(state) ? PIPE_STATES[state].why : "ClickHouse documents no such state",
  );
  return [...new Set(whys)].join("; ");
}

/** "2026-12-01T00:00Z", with seconds where there are some. */
export function formatUtcTime(time: Date): string {
  return time.toISOString().replace(/(:00)?\.000Z$/, "Z");
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
