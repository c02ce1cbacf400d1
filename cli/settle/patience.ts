import type { Clock } from "../../provider/wait/clock";

/** Another command works on the stack, or was killed while it did. */
export class LockedError extends Error {}

export interface Patient {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  say(text: string): void;
}

/** An `up` of this package's resources alone takes no longer, where nobody sets longer `customTimeouts`. */
const LOCKED_FOR_MS = 35 * 60_000;
const LOOK_AGAIN_MS = 5_000;

/** After an `up` that failed while a burst runs: the bill runs on, so it is tried again and again. */
const FIRST_RETRY_MS = 30_000;
const LONGEST_RETRY_MS = 10 * 60_000;
const MOST_TRIES = 12;

/** Waits, where another command works on the stack, until it has ended. */
export async function unlocked(on: Patient, work: () => Promise<void>): Promise<void> {
  const { clock, signal } = on;
  const endsAtMs = clock.nowMs() + LOCKED_FOR_MS;
  for (let hasSaid = false; ; hasSaid = true) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof LockedError) || clock.nowMs() > endsAtMs) throw error;
      if (!hasSaid) {
        on.say(`${error.message}\nWaiting for it. Where it was killed, run \`pulumi cancel\` beside this.`);
      }
      await clock.sleep(LOOK_AGAIN_MS, signal);
    }
  }
}

/** Does again what failed, after a pause that grows. */
export async function persistently(on: Patient, work: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await unlocked(on, work);
    } catch (error) {
      if (on.signal.aborted || tries >= MOST_TRIES) throw error;
      const pauseMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (tries - 1));
      on.say(`\`pulumi up\` failed: ${(error as Error).message}\nTrying again in ${pauseMs / 1_000} s.`);
      await on.clock.sleep(pauseMs, on.signal);
    }
  }
}
