const CORES_PER_COMPUTE_UNIT = 2;
const HOUR_MS = 3_600_000;

/** Counts compute unit hours. Every hour is billed whole, at the largest size that ran in it. */
export class Billing {
  /** Unit hours of the hours that are over. */
  private unitHours = 0;
  private largestCoresThisHour: number;

  constructor(
    private cores: number,
    private hourStartedAtMs: number,
  ) {
    this.largestCoresThisHour = cores;
  }

  /** Records that a size runs from `fromMs` on. Calls must come in the order of time. */
  setCores(cores: number, fromMs: number): void {
    this.closeHours(fromMs);
    this.cores = cores;
    this.largestCoresThisHour =
      fromMs === this.hourStartedAtMs ? cores : Math.max(this.largestCoresThisHour, cores);
  }

  /** Returns the unit hours billed up to `nowMs`, including the hour under way. */
  getComputeUnitHours(nowMs: number): number {
    this.closeHours(nowMs);
    const hasHourStarted = nowMs > this.hourStartedAtMs;
    return this.unitHours + (hasHourStarted ? this.largestCoresThisHour / CORES_PER_COMPUTE_UNIT : 0);
  }

  private closeHours(nowMs: number): void {
    while (this.hourStartedAtMs + HOUR_MS <= nowMs) {
      this.unitHours += this.largestCoresThisHour / CORES_PER_COMPUTE_UNIT;
      this.hourStartedAtMs += HOUR_MS;
      this.largestCoresThisHour = this.cores;
    }
  }
}
