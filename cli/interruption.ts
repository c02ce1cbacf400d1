/**
 * Runs work that a first Ctrl-C asks to end, and that decides itself how. The second one ends the process, unless the work asks
 * to see that to its end, too: because a command that it runs gets the same signal, and will end by itself.
 */
export async function interruptible<Result>(
  work: (signal: AbortSignal) => Promise<Result>,
  { endsAtSecond = true }: { endsAtSecond?: boolean } = {},
): Promise<Result> {
  const interrupted = new AbortController();
  const onInterrupt = () => interrupted.abort(new Error("interrupted"));
  process[endsAtSecond ? "once" : "on"]("SIGINT", onInterrupt);
  try {
    return await work(interrupted.signal);
  } finally {
    process.removeListener("SIGINT", onInterrupt);
  }
}
