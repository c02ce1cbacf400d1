import { DEFAULT_KEY, type Fault } from "../emulator";

const KEY_IN_BASE64 = Buffer.from(`${DEFAULT_KEY.id}:${DEFAULT_KEY.secret}`).toString("base64");

/** What goes wrong on the way, before a request has reached the API. */
export type UnreachableHost = "refused" | "name not found" | "certificate not trusted";

export type Happening = { readonly fault: Fault } | { readonly host: UnreachableHost };

/** One way in which a request can go wrong. */
export interface Misfortune {
  readonly name: string;
  /** At that time of the calendar. */
  readonly happens: (now: Date) => Happening;
  /** Whether the operation ends at once, because trying again would not help. For a GET; PATCH where it differs. */
  readonly isFinal: boolean;
  readonly isFinalForPatch?: boolean;
  /** What a PATCH that ends so has done: was it taken, for certain not, or can nobody tell. */
  readonly patch: "taken" | "not taken" | "unknown";
  /** Whether it was applied all the same, where nobody can tell from the answer. */
  readonly isApplied?: boolean;
  /** For how long nothing may be sent afterwards. */
  readonly quietMs?: number;
  /** Whether a client is not to notice it at all. */
  readonly isHarmless?: boolean;
}

function fault(what: Fault) {
  return () => ({ fault: what });
}

function status(code: number, rest: Partial<Extract<Fault, { kind: "status" }>> = {}) {
  return fault({ kind: "status", status: code, ...rest });
}

function rewritten(rewrite: (body: string) => string) {
  return fault({ kind: "rewrite", rewrite });
}

function host(where: UnreachableHost) {
  return () => ({ host: where });
}

/** HTTP's dates are whole seconds. */
function retryAfterDate(inMs: number) {
  return (now: Date) => {
    const date = new Date(now.getTime() + inMs).toUTCString();
    return status(429, { headers: { "Retry-After": date } })();
  };
}

/** The answer with another result. */
function withResult(result: (was: unknown) => unknown) {
  return rewritten((body) => {
    const envelope = JSON.parse(body) as { result: unknown };
    return JSON.stringify({ ...envelope, result: result(envelope.result) });
  });
}

/** As a gateway's page for support has it: all that was sent. */
const REPEATED = `Authorization: Basic ${KEY_IN_BASE64} (${DEFAULT_KEY.id}:${DEFAULT_KEY.secret})`;

const HTML = "<html><body><h1>502 Bad Gateway</h1></body></html>";

const FINAL = { isFinal: true, patch: "not taken" } as const;
const PASSING = { isFinal: false, patch: "not taken" } as const;
const UNKNOWN = { isFinal: false, patch: "unknown" } as const;
/** A PATCH's answer is ignored: with status 200 it was taken. */
const UNREADABLE = { isFinal: false, patch: "taken" } as const;

export const MISFORTUNES: readonly Misfortune[] = [
  { name: "400", happens: status(400), ...FINAL },
  { name: "401", happens: status(401), ...FINAL },
  { name: "403", happens: status(403), ...FINAL },
  { name: "404", happens: status(404), ...FINAL },
  { name: "409", happens: status(409), ...FINAL, isFinalForPatch: false },
  { name: "424", happens: status(424), ...FINAL },
  {
    name: "429 with X-RateLimit-Reset",
    happens: status(429, { headers: { "X-RateLimit-Reset": "7" } }),
    quietMs: 7_000,
    ...PASSING,
  },
  { name: "429 without a header", happens: status(429), quietMs: 10_000, ...PASSING },
  {
    name: "429 with an absurd value",
    happens: status(429, { headers: { "X-RateLimit-Reset": "99999999999" } }),
    quietMs: 60_000,
    ...PASSING,
  },
  {
    name: "429 with a negative value",
    happens: status(429, { headers: { "X-RateLimit-Reset": "-5" } }),
    quietMs: 10_000,
    ...PASSING,
  },
  {
    // Further ahead than the wait where nothing is said, so that it is seen to be read.
    name: "429 with Retry-After as a date",
    happens: retryAfterDate(25_000),
    quietMs: 24_000,
    ...PASSING,
  },
  {
    name: "429 with Retry-After as a date that is over",
    happens: retryAfterDate(-3_600_000),
    quietMs: 1_000,
    ...PASSING,
  },
  { name: "500", happens: status(500), ...UNKNOWN },
  { name: "502 with an HTML page", happens: status(502, { body: HTML }), ...UNKNOWN },
  { name: "503", happens: status(503), ...UNKNOWN },
  { name: "504", happens: status(504), ...UNKNOWN },
  ...[500, 502, 503, 504].map((code) => ({
    name: `${code} although applied`,
    happens: status(code, { applied: true }),
    ...UNKNOWN,
    isApplied: true,
  })),
  { name: "connection refused", happens: host("refused"), ...PASSING },
  { name: "name not found", happens: host("name not found"), ...PASSING },
  { name: "certificate not trusted", happens: host("certificate not trusted"), ...FINAL },
  { name: "reset before an answer", happens: fault({ kind: "reset", when: "before" }), ...UNKNOWN },
  {
    name: "reset before an answer, although applied",
    happens: fault({ kind: "reset", when: "before", applied: true }),
    ...UNKNOWN,
    isApplied: true,
  },
  {
    name: "reset in the middle of an answer",
    happens: fault({ kind: "reset", when: "middle", applied: true }),
    ...UNREADABLE,
  },
  { name: "no answer ever", happens: fault({ kind: "silence" }), ...UNKNOWN },
  {
    name: "no answer ever, although applied",
    happens: fault({ kind: "silence", applied: true }),
    ...UNKNOWN,
    isApplied: true,
  },
  {
    name: "an answer that never ends",
    happens: fault({ kind: "endless", applied: true }),
    ...UNREADABLE,
  },
  {
    name: "an answer of 2 MiB",
    happens: fault({ kind: "huge", bytes: 2 ** 21, applied: true }),
    ...UNREADABLE,
  },
  { name: "JSON cut short", happens: rewritten((body) => body.slice(0, body.length / 2)), ...UNREADABLE },
  { name: "an empty body", happens: rewritten(() => ""), ...UNREADABLE },
  {
    name: "wrong types",
    happens: withResult(() => ({ replicaCpuMillicores: "8", replicaMemoryGb: [] })),
    ...UNREADABLE,
  },
  { name: "missing fields", happens: withResult(() => ({})), ...UNREADABLE },
  {
    name: "400 that repeats the key",
    happens: status(400, { body: JSON.stringify({ error: REPEATED }) }),
    ...FINAL,
  },
  {
    name: "500 with a page that repeats the key",
    happens: status(500, { body: `<html>${REPEATED}</html>` }),
    ...UNKNOWN,
  },
  {
    name: "an answer that repeats the key in place of a size",
    happens: withResult(() => REPEATED),
    ...UNREADABLE,
  },
  { name: "a redirect", happens: status(302, { headers: { Location: "http://127.0.0.1:9/" } }), ...FINAL },
];

function withMore(was: unknown): object {
  return { ...(was as object), replicaCount: 3, extra: { deep: [1] } };
}

export const HARMLESS: Misfortune = {
  name: "unknown extra fields",
  isHarmless: true,
  happens: withResult((was) => (Array.isArray(was) ? was.map(withMore) : withMore(was))),
  ...UNREADABLE,
};
