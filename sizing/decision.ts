/**
 * Why a service with an initial load has its size.
 *
 * @public
 */
export type Phase =
  /** With `startAhead`, no pipe has begun its initial load yet: the burst size. */
  | "prepared"
  /** A pipe is in its initial load, or the first one of the service is expected to be: the burst size. */
  | "initialLoad"
  /** No pipe is in its initial load: the steady size. */
  | "steady"
  /** `endBy` has passed, and the pipes were not known to be done before: the steady size. */
  | "overdue"
  /** The pipes could not be read: the previous size. */
  | "unknown";

export const PHASES = [
  "prepared",
  "initialLoad",
  "steady",
  "overdue",
  "unknown",
] as const satisfies readonly Phase[];

export interface Burst {
  readonly cores: number;
  /** If absent, only the end of the initial load ends the burst. */
  readonly endBy?: Date;
  /** The ids of the pipes that count. If absent, every database pipe counts. */
  readonly pipes?: readonly string[];
  /** Whether the burst starts before the pipe exists. */
  readonly startAhead?: boolean;
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
  /** The kind of database: "postgres". */
  readonly source?: string | undefined;
  readonly replicationMode?: string | undefined;
}

/** What the next decision has to remember of this one. */
export interface DecisionMemory {
  /** With `startAhead`: the sorted ids of the pipes that have not been loading since the start. */
  readonly pipesBefore?: readonly string[] | undefined;
  /** Since when the end of the burst waits for other pipes. */
  readonly heldSince?: Date | undefined;
}

/** The result of an earlier decision. */
export interface PreviousDecision extends DecisionMemory {
  readonly cores: number;
  readonly phase?: Phase | undefined;
  /** Whether it was made with `startAhead`. */
  readonly startAhead?: boolean | undefined;
}

/** Why there are no pipes to decide by: they can't be read, or the service or the pipes are unknown before the update. */
export type MissingPipes = { readonly unread: string } | { readonly unknown: string };

export interface DecisionInput {
  readonly steadyCores: number;
  readonly burst: Burst;
  readonly now: Date;
  /** All database pipes of the service, or why there are none to decide by. */
  readonly pipes: readonly ObservedPipe[] | MissingPipes;
  /** Absent for a new resource. */
  readonly previous?: PreviousDecision | undefined;
}

export interface Decision extends DecisionMemory {
  readonly cores: number;
  readonly phase: Phase;
  /** Has names of pipes, but no states and no times that pass: two previews of the same world must say the same. */
  readonly reason: string;
  /** The states of the pipes that the reason is about, for messages. */
  readonly pipeStates?: string | undefined;
  /** Whether `startAhead` came too late: a pipe was loading already. */
  readonly isTooLate?: boolean;
}
