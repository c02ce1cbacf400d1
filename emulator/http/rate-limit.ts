export interface RateLimit {
  readonly requests: number;
  readonly windowMs: number;
}

/** ClickHouse Cloud's documented limit for one API key. */
export const DOCUMENTED_RATE_LIMIT: RateLimit = { requests: 10, windowMs: 10_000 };

/** No more than so many requests in *any* window of that length, for each key. */
export class RateLimiter {
  private readonly requestTimesMs = new Map<string, number[]>();

  constructor(
    private readonly limit: RateLimit,
    private readonly countRefusedRequests: boolean,
  ) {}

  /** Counts a request; seconds until the next may be accepted where this one is refused. */
  countRequest(keyId: string, nowMs: number): { resetSeconds: number } | undefined {
    const recent = (this.requestTimesMs.get(keyId) ?? []).filter(
      (atMs) => atMs > nowMs - this.limit.windowMs,
    );
    const isRefused = recent.length >= this.limit.requests;
    if (!isRefused || this.countRefusedRequests) recent.push(nowMs);
    this.requestTimesMs.set(keyId, recent);
    if (!isRefused) return undefined;
    const freeAtMs = (recent.at(-this.limit.requests) ?? nowMs) + this.limit.windowMs;
    return { resetSeconds: Math.max(1, Math.ceil((freeAtMs - nowMs) / 1_000)) };
  }

  clear(): void {
    this.requestTimesMs.clear();
  }
}
