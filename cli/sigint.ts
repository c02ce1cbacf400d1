interface SigintOptions {
  /**
   * Whether a second Ctrl-C ends the process. Set it to false if the work waits for a child process that receives the same signal
   * and ends by itself.
   *
   * @default true
   */
  readonly exitOnSecond?: boolean;
}

/** Runs work with a signal that the first Ctrl-C aborts. The work decides how it ends. */
export async function runInterruptibly<Result>(
  work: (signal: AbortSignal) => Promise<Result>,
  { exitOnSecond = true }: SigintOptions = {},
): Promise<Result> {
  const controller = new AbortController();
  const abort = () => controller.abort(new Error("interrupted"));
  process[exitOnSecond ? "once" : "on"]("SIGINT", abort);
  try {
    return await work(controller.signal);
  } finally {
    process.removeListener("SIGINT", abort);
  }
}
