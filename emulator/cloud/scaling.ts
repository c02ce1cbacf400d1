import { Billing } from "./billing";
import type { Guesses } from "./guesses";

interface SizeChange {
  readonly cores: number;
  readonly effectiveAtMs: number;
}

/**
 * The size of one service's ClickPipes. A change takes effect some minutes after its request.
 *
 * @public
 */
export class Scaling {
  private changes: SizeChange[] = [];
  private readonly resizedAtMs: number[] = [];
  private readonly billing: Billing;

  constructor(
    private cores: number,
    nowMs: number,
  ) {
    this.billing = new Billing(cores, nowMs);
  }

  /** Returns the cores per replica that run at `nowMs`. */
  getCores(nowMs: number): number {
    for (const change of this.changes.filter(({ effectiveAtMs }) => effectiveAtMs <= nowMs)) {
      this.applySize(change.cores, change.effectiveAtMs);
    }
    this.changes = this.changes.filter(({ effectiveAtMs }) => effectiveAtMs > nowMs);
    return this.cores;
  }

  /** Handles a PATCH. Returns false if it is refused because another change is in progress. */
  request(cores: number, nowMs: number, convergenceMs: number, guesses: Guesses): boolean {
    this.getCores(nowMs);
    const last = this.changes.at(-1);
    if (last !== undefined) {
      if (last.cores === cores && !guesses.sameSizeRestarts) return true;
      if (guesses.patchDuringChange === "conflicts") return false;
      if (guesses.patchDuringChange === "replaces") this.changes = [];
    }
    const startsAtMs = this.changes.at(-1)?.effectiveAtMs ?? nowMs;
    this.changes.push({ cores, effectiveAtMs: startsAtMs + convergenceMs });
    return true;
  }

  /** Adds a change by another user. It takes effect at `effectiveAtMs`, whatever else is in progress. */
  setCores(cores: number, nowMs: number, effectiveAtMs: number): void {
    this.getCores(nowMs);
    this.changes.push({ cores, effectiveAtMs });
    this.changes.sort((a, b) => a.effectiveAtMs - b.effectiveAtMs);
    this.getCores(nowMs);
  }

  /** Returns when the size changed, up to `nowMs`, in the order of time. A change to the same size is none. */
  listResizes(nowMs: number): readonly number[] {
    this.getCores(nowMs);
    return this.resizedAtMs;
  }

  /** Returns the compute unit hours billed up to `nowMs`. */
  getBilledUnitHours(nowMs: number): number {
    this.getCores(nowMs);
    return this.billing.getComputeUnitHours(nowMs);
  }

  private applySize(cores: number, atMs: number): void {
    if (cores === this.cores) return;
    this.cores = cores;
    this.resizedAtMs.push(atMs);
    this.billing.setCores(cores, atMs);
  }
}
