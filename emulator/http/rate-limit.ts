/**
 * How many requests an API key may send in any window of this length.
 *
 * @public
 */
export interface RateLimit {
  /** How many requests a window allows. */
  readonly requests: number;
  /** The length of a window in milliseconds. */
  readonly windowMs: number;
}

/**
 * ClickHouse Cloud's documented limit for one API key: 10 requests in 10 seconds.
 *
 * @public
 */
export const DOCUMENTED_RATE_LIMIT: RateLimit = { requests: 10, windowMs: 10_000 };

/** Limits the requests of each key in every sliding window. */
export class RateLimiter {
  private readonly requestTimesMs = new Map<string, number[]>();

  constructor(
    private readonly limit: RateLimit,
    private readonly countRefusedRequests: boolean,
  ) {}

  /** Counts a request. If it is refused, returns in how many seconds the next one may be accepted. */
  countRequest(keyId: string, nowMs: number): { resetSeconds: number } | undefined {
    const { requests, windowMs } = this.limit;
    const recent = (this.requestTimesMs.get(keyId) ?? []).filter((atMs) => atMs > nowMs - windowMs);
    const isRefused = recent.length >= requests;
    if (!isRefused || this.countRefusedRequests) recent.push(nowMs);
    this.requestTimesMs.set(keyId, recent);
    if (!isRefused) return undefined;
    const freeAtMs = (recent.at(-requests) ?? nowMs) + windowMs;
    return { resetSeconds: Math.max(1, Math.ceil((freeAtMs - nowMs) / 1_000)) };
  }

  clear(): void {
    this.requestTimesMs.clear();
  }
}
