import { Billing } from "./billing";
import type { Guesses } from "./guesses";

const GB_PER_CORE = 4;

interface Change {
  readonly cores: number;
  readonly effectiveAtMs: number;
}

/** The scaling of one service: a size, and changes that land some minutes after they were asked for. */
export class Scaling {
  private changes: Change[] = [];
  private readonly bill: Billing;

  constructor(
    private cores: number,
    nowMs: number,
  ) {
    this.bill = new Billing(cores, nowMs);
  }

  getCores(nowMs: number): number {
    for (const change of this.changes.filter(({ effectiveAtMs: landsAtMs }) => landsAtMs <= nowMs)) {
      this.applySize(change.cores, change.effectiveAtMs);
    }
    this.changes = this.changes.filter(({ effectiveAtMs: landsAtMs }) => landsAtMs > nowMs);
    return this.cores;
  }

  /** False where the change is refused because of one that is under way. */
  request(cores: number, nowMs: number, convergenceMs: number, guesses: Guesses): boolean {
    this.getCores(nowMs);
    const last = this.changes.at(-1);
    if (last !== undefined) {
      if (last.cores === cores && !guesses.sameSizeRestarts) return true;
      if (guesses.patchDuringChange === "conflicts") return false;
      if (guesses.patchDuringChange === "replaces") this.changes = [];
    }
    const beginsAtMs = this.changes.at(-1)?.effectiveAtMs ?? nowMs;
    this.changes.push({ cores, effectiveAtMs: beginsAtMs + convergenceMs });
    return true;
  }

  /** Somebody else's change, or the cloud's own: lands at the given time whatever else is under way. */
  setCores(cores: number, nowMs: number, landsAtMs: number): void {
    this.getCores(nowMs);
    this.changes.push({ cores, effectiveAtMs: landsAtMs });
    this.changes.sort((a, b) => a.effectiveAtMs - b.effectiveAtMs);
    this.getCores(nowMs);
  }

  /** Compute units times hours, each begun hour at the largest size that ran in it. */
  getBilledUnitHours(nowMs: number): number {
    this.getCores(nowMs);
    return this.bill.getComputeUnitHours(nowMs);
  }

  private applySize(cores: number, atMs: number): void {
    if (cores === this.cores) return;
    this.cores = cores;
    this.bill.setCores(cores, atMs);
  }
}

export function serializeScaling(cores: number): { replicaCpuMillicores: number; replicaMemoryGb: number } {
  return { replicaCpuMillicores: cores * 1_000, replicaMemoryGb: cores * GB_PER_CORE };
}

/** What the PATCH body is refused for; undefined where it is a legal size. */
export function validateScaling(body: unknown, maxCores: number): string | undefined {
  if (typeof body !== "object" || body === null) return "The body must be an object";
  const { replicaCpuMillicores, replicaMemoryGb } = body as Record<string, unknown>;
  if (typeof replicaCpuMillicores !== "number" || typeof replicaMemoryGb !== "number") {
    return "replicaCpuMillicores and replicaMemoryGb must be numbers";
  }
  const cores = replicaCpuMillicores / 1_000;
  if (!Number.isInteger(cores) || cores < 1 || cores > maxCores) {
    return `replicaCpuMillicores must be a multiple of 1000 from 1000 to ${maxCores * 1_000}`;
  }
  if (replicaMemoryGb !== cores * GB_PER_CORE) return `replicaMemoryGb must be ${cores * GB_PER_CORE}`;
  return undefined;
}
