import { CONFIRM_GAP_MS } from "../provider/wait/convergence";

/** ClickHouse Cloud's limit for each API key. */
const LIMIT = { requests: 10, windowMs: 10_000 };

export interface Fleet {
  readonly services: number;
  /** The same for all. */
  readonly convergenceMs: number;
  /**
   * What each service's change takes. Default: 4, a read, the change, the read that shows the size and the one that confirms it; 3
   * without the last.
   */
  readonly requestsOfEach?: 3 | 4;
}

/**
 * No scheduler ends sooner, not even one that knows when each service will have converged, and whose requests take no time.
 *
 * Request number r, from 1, leaves at s(r) = floor((r - 1) / 10) x 10 s at the earliest. The last service to be changed converges c after
 * the request number 2 n, with a second from the read that shows it to the one that confirms it; and all 4 n requests have to leave:
 *
 *     end >= s(2 n) + c + 1 s, and end >= s(4 n).
 */
export function lowerBoundMs({ services, convergenceMs, requestsOfEach = 4 }: Fleet): number {
  const confirmMs = requestsOfEach === 4 ? CONFIRM_GAP_MS : 0;
  const earliestMs = (request: number) => Math.floor((request - 1) / LIMIT.requests) * LIMIT.windowMs;
  return Math.max(
    earliestMs(requestsOfEach * services),
    earliestMs(2 * services) + convergenceMs + confirmMs,
  );
}
