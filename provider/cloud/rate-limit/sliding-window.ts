/**
 * Counts the requests in a window of time.
 *
 * A request occupies its slot until a window after its *response*. The server may count it at any time between request and response,
 * so no window of the server can then contain one request too many.
 */
export class SlidingWindow {
  /** When each occupied slot is free again. `Infinity` while its request is in flight. */
  private freeAtMs: number[] = [];

  constructor(private readonly windowMs: number) {}

  /** Milliseconds until one of the slots is free. `Infinity` if only a response can free one. */
  computeWaitMs(slots: number, nowMs: number): number {
    this.freeAtMs = this.freeAtMs.filter((atMs) => atMs > nowMs);
    if (this.freeAtMs.length < slots) return 0;
    const freeing = [...this.freeAtMs].sort((a, b) => a - b);
    return (freeing[freeing.length - slots] ?? Infinity) - nowMs;
  }

  occupy(): void {
    this.freeAtMs.push(Infinity);
  }

  release(nowMs: number): void {
    this.freeAtMs[this.freeAtMs.indexOf(Infinity)] = nowMs + this.windowMs;
  }

  /** Lets the slots become free one after the other over a window. `chance` (0 to 1) shifts each within its part of the window. */
  spread(slots: number, fromMs: number, chance: () => number): void {
    const inFlight = this.freeAtMs.filter((atMs) => atMs === Infinity);
    const spread = Array.from(
      { length: slots },
      (_, slot) => fromMs + ((slot + chance()) * this.windowMs) / slots,
    );
    this.freeAtMs = [...spread, ...inFlight];
  }
}
