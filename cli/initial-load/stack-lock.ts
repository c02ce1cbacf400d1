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
