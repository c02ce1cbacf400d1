import type { MiddlewareHandler } from "hono";
import type { Cloud } from "../cloud/cloud";
import type { Faults } from "../faults/faults";
import { injectFault, isApplied } from "../faults/inject-fault";
import type { ApiEnv } from "./api-context";
import { findOrganization, parseCredentials } from "./credentials";
import { addEntry, type Journal, type JournalEntry, type RequestListener } from "./journal";
import type { RateLimiter } from "./rate-limit";
import { parseWithoutCredentials } from "./redact-credentials";
import { respondWithError, toHttpResponse } from "./responses";

interface RecordOptions {
  readonly cloud: Cloud;
  readonly journal: Journal;
  readonly faults: Faults;
  readonly onRequest?: RequestListener | undefined;
}

/** Records each request in the journal and replaces its response if a fault hits it. */
export function recordRequests(options: RecordOptions): MiddlewareHandler<ApiEnv> {
  const { cloud, journal, faults, onRequest } = options;
  return async (context, next) => {
    const text = context.req.method === "GET" ? undefined : await context.req.text();
    const entry: JournalEntry = {
      atMs: cloud.clock.now(),
      method: context.req.method,
      path: context.req.path,
      keyId: parseCredentials(context)?.id,
      body: text === undefined ? undefined : parseWithoutCredentials(text),
      status: undefined,
    };
    addEntry(journal, entry);
    context.set("body", parseBody(text));
    onRequest?.("before", entry);
    const fault = faults.match(entry.method, entry.path, entry.atMs);
    if (fault === undefined || isApplied(fault)) await next();
    if (fault !== undefined) {
      const response = await injectFault(fault, context.env.outgoing, () => context.res);
      context.res = undefined; // Otherwise Hono copies the response, and RESPONSE_ALREADY_SENT does not survive a copy.
      context.res = response;
    }
    entry.status = context.res.headers.has("x-hono-already-sent") ? undefined : context.res.status;
    onRequest?.("after", entry);
  };
}

interface AuthenticateOptions {
  readonly cloud: Cloud;
  readonly rateLimiter?: RateLimiter | undefined;
}

/** Applies the rate limit, then looks up the organization that owns the key. Wrong keys count towards the limit too. */
export function authenticate({ cloud, rateLimiter }: AuthenticateOptions): MiddlewareHandler<ApiEnv> {
  return async (context, next) => {
    const refusal = rateLimiter?.countRequest(parseCredentials(context)?.id ?? "", cloud.clock.now());
    if (refusal !== undefined) {
      const headers = { "X-RateLimit-Reset": String(refusal.resetSeconds) };
      return toHttpResponse(respondWithError("tooManyRequests", { headers }));
    }
    const organization = findOrganization(context, cloud);
    if (organization === undefined) return toHttpResponse(respondWithError("unauthorized"));
    context.set("organization", organization);
    return next();
  };
}

function parseBody(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
