/**
 * The only place of timers, dates and chance, so that every test can bring its own.
 */
export interface Clock {
  /** Milliseconds that only ever grow; unmoved by a corrected or jumping wall clock. */
  nowMs(): number;
  /** The calendar, for what state keeps over runs. */
  date(): Date;
  /** Ends after `ms`, or rejects with the signal's reason as soon as it is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** From 0 up to, but not including, 1. */
  random(): number;
}

/** Above 2^31 - 1 ms Node fires a timer at once: a long sleep would become a hot loop. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  nowMs: () => performance.now(),
  date: () => new Date(),
  random: () => Math.random(),
  async sleep(ms, signal) {
    for (let leftMs = Math.max(0, ms); ; leftMs -= MAX_TIMER_MS) {
      await sleepOnce(Math.min(leftMs, MAX_TIMER_MS), signal);
      if (leftMs <= MAX_TIMER_MS) return;
    }
  },
};

function sleepOnce(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(getAbortReason(signal));
    const onAbort = () => {
      clearTimeout(handle);
      reject(getAbortReason(signal));
    };
    const handle = setTimeout(() => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    }, ms);
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

export function getAbortReason(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason;
  return reason instanceof Error ? reason : new Error("aborted");
}

/** The work's result, or the signal's reason as soon as it is aborted; the work goes on for others who wait for it. */
export function unlessAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(getAbortReason(signal)), { once: true });
    work.then(resolve, reject);
  });
}
