/**
 * The requests that a window of time can hold.
 *
 * A request occupies its place until a window's length after its *answer*: wherever between sending and answering the server
 * counted it, no window of the server's can then hold one more.
 */
export class SlidingWindow {
  /** When each taken place is free again; `Infinity` while its request is under way. */
  private freeAtMs: number[] = [];

  constructor(private readonly windowMs: number) {}

  /** Milliseconds until one of so many places is free; `Infinity` where only an answer can free one. */
  computeWaitMs(places: number, nowMs: number): number {
    this.freeAtMs = this.freeAtMs.filter((atMs) => atMs > nowMs);
    if (this.freeAtMs.length < places) return 0;
    const freeing = [...this.freeAtMs].sort((a, b) => a - b);
    return (freeing[freeing.length - places] ?? Infinity) - nowMs;
  }

  occupy(): void {
    this.freeAtMs.push(Infinity);
  }

  release(nowMs: number): void {
    this.freeAtMs[this.freeAtMs.indexOf(Infinity)] = nowMs + this.windowMs;
  }

  /** So many places become free one after the other over a window from then on, at its beginning or by chance between. */
  spread(places: number, fromMs: number, chance: () => number): void {
    const underWay = this.freeAtMs.filter((atMs) => atMs === Infinity);
    const spread = Array.from(
      { length: places },
      (_, place) => fromMs + ((place + chance()) * this.windowMs) / places,
    );
    this.freeAtMs = [...spread, ...underWay];
  }
}
