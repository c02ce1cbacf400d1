import type { Clock } from "./clock";

/** The delay after the first failed request. It doubles with each further one. */
const INITIAL_BACKOFF_MS = 2_000;
const MAX_BACKOFF_MS = 30_000;

/** About a minute in total. If it took longer, a wrong address would look like an outage. */
const MAX_TRIES = 6;

/** The delay after a number of failures in a row. `chance` (0 to 1) makes it up to a quarter longer. */
export function computeBackoffMs(failures: number, chance: number): number {
  return Math.min(MAX_BACKOFF_MS, INITIAL_BACKOFF_MS * 2 ** (failures - 1)) * (1 + chance / 4);
}

/** Retries the work after transient errors. Throws any other error, and the last one. */
export async function retry<Result>(
  clock: Clock,
  signal: AbortSignal,
  isRetryable: (error: unknown) => boolean,
  work: () => Promise<Result>,
): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (!isRetryable(error) || tries >= MAX_TRIES) throw error;
      await clock.sleep(computeBackoffMs(tries, clock.random()), signal);
    }
  }
}
