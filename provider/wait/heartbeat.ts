import type { Clock } from "./clock";

/** Calls `beat` now and then every `everyMs` while `work` runs, and stops when it ends. */
export async function withHeartbeat<Result>(
  clock: Clock,
  everyMs: number,
  beat: () => Promise<void>,
  work: () => Promise<Result>,
): Promise<Result> {
  const ended = new AbortController();
  const beating = (async () => {
    while (!ended.signal.aborted) {
      await beat();
      await clock.sleep(everyMs, ended.signal).catch(() => undefined);
    }
  })();
  try {
    return await work();
  } finally {
    ended.abort();
    await beating;
  }
}
