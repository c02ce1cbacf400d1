/** What every error of this package tells: what was asked, what was seen, and what to do next. */
export interface ErrorFacts {
  readonly operation: string;
  readonly observed: string;
  readonly remedy: string;
  readonly requestId?: string | undefined;
}

export abstract class ClickPipesError extends Error {
  /** Stable over releases; what programs and tests tell errors apart by. */
  abstract readonly code: string;

  constructor(readonly facts: ErrorFacts) {
    const request = facts.requestId === undefined ? "" : ` (requestId ${facts.requestId})`;
    super(`${facts.operation}: ${facts.observed}${request}. ${facts.remedy}`);
    this.name = new.target.name;
  }
}

/** The API answered with a status that is not success. */
export class ApiError extends ClickPipesError {
  readonly code = "api";

  constructor(
    facts: ErrorFacts,
    readonly status: number,
  ) {
    super(facts);
  }
}

/** The service is idle, stopped or on its way: ClickPipes calls answer 424. */
export class ServiceNotAwakeError extends ClickPipesError {
  readonly code = "service-not-awake";
}

/**
 * No usable answer: the network, a time limit, or a body that is no answer of this API.
 * `outcome` tells whether the request can have taken effect.
 */
export class NoResponseError extends ClickPipesError {
  readonly code = "no-response";

  constructor(
    facts: ErrorFacts,
    readonly outcome: "not-sent" | "unknown" | "taken",
    /** Whether the same request may succeed a little later. */
    readonly transient: boolean,
  ) {
    super(facts);
  }
}

/** Keys, organization or address are missing or not usable. */
export class SettingsError extends ClickPipesError {
  readonly code = "settings";
}

/** What a program gave to a function is not what it takes. */
export class ArgumentsError extends ClickPipesError {
  readonly code = "arguments";
}

/** The scaling endpoint does not exist: the service has no database ClickPipe yet, or no longer. */
export class EndpointNotFoundError extends ClickPipesError {
  readonly code = "endpoint-not-found";
}

/** The time for the operation ran out before the wanted size was seen. */
export class TimeoutError extends ClickPipesError {
  readonly code = "timeout";
}

/** A change was sent, and another error than its time's end kept it from being waited for. */
export class InterruptedChangeError extends ClickPipesError {
  readonly code = "interrupted-change";

  constructor(cause: ClickPipesError, onItsWay: string) {
    super({ ...cause.facts, remedy: `${cause.facts.remedy}. ${onItsWay}` });
  }
}

/** The service settled at a size that this run did not ask for. */
export class ConflictingChangeError extends ClickPipesError {
  readonly code = "conflicting-change";
}

/** The CLI that started this process is gone: nothing may be sent any more. */
export class EngineGoneError extends ClickPipesError {
  readonly code = "engine-gone";

  constructor() {
    super({
      operation: "ask the Pulumi engine whether this operation is still wanted",
      observed: "the engine is gone",
      remedy: "Nothing more is sent; run `pulumi cancel` if Pulumi asks for it, then `pulumi up`",
    });
  }
}

/** Somebody ended the operation, as Ctrl-C does. */
export class CancelledError extends ClickPipesError {
  readonly code = "cancelled";
}

/** The size hangs on what could not be read, and a guess could shrink a running load. */
export class PipesUnreadableError extends ClickPipesError {
  readonly code = "pipes-unreadable";
}

/** What the engine reads as "created but failed to initialise": the resource is kept with these properties. */
export class InitializationError extends Error {
  override readonly name = "InitializationFailure";
  readonly reasons: string[];

  constructor(
    readonly id: string,
    readonly properties: Readonly<Record<string, unknown>>,
    override readonly cause: Error,
    /** What of the change may still happen, where the cause does not say so itself. */
    onItsWay?: string,
  ) {
    const message = onItsWay === undefined ? cause.message : `${cause.message}. ${onItsWay}`;
    super(message);
    this.reasons = [message];
  }
}

export function hasStatus(error: unknown, ...statuses: number[]): error is ApiError {
  return error instanceof ApiError && statuses.includes(error.status);
}

/** Worth asking again: an overloaded or restarting server, or an answer that never came whole. */
export function isTransient(error: unknown): error is NoResponseError | ApiError {
  if (error instanceof NoResponseError) return error.transient;
  return error instanceof ApiError && (error.status >= 500 || error.status === 408);
}

/** Whether a write that ended in this error may have taken effect all the same. */
export function mayHaveTakenEffect(error: unknown): boolean {
  if (error instanceof NoResponseError) return error.outcome !== "not-sent";
  return error instanceof ApiError && (error.status >= 500 || error.status === 408);
}
