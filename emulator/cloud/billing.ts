const CORES_PER_COMPUTE_UNIT = 2;
const HOUR_MS = 3_600_000;

/** Compute units times hours from a beginning on: each begun hour at the largest size that ran in it. */
export class Billing {
  /** Of the hours that are over. */
  private unitHours = 0;
  /** The largest size of the hour that is under way. */
  private largestCoresThisHour: number;

  constructor(
    private cores: number,
    private hourStartedAtMs: number,
  ) {
    this.largestCoresThisHour = cores;
  }

  /** From then on that size runs; times never go back. */
  setCores(cores: number, fromMs: number): void {
    this.closeHours(fromMs);
    this.cores = cores;
    this.largestCoresThisHour =
      fromMs === this.hourStartedAtMs ? cores : Math.max(this.largestCoresThisHour, cores);
  }

  getComputeUnitHours(nowMs: number): number {
    this.closeHours(nowMs);
    const isBegun = nowMs > this.hourStartedAtMs;
    return this.unitHours + (isBegun ? this.largestCoresThisHour / CORES_PER_COMPUTE_UNIT : 0);
  }

  private closeHours(nowMs: number): void {
    while (this.hourStartedAtMs + HOUR_MS <= nowMs) {
      this.unitHours += this.largestCoresThisHour / CORES_PER_COMPUTE_UNIT;
      this.hourStartedAtMs += HOUR_MS;
      this.largestCoresThisHour = this.cores;
    }
  }
}
