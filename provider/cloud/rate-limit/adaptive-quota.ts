/**
 * Windows of successes for one more place, close to where the last refusal came. Other processes share the key, and each attempt
 * to get more of the limit is paid for by all with refusals: tried in virtual time with 2 to 10 processes.
 */
const WINDOWS_FOR_A_PLACE_AT_THE_CEILING = 16;

/** Of the places it had, after a refusal. At a half, some of 3 to 5 processes stay at one place for minutes: tried the same way. */
const KEPT_AFTER_REFUSAL = 0.7;

/** The part of a key's limit that other machines leave to this process, as far as refusals tell: nothing else tells of them. */
export class AdaptiveQuota {
  private quota: number;
  /** The places at the last refusal; what is well below was free, and so is all above once more than that was granted. */
  private ceiling = Infinity;

  /** `places` are the whole limit. */
  constructor(private readonly maximum: number) {
    this.quota = maximum;
  }

  get current(): number {
    return this.quota;
  }

  /** So many places were too many. */
  decrease(places: number): void {
    this.ceiling = places;
    this.quota = Math.max(1, Math.floor(places * KEPT_AFTER_REFUSAL));
  }

  /** Back towards the full limit, one place for each window's worth of successes. */
  increase(): void {
    // Whole places: with 2.1 at the last refusal, 1.0 would else grow at once to the 2 that were refused, over and over.
    const isWellBelow = Math.floor(this.quota) + 1 < Math.floor(this.ceiling);
    const windows = isWellBelow ? 1 : WINDOWS_FOR_A_PLACE_AT_THE_CEILING;
    this.quota = Math.min(this.maximum, this.quota + 1 / this.quota / windows);
    if (this.quota > this.ceiling + 1) this.ceiling = Infinity;
  }
}
