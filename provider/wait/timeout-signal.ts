import type { Clock } from "./clock";

/**
 * A signal that aborts after a time, or with another signal. `dispose` frees both.
 *
 * Not `AbortSignal.any`: if a response breaks off, Node 20 never frees the combined signal and its request.
 */
export class TimeoutSignal {
  hasTimedOut = false;
  private readonly stopped = new AbortController();
  private readonly ended = new AbortController();
  private readonly stop = () => this.stopped.abort(this.outer?.reason);

  constructor(
    clock: Clock,
    ms: number,
    private readonly outer?: AbortSignal,
  ) {
    if (outer?.aborted) this.stop();
    outer?.addEventListener("abort", this.stop);
    void clock.sleep(ms, this.ended.signal).then(
      () => {
        this.hasTimedOut = true;
        this.stopped.abort();
      },
      () => undefined,
    );
  }

  get signal(): AbortSignal {
    return this.stopped.signal;
  }

  dispose(): void {
    this.ended.abort();
    this.outer?.removeEventListener("abort", this.stop);
  }
}
