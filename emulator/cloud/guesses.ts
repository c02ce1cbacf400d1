/** What nobody has checked on a real service: each can be set either way, and a client must get along with both. */
export interface Guesses {
  /** What PATCH of the scaling answers: the size from before, or the one asked for. Default: old. */
  readonly patchAnswers: "old" | "new";
  /**
   * What a PATCH does while another change is under way: take its place, wait for it and land after it, or be refused with
   * 409. Default: replaces.
   */
  readonly patchDuringChange: "replaces" | "queues" | "conflicts";
  /** Whether asking for the same size again begins its convergence anew. Default: false. */
  readonly sameSizeRestarts: boolean;
  /** The status of the scaling endpoint before the first database ClickPipe. Default: 404. */
  readonly statusBeforeFirstPipe: 404 | 400;
  /** Whether the scaling can be read while the service is idle; default: 424. */
  readonly readWhileIdle: 424 | 200;
  /** Whether refused requests count towards the rate limit. Default: false. */
  readonly countRefusedRequests: boolean;
  /** The largest size; the documentation says 24, the newest OpenAPI document 32. Default: 24. */
  readonly maxCores: 24 | 32;
}

export const DEFAULT_GUESSES: Guesses = {
  patchAnswers: "old",
  patchDuringChange: "replaces",
  sameSizeRestarts: false,
  statusBeforeFirstPipe: 404,
  readWhileIdle: 424,
  countRefusedRequests: false,
  maxCores: 24,
};

/** Every value that each guess can take. */
export const GUESS_VALUES: { readonly [Name in keyof Guesses]: readonly Guesses[Name][] } = {
  patchAnswers: ["old", "new"],
  patchDuringChange: ["replaces", "queues", "conflicts"],
  sameSizeRestarts: [false, true],
  statusBeforeFirstPipe: [404, 400],
  readWhileIdle: [424, 200],
  countRefusedRequests: [false, true],
  maxCores: [24, 32],
};
