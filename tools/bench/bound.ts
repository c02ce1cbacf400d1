import { DOCUMENTED_LIMIT, type RateLimit } from "../../emulator";

/** What one change of size takes: the read before it, the change, the read that shows it, and the read that confirms that. */
const REQUESTS_BEFORE_CONVERGENCE = 2;
const READS_AFTER_CONVERGENCE = 2;

export interface Fleet {
  readonly services: number;
  readonly convergenceMs: number;
  /** Reads that each service takes once it has converged. Default: 2, the one that shows the size and the one that confirms it. */
  readonly readsAfter?: number;
  readonly limit?: RateLimit;
}

/**
 * No scheduler ends sooner, not even one that knows when each service will have converged, has no other cost, and whose requests
 * take no time.
 *
 * Request number r (from 0) leaves at s(r) = floor(r / 10) x 10 s at the earliest. Whichever service is the j-th to be changed, 2 j - 1
 * requests left before its change: it converges at s(2 j - 1) + c at the earliest, and so do all that are changed after it. Their
 * 2 (n - j + 1) reads take s(2 (n - j + 1) - 1) from then on. So for each j from 1 to n
 *
 *     end >= s(2 j - 1) + c + s(2 (n - j + 1) - 1), and end >= s(4 n - 1) for all requests together.
 */
export function lowerBoundMs(fleet: Fleet): number {
  const { services, convergenceMs, readsAfter = READS_AFTER_CONVERGENCE, limit = DOCUMENTED_LIMIT } = fleet;
  const leavesAtMs = (request: number) => Math.floor(request / limit.requests) * limit.windowMs;
  let boundMs = leavesAtMs(services * (REQUESTS_BEFORE_CONVERGENCE + readsAfter) - 1);
  for (let changed = 1; changed <= services; changed++) {
    const convergedAtMs = leavesAtMs(changed * REQUESTS_BEFORE_CONVERGENCE - 1) + convergenceMs;
    const left = services - changed + 1;
    boundMs = Math.max(boundMs, convergedAtMs + leavesAtMs(left * readsAfter - 1));
  }
  return boundMs;
}
