import fc from "fast-check";
import type { Guesses } from "../emulator";
import { GUESS_VALUES } from "../emulator/cloud/guesses";
import type { FaultRule } from "../emulator";

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

/** One command of a user, the faults that it meets, and the pause until the next one. */
export interface Step {
  readonly command: "up" | "refresh" | "destroy";
  readonly cores: number;
  readonly limitMs: number;
  readonly faults: readonly FaultRule[];
  /** Somebody else who sets a size while the command runs. */
  readonly other: { readonly cores: number; readonly afterMs: number } | undefined;
  readonly pauseMs: number;
}

/** Undocumented behavior of the API, and how long changes take. */
export interface Unknowns {
  readonly guesses: Partial<Guesses>;
  readonly convergenceMs: number | [number, number];
  readonly randomSeed: number;
}

export const cores = fc.constantFrom(2, 8, 24);

const fault: fc.Arbitrary<FaultRule> = fc
  .record({
    method: fc.constantFrom("GET", "PATCH"),
    path: fc.constantFrom(/clickpipesCdcScaling$/, /clickpipesCdcScaling$/, /services\/[^/]*$/),
    after: fc.constantFrom(0, 0, 1, 2),
    lasting: fc.constantFrom<Pick<FaultRule, "times" | "forMs">>(
      { times: 1 },
      { times: 5 },
      { times: Infinity },
      { forMs: 30_000 },
      { forMs: 200_000 },
    ),
    status: fc.constantFrom(403, 404, 409, 424, 429, 503, 504, 504),
    isApplied: fc.boolean(),
  })
  .map(({ lasting, status, isApplied, ...where }) => ({
    ...where,
    ...lasting,
    fault: { kind: "status", status, applied: isApplied && status >= 500 },
  }));

export const step: fc.Arbitrary<Step> = fc.record({
  command: fc.constantFrom<Step["command"]>("up", "up", "up", "refresh", "destroy"),
  cores,
  limitMs: fc.constantFrom(SECOND_MS, 30 * SECOND_MS, 2 * MINUTE_MS, 20 * MINUTE_MS),
  faults: fc.array(fault, { maxLength: 2 }),
  // One such change per history of several steps is enough.
  other: fc.oneof(
    { arbitrary: fc.constant(undefined), weight: 4 },
    { arbitrary: fc.record({ cores, afterMs: fc.integer({ min: 0, max: 400_000 }) }), weight: 1 },
  ),
  pauseMs: fc.constantFrom(0, SECOND_MS, 2 * MINUTE_MS, 60 * MINUTE_MS),
});

export const unknowns: fc.Arbitrary<Unknowns> = fc.record({
  guesses: fc.record({
    patchAnswers: fc.constantFrom(...GUESS_VALUES.patchAnswers),
    patchDuringChange: fc.constantFrom(...GUESS_VALUES.patchDuringChange),
    sameSizeRestarts: fc.constantFrom(...GUESS_VALUES.sameSizeRestarts),
  }),
  convergenceMs: fc.constantFrom<Unknowns["convergenceMs"]>(5_000, 280_000, [180_000, 300_000]),
  randomSeed: fc.integer({ min: 1, max: 1_000_000 }),
});
