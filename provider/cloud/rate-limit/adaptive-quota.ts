/**
 * How many windows without a refusal add one request per window close to the ceiling. Other processes share the key, and each attempt
 * to get more of the limit costs all of them refusals. Tried in virtual time with 2 to 10 processes.
 */
const WINDOWS_PER_STEP_AT_CEILING = 16;

/** The share of the quota that remains after a refusal. With a half, some of 3 to 5 processes keep a quota of 1 for minutes: tried the same way. */
const KEPT_AFTER_REFUSAL = 0.7;

/**
 * How many requests per window this process may send, because other processes use the key too: additive increase, multiplicative
 * decrease (AIMD) with a remembered ceiling. Refusals are the only sign of the others.
 */
export class AdaptiveQuota {
  private quota: number;
  /** The quota at the last refusal. Well below it, growth is fast; once the quota has passed it, the ceiling is forgotten. */
  private ceiling = Infinity;

  constructor(private readonly maximum: number) {
    this.quota = maximum;
  }

  get current(): number {
    return this.quota;
  }

  /** A quota of this many requests was refused. */
  decrease(refused: number): void {
    this.ceiling = refused;
    this.quota = Math.max(1, Math.floor(refused * KEPT_AFTER_REFUSAL));
  }

  /** Grows towards the full limit, by one request for each window without a refusal. */
  increase(): void {
    // Compares whole requests. Otherwise a quota of 1.0 below a ceiling of 2.1 would grow at once to the 2 that were refused, repeatedly.
    const isWellBelow = Math.floor(this.quota) + 1 < Math.floor(this.ceiling);
    const windows = isWellBelow ? 1 : WINDOWS_PER_STEP_AT_CEILING;
    this.quota = Math.min(this.maximum, this.quota + 1 / this.quota / windows);
    if (this.quota > this.ceiling + 1) this.ceiling = Infinity;
  }
}
