/**
 * Behaviors of ClickHouse Cloud that its documentation leaves open and that nobody has checked on a real service. A client
 * must work with every value.
 *
 * @public
 */
export interface Guesses {
  /**
   * The size in the response to a PATCH: the one before the change, or the requested one.
   * @default "old"
   */
  readonly patchAnswers: "old" | "new";
  /**
   * What a PATCH does while another change is in progress: replace it, queue behind it, or fail with 409.
   * @default "replaces"
   */
  readonly patchDuringChange: "replaces" | "queues" | "conflicts";
  /**
   * Whether a second PATCH to the same size restarts the change.
   * @default false
   */
  readonly sameSizeRestarts: boolean;
  /**
   * The status of the scaling endpoint before the service has a database ClickPipe.
   * @default 404
   */
  readonly statusBeforeFirstPipe: 404 | 400;
  /**
   * The status of a GET of the scaling while the service is idle.
   * @default 424
   */
  readonly readWhileIdle: 424 | 200;
  /**
   * Whether requests refused with 429 count towards the rate limit.
   * @default false
   */
  readonly countRefusedRequests: boolean;
  /**
   * The largest number of cores that a PATCH accepts. The documentation says 24, the newest OpenAPI document 32.
   * @default 24
   */
  readonly maxCores: 24 | 32;
  /**
   * What a change of size does, when it arrives, to the initial load of a Postgres pipe in the state Snapshot: nothing, it begins
   * anew, or the pipe fails until it is resynced. MySQL and MongoDB pipes keep no snapshot open that could be lost.
   * @default "keeps"
   */
  readonly resizeDuringSnapshot: "keeps" | "restarts" | "fails";
}

/**
 * The value that each guess has by default.
 *
 * @public
 */
export const DEFAULT_GUESSES: Guesses = {
  patchAnswers: "old",
  patchDuringChange: "replaces",
  sameSizeRestarts: false,
  statusBeforeFirstPipe: 404,
  readWhileIdle: 424,
  countRefusedRequests: false,
  maxCores: 24,
  resizeDuringSnapshot: "keeps",
};

/**
 * All values of each guess.
 *
 * @public
 */
export const GUESS_VALUES: { readonly [Name in keyof Guesses]: readonly Guesses[Name][] } = {
  patchAnswers: ["old", "new"],
  patchDuringChange: ["replaces", "queues", "conflicts"],
  sameSizeRestarts: [false, true],
  statusBeforeFirstPipe: [404, 400],
  readWhileIdle: [424, 200],
  countRefusedRequests: [false, true],
  maxCores: [24, 32],
  resizeDuringSnapshot: ["keeps", "restarts", "fails"],
};
