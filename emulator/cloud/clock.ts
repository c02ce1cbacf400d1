/**
 * The emulator's only source of time. It never sleeps, so a test can drive it with a clock that jumps.
 *
 * @public
 */
export interface EmulatorClock {
  /** Returns the current time in milliseconds since 1970. */
  now(): number;
}

export const wallClock: EmulatorClock = { now: () => Date.now() };
