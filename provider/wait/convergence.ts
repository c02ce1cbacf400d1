/** How to compare sizes: this folder doesn't know what a size is. */
export interface SizeComparison<Size> {
  same(a: Size, b: Size): boolean;
}

/** The longest time that ClickHouse documents for a change. */
export const DOCUMENTED_CONVERGENCE_MS = 5 * 60_000;

/** An accepted change that hasn't arrived after twice the documented time was lost, and is sent again. */
const CHANGE_LOST_AFTER_MS = 2 * DOCUMENTED_CONVERGENCE_MS;

/**
 * A change without a response that hasn't arrived after a little more than the documented time was not accepted. Reads can't tell
 * earlier, and sending it twice may restart the first one.
 */
const CHANGE_NOT_TAKEN_AFTER_MS = DOCUMENTED_CONVERGENCE_MS + 30_000;

/** The time between the read that first shows the wanted size and the one that confirms it. */
export const CONFIRM_GAP_MS = 1_000;

export type Verdict =
  /** Send the change: it was not sent yet, or it was lost. */
  | "send"
  /** The change was sent and has not arrived yet. */
  | "wait"
  /** The wanted size was observed once. Read again soon. */
  | "confirm"
  | "done"
  /** The service has kept a size that this run did not request for longer than a change takes. */
  | "conflict";

export interface ConvergenceStart<Size> {
  readonly wanted: Size;
  /**
   * Earlier changes of this package that may still arrive, the newest last. The older ones count, because the newest may have been
   * lost, or may arrive after them.
   */
  readonly inFlight: readonly { readonly size: Size; readonly sentAtMs: number }[];
}

/**
 * Decides from observations whether a change has arrived. It knows neither HTTP nor timers: the caller reports what was sent and
 * observed, and when.
 */
export class Convergence<Size> {
  /** When the pending change was accepted. Undefined if none was accepted for certain. */
  private sentAtMs: number | undefined;
  /** When a change ended without a response: only reads can tell whether it took effect. */
  private unansweredAtMs: number | undefined;
  /** The size before the change. Observing it again only means that the change has not arrived. */
  private sizeBefore: Size | undefined;
  private lastSize: Size | undefined;
  private lastSizeChangedAtMs = 0;
  /** The number of reads in a row that showed the wanted size. */
  private consecutiveMatches = 0;
  /**
   * While an earlier change may still overwrite it, the wanted size proves nothing: until another size is observed, only time
   * can tell.
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

  /** The last observed size, if it is neither the wanted one nor one that a change of this package explains. */
  get foreignSize(): Size | undefined {
    const { lastSize } = this;
    if (lastSize === undefined || this.isWanted(lastSize)) return undefined;
    const own = this.start.inFlight.map(({ size }) => size);
    const explained = [this.sizeBefore, ...own].some((size) => size && this.sizes.same(size, lastSize));
    return explained ? undefined : lastSize;
  }

  /** When the change was accepted. Undefined if a read can't tell yet whether it has arrived. */
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
    // Of a change that was lost. If it stayed, this change would count as lost too, and be sent again at once.
    this.sentAtMs = undefined;
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
    const isNothingPending = this.sentAtMs === undefined && this.unansweredAtMs === undefined;
    if (isNothingPending) return this.start.inFlight.length === 0 ? "done" : "send";
    if (this.maskedByEarlierChange) {
      // The change that replaces the earlier one may have been lost.
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
