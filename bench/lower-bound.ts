import { CONFIRM_GAP_MS } from "../provider/wait/convergence";

/** ClickHouse Cloud's documented limit for one key. */
const LIMIT = { requests: 10, windowMs: 10_000 };

export interface Fleet {
  readonly services: number;
  /** The same for all services. */
  readonly convergenceMs: number;
  /**
   * Requests that each service's change takes. Default: 4, which are a read, the change, the read that shows the size and the read
   * that confirms it. 3 without the last.
   */
  readonly requestsOfEach?: 3 | 4;
}

/**
 * The least time in which a fleet can reach its size, even if a scheduler knew all convergence times and requests took no time.
 *
 * Request number r, from 1, leaves at s(r) = floor((r - 1) / 10) x 10 s at the earliest. The last of n services converges c after
 * request number 2 n and is confirmed 1 s later, and all 4 n requests have to be sent:
 *
 *     end >= s(2 n) + c + 1 s, and end >= s(4 n).
 */
export function computeLowerBoundMs({ services, convergenceMs, requestsOfEach = 4 }: Fleet): number {
  const computeSentAtMs = (request: number) => Math.floor((request - 1) / LIMIT.requests) * LIMIT.windowMs;
  const confirmMs = requestsOfEach === 4 ? CONFIRM_GAP_MS : 0;
  return Math.max(
    computeSentAtMs(requestsOfEach * services),
    computeSentAtMs(2 * services) + convergenceMs + confirmMs,
  );
}
