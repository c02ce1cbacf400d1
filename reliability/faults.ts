import { DEFAULT_KEY, type Fault } from "../emulator";

const KEY_IN_BASE64 = Buffer.from(`${DEFAULT_KEY.id}:${DEFAULT_KEY.secret}`).toString("base64");

/** A reason why a request does not reach the API. */
export type UnreachableHost = "refused" | "name not found" | "certificate not trusted";

/** What the emulator does, or the host that the request is sent to instead of the emulator. */
export type FaultEffect = { readonly fault: Fault } | { readonly host: UnreachableHost };

/** One way in which a request can go wrong. */
export interface FaultKind {
  readonly name: string;
  readonly createEffect: (now: Date) => FaultEffect;
  /** Whether the operation fails at once, because a retry can't help. */
  readonly isPermanent: boolean;
  /** The same for a PATCH. Default: as for a GET. */
  readonly isPermanentForPatch?: boolean;
  /** What the client can conclude about a PATCH with this fault. */
  readonly patch: "applied" | "not applied" | "unknown";
  /** Whether the PATCH was applied, if the client can't know. */
  readonly isApplied?: boolean;
  /** The API allows no request for this time. */
  readonly retryAfterMs?: number;
  /** Whether the client must accept the response. */
  readonly isHarmless?: boolean;
}

function createFault(fault: Fault) {
  return () => ({ fault });
}

function createStatus(code: number, rest: Partial<Extract<Fault, { kind: "status" }>> = {}) {
  return createFault({ kind: "status", status: code, ...rest });
}

function rewriteBody(rewrite: (body: string) => string) {
  return createFault({ kind: "rewrite", rewrite });
}

function redirectTo(host: UnreachableHost) {
  return () => ({ host });
}

/** A 429 with a date, which HTTP rounds to whole seconds. */
function createRetryAfterDate(inMs: number) {
  return (now: Date) => {
    const date = new Date(now.getTime() + inMs).toUTCString();
    return createStatus(429, { headers: { "Retry-After": date } })();
  };
}

/** The response with another result. */
function rewriteResult(rewrite: (result: unknown) => unknown) {
  return rewriteBody((body) => {
    const envelope = JSON.parse(body) as { result: unknown };
    return JSON.stringify({ ...envelope, result: rewrite(envelope.result) });
  });
}

/** A gateway's error page may repeat the whole request. */
const REPEATED_KEY = `Authorization: Basic ${KEY_IN_BASE64} (${DEFAULT_KEY.id}:${DEFAULT_KEY.secret})`;

const HTML = "<html><body><h1>502 Bad Gateway</h1></body></html>";

const PERMANENT = { isPermanent: true, patch: "not applied" } as const;
const TRANSIENT = { isPermanent: false, patch: "not applied" } as const;
const UNKNOWN = { isPermanent: false, patch: "unknown" } as const;
/** The client ignores the body of the response to a PATCH; status 200 means that it was applied. */
const UNREADABLE = { isPermanent: false, patch: "applied" } as const;

export const FAULT_KINDS: readonly FaultKind[] = [
  { name: "400", createEffect: createStatus(400), ...PERMANENT },
  { name: "401", createEffect: createStatus(401), ...PERMANENT },
  { name: "403", createEffect: createStatus(403), ...PERMANENT },
  { name: "404", createEffect: createStatus(404), ...PERMANENT },
  { name: "409", createEffect: createStatus(409), ...PERMANENT, isPermanentForPatch: false },
  { name: "424", createEffect: createStatus(424), ...PERMANENT },
  {
    name: "429 with X-RateLimit-Reset",
    createEffect: createStatus(429, { headers: { "X-RateLimit-Reset": "7" } }),
    retryAfterMs: 7_000,
    ...TRANSIENT,
  },
  { name: "429 without a header", createEffect: createStatus(429), retryAfterMs: 10_000, ...TRANSIENT },
  {
    name: "429 with an absurd value",
    createEffect: createStatus(429, { headers: { "X-RateLimit-Reset": "99999999999" } }),
    retryAfterMs: 60_000,
    ...TRANSIENT,
  },
  {
    name: "429 with a negative value",
    createEffect: createStatus(429, { headers: { "X-RateLimit-Reset": "-5" } }),
    retryAfterMs: 10_000,
    ...TRANSIENT,
  },
  {
    // Later than the default wait, so a client that ignores the header fails.
    name: "429 with Retry-After as a date",
    createEffect: createRetryAfterDate(25_000),
    retryAfterMs: 24_000,
    ...TRANSIENT,
  },
  {
    name: "429 with Retry-After as a past date",
    createEffect: createRetryAfterDate(-3_600_000),
    retryAfterMs: 1_000,
    ...TRANSIENT,
  },
  { name: "500", createEffect: createStatus(500), ...UNKNOWN },
  { name: "502 with an HTML page", createEffect: createStatus(502, { body: HTML }), ...UNKNOWN },
  { name: "503", createEffect: createStatus(503), ...UNKNOWN },
  { name: "504", createEffect: createStatus(504), ...UNKNOWN },
  ...[500, 502, 503, 504].map((code) => ({
    name: `${code} but applied`,
    createEffect: createStatus(code, { applied: true }),
    ...UNKNOWN,
    isApplied: true,
  })),
  { name: "connection refused", createEffect: redirectTo("refused"), ...TRANSIENT },
  { name: "name not found", createEffect: redirectTo("name not found"), ...TRANSIENT },
  { name: "certificate not trusted", createEffect: redirectTo("certificate not trusted"), ...PERMANENT },
  {
    name: "reset before a response",
    createEffect: createFault({ kind: "reset", when: "before" }),
    ...UNKNOWN,
  },
  {
    name: "reset before a response, but applied",
    createEffect: createFault({ kind: "reset", when: "before", applied: true }),
    ...UNKNOWN,
    isApplied: true,
  },
  {
    name: "reset in the middle of a response",
    createEffect: createFault({ kind: "reset", when: "middle", applied: true }),
    ...UNREADABLE,
  },
  { name: "no response", createEffect: createFault({ kind: "silence" }), ...UNKNOWN },
  {
    name: "no response, but applied",
    createEffect: createFault({ kind: "silence", applied: true }),
    ...UNKNOWN,
    isApplied: true,
  },
  {
    name: "a response that never ends",
    createEffect: createFault({ kind: "endless", applied: true }),
    ...UNREADABLE,
  },
  {
    name: "a response of 2 MiB",
    createEffect: createFault({ kind: "huge", bytes: 2 ** 21, applied: true }),
    ...UNREADABLE,
  },
  {
    name: "truncated JSON",
    createEffect: rewriteBody((body) => body.slice(0, body.length / 2)),
    ...UNREADABLE,
  },
  { name: "an empty body", createEffect: rewriteBody(() => ""), ...UNREADABLE },
  {
    name: "wrong types",
    createEffect: rewriteResult(() => ({ replicaCpuMillicores: "8", replicaMemoryGb: [] })),
    ...UNREADABLE,
  },
  { name: "missing fields", createEffect: rewriteResult(() => ({})), ...UNREADABLE },
  {
    name: "400 that repeats the key",
    createEffect: createStatus(400, { body: JSON.stringify({ error: REPEATED_KEY }) }),
    ...PERMANENT,
  },
  {
    name: "500 with a page that repeats the key",
    createEffect: createStatus(500, { body: `<html>${REPEATED_KEY}</html>` }),
    ...UNKNOWN,
  },
  {
    name: "a response with the key instead of a size",
    createEffect: rewriteResult(() => REPEATED_KEY),
    ...UNREADABLE,
  },
  {
    name: "a redirect",
    createEffect: createStatus(302, { headers: { Location: "http://127.0.0.1:9/" } }),
    ...PERMANENT,
  },
];

function addFields(result: unknown): object {
  return { ...(result as object), replicaCount: 3, extra: { deep: [1] } };
}

export const HARMLESS: FaultKind = {
  name: "unknown extra fields",
  isHarmless: true,
  createEffect: rewriteResult((result) =>
    Array.isArray(result) ? result.map(addFields) : addFields(result),
  ),
  ...UNREADABLE,
};
