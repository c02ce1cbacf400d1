/** Sizes as this folder sees them: anything that can be compared and named. */
export interface SizeComparison<Size> {
  same(a: Size, b: Size): boolean;
}

/** The longest time that ClickHouse documents for a change to arrive. */
export const DOCUMENTED_CONVERGENCE_MS = 5 * 60_000;

/** No sign of an accepted change after twice the documented time: it was lost, and is sent again. */
const CHANGE_LOST_AFTER_MS = 2 * DOCUMENTED_CONVERGENCE_MS;

/**
 * No sign of a change that had no clear answer for a little more than the documented time: it was not taken. Reads tell no
 * sooner, and asking twice may begin the first change anew.
 */
const CHANGE_NOT_TAKEN_AFTER_MS = DOCUMENTED_CONVERGENCE_MS + 30_000;

/** Between the read that first shows the wanted size and the one that confirms it. */
export const CONFIRM_GAP_MS = 1_000;

export type Verdict =
  /** The wanted size is not asked for, or the request was lost: send it. */
  | "send"
  /** Sent and not yet seen. */
  | "wait"
  /** Seen once: look again soon. */
  | "confirm"
  | "done"
  /** A size that this run did not ask for has stayed longer than a change takes. */
  | "conflict";

export interface ConvergenceStart<Size> {
  readonly wanted: Size;
  /**
   * What earlier changes, sent by this package and not seen since, may still bring; the newest last. Those before it count,
   * since it may not have been taken, or may arrive only after them.
   */
  readonly inFlight: readonly { readonly size: Size; readonly sentAtMs: number }[];
}

/**
 * Decides from what was seen whether a change has arrived. It knows neither HTTP nor timers: it is told what was sent and
 * seen, and when.
 */
export class Convergence<Size> {
  /** When the change that is on its way was accepted; undefined while there is none for certain. */
  private sentAtMs: number | undefined;
  /** When a request of ours ended without a clear answer: only reads tell whether it took effect. */
  private unansweredAtMs: number | undefined;
  /** The size before our change: seeing it again means only that the change has not arrived. */
  private sizeBefore: Size | undefined;
  private lastSize: Size | undefined;
  private lastSizeChangedAtMs = 0;
  /** Reads in a row that showed the wanted size. */
  private consecutiveMatches = 0;
  /**
   * A size that already equals the wanted one proves nothing while an earlier change can still land on top of it: until
   * another size was seen, only time tells.
   */
  private maskedByEarlierChange = false;

  constructor(
    private readonly start: ConvergenceStart<Size>,
    private readonly sizes: SizeComparison<Size>,
  ) {
    const newest = start.inFlight.at(-1);
    if (newest === undefined || !this.isWanted(newest.size)) return;
    this.sentAtMs = newest.sentAtMs;
    this.maskedByEarlierChange = this.mayBeOverwritten;
  }

  /** The size last seen, where it is neither the wanted one nor one that an own change explains. */
  get foreignSize(): Size | undefined {
    const { lastSize } = this;
    if (lastSize === undefined || this.isWanted(lastSize)) return undefined;
    const own = this.start.inFlight.map(({ size }) => size);
    const explained = [this.sizeBefore, ...own].some((size) => size && this.sizes.same(size, lastSize));
    return explained ? undefined : lastSize;
  }

  /** When the change that is waited for was accepted; undefined where a look can't tell yet whether it has arrived. */
  get observableSinceMs(): number | undefined {
    return this.maskedByEarlierChange ? undefined : this.sentAtMs;
  }

  onAccepted(nowMs: number): void {
    this.onSent();
    this.sentAtMs = nowMs;
    this.unansweredAtMs = undefined;
    this.sizeBefore = this.lastSize;
  }

  onUnanswered(nowMs: number): void {
    this.onSent();
    this.sentAtMs = undefined; // of a change that was lost: else this one would count as lost with it, and be sent again at once
    this.unansweredAtMs = nowMs;
  }

  observe(size: Size, nowMs: number): void {
    if (this.lastSize === undefined || !this.sizes.same(this.lastSize, size))
      this.lastSizeChangedAtMs = nowMs;
    if (this.isWanted(size)) {
      this.consecutiveMatches += 1;
    } else {
      this.consecutiveMatches = 0;
      this.maskedByEarlierChange = false;
      this.sizeBefore ??= size;
    }
    this.lastSize = size;
  }

  judge(nowMs: number): Verdict {
    if (this.consecutiveMatches > 0) return this.judgeMatch(nowMs);
    if (this.sentAtMs === undefined) return this.judgeUnaccepted(nowMs);
    if (this.foreignSize !== undefined) {
      const quietForMs = nowMs - Math.max(this.lastSizeChangedAtMs, this.sentAtMs);
      return quietForMs > DOCUMENTED_CONVERGENCE_MS ? "conflict" : "wait";
    }
    return nowMs - this.sentAtMs > CHANGE_LOST_AFTER_MS ? "send" : "wait";
  }

  private onSent(): void {
    this.maskedByEarlierChange =
      this.mayBeOverwritten && this.lastSize !== undefined && this.isWanted(this.lastSize);
    this.consecutiveMatches = 0;
  }

  private judgeUnaccepted(nowMs: number): Verdict {
    const mayStillArrive =
      this.unansweredAtMs !== undefined && nowMs - this.unansweredAtMs <= CHANGE_NOT_TAKEN_AFTER_MS;
    return mayStillArrive ? "wait" : "send";
  }

  private judgeMatch(nowMs: number): Verdict {
    const nothingOnItsWay = this.sentAtMs === undefined && this.unansweredAtMs === undefined;
    if (nothingOnItsWay) return this.start.inFlight.length === 0 ? "done" : "send";
    if (this.maskedByEarlierChange) {
      // The request that was to supersede the earlier change may never have arrived.
      if (this.sentAtMs === undefined) return this.judgeUnaccepted(nowMs);
      if (nowMs - this.sentAtMs < DOCUMENTED_CONVERGENCE_MS) return "wait";
    }
    return this.consecutiveMatches > 1 ? "done" : "confirm";
  }

  /** Whether an earlier change may still bring another size than the wanted one. */
  private get mayBeOverwritten(): boolean {
    return this.start.inFlight.some(({ size }) => !this.isWanted(size));
  }

  private isWanted(size: Size): boolean {
    return this.sizes.same(size, this.start.wanted);
  }
}
