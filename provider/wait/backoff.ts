import type { Clock } from "./clock";

/** After a request that failed: 2 s, 4 s and so on. */
const INITIAL_BACKOFF_MS = 2_000;
const MAX_BACKOFF_MS = 30_000;

/** About a minute in all: longer, and a wrong address would look like an outage that passes. */
const MAX_TRIES = 6;

/** Doubles with each failure in a row; `chance` (0 to 1) draws it up to a quarter longer. */
export function computeBackoffMs(failures: number, chance: number): number {
  return Math.min(MAX_BACKOFF_MS, INITIAL_BACKOFF_MS * 2 ** (failures - 1)) * (1 + chance / 4);
}

/** Does the work again after each error that may pass; throws any other one, and the last. */
export async function retry<Result>(
  clock: Clock,
  signal: AbortSignal,
  mayPass: (error: unknown) => boolean,
  work: () => Promise<Result>,
): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (!mayPass(error) || tries >= MAX_TRIES) throw error;
      await clock.sleep(computeBackoffMs(tries, clock.random()), signal);
    }
  }
}
