/** All timers, dates and random numbers come from here, so that tests can replace them. */
export interface Clock {
  /** Monotonic time in milliseconds. A corrected or jumping wall clock doesn't affect it. */
  nowMs(): number;
  /** The wall clock, for times that the state keeps between runs. */
  date(): Date;
  /** Resolves after `ms`, or rejects with the signal's reason when it is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** From 0 up to, but not including, 1. */
  random(): number;
}

/** Node fires a timer above 2^31 - 1 ms at once: a long sleep would become a busy loop. */
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

/** Resolves with the work's result, or rejects with the signal's reason when it is aborted. The work continues for others who wait for it. */
export function unlessAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(getAbortReason(signal));
    if (signal.aborted) return onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
