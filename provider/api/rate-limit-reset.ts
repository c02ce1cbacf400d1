/** The window of the documented limit: without a usable header, everything is free again after it. */
const DEFAULT_RESET_MS = 10_000;

/** No honest answer to a 10 s window asks for more; a longer one would let a wait run out unseen. */
const LONGEST_RESET_MS = 60_000;

/**
 * Milliseconds to wait after a 429, from `X-RateLimit-Reset` (seconds; what ClickHouse Cloud sends) or `Retry-After`
 * (seconds or a date, RFC 9110 section 10.2.3).
 */
export function rateLimitResetMs(headers: { get(name: string): string | null }, now: Date): number {
  const text = headers.get("x-ratelimit-reset") ?? headers.get("retry-after");
  if (text === null) return DEFAULT_RESET_MS;
  const ms = secondsMs(text) ?? dateMs(text, now);
  if (ms === undefined) return DEFAULT_RESET_MS;
  return Math.min(LONGEST_RESET_MS, Math.max(1_000, ms));
}

function secondsMs(text: string): number | undefined {
  return /^\s*\d+(\.\d+)?\s*$/.test(text) ? Number(text) * 1_000 : undefined;
}

function dateMs(text: string, now: Date): number | undefined {
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? undefined : atMs - now.getTime();
}
