/** Every code that an error of this package has, with the class of the error. docs/errors.md has a row for each. */
export const ERROR_CODES = [
  // SettingsError
  "missing-key",
  "invalid-key-id",
  "invalid-organization",
  "organization-not-unique",
  "invalid-api-url",
  "key-from-elsewhere",
  "invalid-price",
  "price-too-low",
  "invalid-proxy",
  "invalid-id",
  "damaged-state",
  // ArgumentsError
  "invalid-arguments",
  // ApiError
  "bad-request",
  "unauthorized",
  "forbidden",
  "not-found",
  "conflict",
  "redirected",
  "server-error",
  "unexpected-status",
  // ServiceNotAwakeError
  "service-not-awake",
  "service-stopped",
  // NoResponseError
  "no-response",
  "invalid-response",
  "certificate-not-trusted",
  "proxy-authentication",
  "proxy-refused",
  "change-withheld",
  // One class each
  "endpoint-not-found",
  "timeout",
  "interrupted-change",
  "conflicting-change",
  "pipes-unreadable",
  "engine-gone",
  "canceled",
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

type NoResponseErrorCode = Extract<
  ErrorCode,
  "no-response" | "invalid-response" | "certificate-not-trusted" | `proxy-${string}` | "change-withheld"
>;

export type OperationKind = "create" | "read" | "update" | "delete";

/** What an error tells: what was attempted and what was observed. What to do next depends on the front: see remedies.ts. */
export interface ErrorFacts extends ErrorDetails {
  /** What was attempted, as a gerund: "reading the size of service X". */
  readonly operation: string;
  /** What was observed, without a final period. */
  readonly observed: string;
  /** The HTTP status, if the API responded with one. */
  readonly status?: number | undefined;
  /** The API's id of the response, for ClickHouse's support. */
  readonly requestId?: string | undefined;
  readonly cause?: unknown;
}

/** What a remedy names. Never secret. */
export interface ErrorDetails {
  /** The operation of the resource that failed: it tells which command to run again. */
  readonly kind?: OperationKind | undefined;
  /** The size that a change was sent for and that may still arrive, such as "8 cores (32 GB)". */
  readonly pendingSize?: string | undefined;
  /** Where the API key was found. */
  readonly key?: { readonly source: string; readonly isFromConfig: boolean } | undefined;
  /** The API's address. */
  readonly apiUrl?: URL | undefined;
  /** Whether another client used up the rate limit of the key. */
  readonly isKeyShared?: boolean | undefined;
}

export abstract class ClickPipesError extends Error {
  /** The HTTP status, if the API responded with one. */
  readonly status: number | undefined;
  readonly requestId: string | undefined;

  constructor(
    /** Stable over releases: what programs tell errors apart by. */
    readonly code: ErrorCode,
    readonly facts: ErrorFacts,
    /** What was attempted and what was observed. The message may also say what to do next. */
    readonly summary = `${capitalize(facts.operation)} failed: ${facts.observed}${formatRequestId(facts)}.`,
  ) {
    super(summary, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = new.target.name;
    this.status = facts.status;
    this.requestId = facts.requestId;
  }
}

/** A setting (key, organization, address, price, proxy) or the stored state is missing or invalid. */
export class SettingsError extends ClickPipesError {}

/** A function got arguments that it doesn't take. */
export class ArgumentsError extends ClickPipesError {
  constructor(facts: ErrorFacts) {
    super("invalid-arguments", facts);
  }
}

/** The API responded with a status that is not success. */
export class ApiError extends ClickPipesError {
  declare readonly status: number;

  constructor(facts: ErrorFacts & { readonly status: number }) {
    super(classifyStatus(facts.status), facts);
  }
}

/** The service is idle or stopped: ClickPipes calls respond with 424. */
export class ServiceNotAwakeError extends ClickPipesError {
  constructor(facts: ErrorFacts, code: "service-not-awake" | "service-stopped" = "service-not-awake") {
    super(code, facts);
  }
}

/**
 * No usable response: the network, a timeout, or a body that the API doesn't document.
 * `outcome` tells whether the request may have taken effect.
 */
export class NoResponseError extends ClickPipesError {
  constructor(
    code: NoResponseErrorCode,
    facts: ErrorFacts,
    readonly outcome: "not-sent" | "unknown" | "taken",
    /** Whether the same request may succeed a little later. */
    readonly isTransient: boolean,
  ) {
    super(code, facts);
  }
}

/** The scaling endpoint does not exist: the service has no database ClickPipe yet, or no longer. */
export class EndpointNotFoundError extends ClickPipesError {
  constructor(facts: ErrorFacts) {
    super("endpoint-not-found", facts);
  }
}

/** The time for the operation ran out before the wanted size was observed. */
export class TimeoutError extends ClickPipesError {
  /** @param time - how long the operation took, such as "20m of 20m". */
  constructor(facts: ErrorFacts, time: string) {
    super("timeout", facts, `Timed out after ${time} while ${facts.operation}. ${facts.observed}.`);
  }
}

/** A change was sent, and another error than a timeout ended the wait for it. */
export class InterruptedChangeError extends ClickPipesError {
  constructor(
    override readonly cause: ClickPipesError,
    pending: PendingChange,
  ) {
    super("interrupted-change", { ...cause.facts, ...pending, cause }, cause.summary);
  }
}

/** A change that was sent and may still arrive. */
export type PendingChange = Required<Pick<ErrorDetails, "kind" | "pendingSize">>;

/** The service settled at a size that this run did not ask for. */
export class ConflictingChangeError extends ClickPipesError {
  constructor(facts: ErrorFacts) {
    super("conflicting-change", facts);
  }
}

/** The right size depends on pipes that could not be read, and a guess could shrink a running load. */
export class PipesUnreadableError extends ClickPipesError {
  constructor(facts: ErrorFacts) {
    super("pipes-unreadable", facts);
  }
}

/** The CLI that started this process has exited: nothing may be sent any more. */
export class EngineGoneError extends ClickPipesError {
  constructor() {
    super("engine-gone", {
      operation: "checking that the Pulumi engine still runs",
      observed: "the engine has exited",
    });
  }
}

/** Somebody ended the operation, for example with Ctrl-C. */
export class CanceledError extends ClickPipesError {
  constructor(facts: ErrorFacts) {
    super("canceled", facts, `Canceled while ${facts.operation}: ${facts.observed}.`);
  }
}

/** The resource exists, but its operation failed: the engine keeps it with these properties. */
export class InitializationError extends Error {
  override readonly name = "InitializationFailure";
  /** What the engine shows. A front sets it. */
  reasons: string[];

  constructor(
    readonly id: string,
    readonly properties: Readonly<Record<string, unknown>>,
    override readonly cause: Error,
  ) {
    super(cause.message);
    this.reasons = [cause.message];
  }
}

export function hasStatus(error: unknown, ...statuses: number[]): error is ApiError {
  return error instanceof ApiError && statuses.includes(error.status);
}

/** Whether a retry may succeed: the server is overloaded or restarts, or its response never arrived whole. */
export function isTransient(error: unknown): error is NoResponseError | ApiError {
  if (error instanceof NoResponseError) return error.isTransient;
  return error instanceof ApiError && (error.status >= 500 || error.status === 408);
}

/** Whether a write that ended in this error may have taken effect all the same. */
export function mayHaveTakenEffect(error: unknown): boolean {
  if (error instanceof NoResponseError) return error.outcome !== "not-sent";
  return error instanceof ApiError && (error.status >= 500 || error.status === 408);
}

function classifyStatus(status: number): ErrorCode {
  if (status >= 500) return "server-error";
  if (status >= 300 && status < 400) return "redirected";
  return CODES_BY_STATUS[status] ?? "unexpected-status";
}

const CODES_BY_STATUS: Readonly<Partial<Record<number, ErrorCode>>> = {
  400: "bad-request",
  401: "unauthorized",
  403: "forbidden",
  404: "not-found",
  409: "conflict",
};

export function formatRequestId({ requestId }: { readonly requestId?: string | undefined }): string {
  return requestId === undefined ? "" : ` (request ID ${requestId})`;
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
