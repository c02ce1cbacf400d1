import type { MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { toHttpResponse } from "./responses";

/*
 * A web page that runs in a browser on this machine can reach loopback too. These guards keep it out, and keep any client from filling the
 * memory. Their statuses 403, 413 and 415 are the emulator's own: the real API is not known to answer so.
 */

const MAX_BODY_BYTES = 1024 * 1024;

/** Any port, because TLS, a container or a tunnel in front of the emulator has one of its own. A page can't choose the name. */
const LOOPBACK_HOST = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i;

const JSON_TYPE = /^application\/json\s*(;|$)/i;

/** Refuses other names than loopback's. A page can make its own name resolve to loopback, and would then count as same-origin. */
const refuseForeignHost: MiddlewareHandler = async (context, next) => {
  const host = context.req.header("host") ?? "";
  if (LOOPBACK_HOST.test(host)) return next();
  return refuse(
    403,
    "The emulator takes requests to 127.0.0.1, localhost or [::1] only, not to another Host",
  );
};

/** Refuses what a web page sends. Hono's `csrf` does not fit: it lets JSON and GET requests of other origins pass. */
const refuseWebPage: MiddlewareHandler = async (context, next) => {
  const origin = context.req.header("origin");
  const site = context.req.header("sec-fetch-site");
  // A browser sends "none" if a person typed the address. Requests that aren't a page's have no such header.
  const isOfPage = site !== undefined && site !== "none" && site !== "same-origin";
  if (origin === undefined && !isOfPage) return next();
  return refuse(403, "The emulator takes no requests from web pages (headers Origin, Sec-Fetch-Site)");
};

/** Refuses a body that is not JSON. A page can send other types to other origins without asking first. */
const requireJson: MiddlewareHandler = async (context, next) => {
  const { req } = context;
  const hasBody =
    Number(req.header("content-length") ?? 0) > 0 || req.header("transfer-encoding") !== undefined;
  if (!hasBody || JSON_TYPE.test(req.header("content-type") ?? "")) return next();
  return refuse(415, "The emulator takes JSON only: set the header content-type to application/json");
};

/** Refuses a body that is too long, without keeping more of it than the limit. */
const limitBody = bodyLimit({
  maxSize: MAX_BODY_BYTES,
  onError: () => refuse(413, `The emulator takes bodies of at most ${MAX_BODY_BYTES} bytes`),
});

/** What a request must pass before the emulator handles it or records it in the journal. */
export const GUARDS: readonly [MiddlewareHandler, ...MiddlewareHandler[]] = [
  refuseForeignHost,
  refuseWebPage,
  requireJson,
  limitBody,
];

function refuse(status: 403 | 413 | 415, error: string): Response {
  return toHttpResponse({ status, error });
}
