const CORES_PER_COMPUTE_UNIT = 2;
const HOUR_MS = 3_600_000;

/** Compute units times hours from a beginning on: each begun hour at the largest size that ran in it. */
export class Bill {
  /** Of the hours that are over. */
  private unitHours = 0;
  /** The largest size of the hour that is under way. */
  private largestCores: number;

  constructor(
    private cores: number,
    private hourBeganAtMs: number,
  ) {
    this.largestCores = cores;
  }

  /** From then on that size runs; times never go back. */
  runs(cores: number, fromMs: number): void {
    this.endHours(fromMs);
    this.cores = cores;
    this.largestCores = fromMs === this.hourBeganAtMs ? cores : Math.max(this.largestCores, cores);
  }

  unitHoursAt(nowMs: number): number {
    this.endHours(nowMs);
    const isBegun = nowMs > this.hourBeganAtMs;
    return this.unitHours + (isBegun ? this.largestCores / CORES_PER_COMPUTE_UNIT : 0);
  }

  private endHours(nowMs: number): void {
    while (this.hourBeganAtMs + HOUR_MS <= nowMs) {
      this.unitHours += this.largestCores / CORES_PER_COMPUTE_UNIT;
      this.hourBeganAtMs += HOUR_MS;
      this.largestCores = this.cores;
    }
  }
}
