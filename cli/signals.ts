/** The signals that ask a process to end and that it can catch: Ctrl-C, `kill`, and a closed terminal. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

interface InterruptionOptions {
  /**
   * Whether a second signal ends the process. Set it to false if the work waits for a child process that receives the same signal
   * and ends by itself.
   *
   * @default true
   */
  readonly exitOnSecond?: boolean;
}

/** Runs work with a signal that the first signal to the process aborts. The work decides how it ends. */
export async function runInterruptibly<Result>(
  work: (signal: AbortSignal) => Promise<Result>,
  { exitOnSecond = true }: InterruptionOptions = {},
): Promise<Result> {
  const controller = new AbortController();
  const removeListeners = () => SIGNALS.forEach((name) => process.removeListener(name, abort));
  const abort = () => {
    controller.abort(new Error("interrupted"));
    if (exitOnSecond) removeListeners();
  };
  for (const name of SIGNALS) process.on(name, abort);
  try {
    return await work(controller.signal);
  } finally {
    removeListeners();
  }
}
