/**
 * Windows of successes for one more place, close to where the last refusal came. Other processes share the key, and each attempt
 * to get more of the limit is paid for by all with refusals: tried in virtual time with 2 to 10 processes.
 */
const WINDOWS_FOR_A_PLACE_AT_THE_CEILING = 16;

/** Of the places it had, after a refusal. At a half, some of 3 to 5 processes stay at one place for minutes: tried the same way. */
const KEPT_AFTER_REFUSAL = 0.7;

/** The part of a key's limit that other machines leave to this process, as far as refusals tell: nothing else tells of them. */
export class LearnedPart {
  private part: number;
  /** The places at the last refusal; what is well below was free, and so is all above once more than that was granted. */
  private ceiling = Infinity;

  /** `places` are the whole limit. */
  constructor(private readonly places: number) {
    this.part = places;
  }

  get size(): number {
    return this.part;
  }

  /** So many places were too many. */
  refused(places: number): void {
    this.ceiling = places;
    this.part = Math.max(1, Math.floor(places * KEPT_AFTER_REFUSAL));
  }

  /** Back towards the full limit, one place for each window's worth of successes. */
  accepted(): void {
    // Whole places: with 2.1 at the last refusal, 1.0 would else grow at once to the 2 that were refused, over and over.
    const isWellBelow = Math.floor(this.part) + 1 < Math.floor(this.ceiling);
    const windows = isWellBelow ? 1 : WINDOWS_FOR_A_PLACE_AT_THE_CEILING;
    this.part = Math.min(this.places, this.part + 1 / this.part / windows);
    if (this.part > this.ceiling + 1) this.ceiling = Infinity;
  }
}
