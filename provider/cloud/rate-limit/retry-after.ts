/** The window of the documented limit: after it the whole limit is free again. */
const DEFAULT_RESET_MS = 10_000;

/** A window of 10 s can't require more. A longer delay would use up the timeout of an operation without a read. */
const MAX_RESET_MS = 60_000;

/**
 * Milliseconds to wait after a 429, from `X-RateLimit-Reset` (seconds; what ClickHouse Cloud sends) or `Retry-After`
 * (seconds or a date, RFC 9110 section 10.2.3).
 */
export function parseRetryAfterMs(headers: { get(name: string): string | null }, now: Date): number {
  const given = ["x-ratelimit-reset", "retry-after"].map((name) => headers.get(name) ?? "");
  const ms = given
    .map((text) => parseSecondsMs(text) ?? parseDateMs(text, now))
    .find((usable) => usable !== undefined);
  if (ms === undefined) return DEFAULT_RESET_MS;
  return Math.min(MAX_RESET_MS, Math.max(1_000, ms));
}

function parseSecondsMs(text: string): number | undefined {
  return /^\s*\d+(\.\d+)?\s*$/.test(text) ? Number(text) * 1_000 : undefined;
}

function parseDateMs(text: string, now: Date): number | undefined {
  // A date begins with its weekday's or, in ISO form, the year's digits; Node reads "-5" as a date too.
  const atMs = /^\s*-?\d{1,3}\b/.test(text) ? NaN : Date.parse(text);
  return Number.isNaN(atMs) ? undefined : atMs - now.getTime();
}
