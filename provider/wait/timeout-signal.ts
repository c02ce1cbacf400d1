import type { Clock } from "./clock";

/**
 * A signal that aborts after a time, or with another signal, until it is ended.
 *
 * Not `AbortSignal.any`: Node 20 keeps a combined signal for ever where an answer broke off, and its request with it.
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
