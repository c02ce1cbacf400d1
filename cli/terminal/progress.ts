import { Terminal } from "./terminal";

/** Seconds after which a person wonders whether anything happens. */
const DELAY_S = 2;

/**
 * Says on stderr what a command waits for, once that takes longer than 2 seconds: with the seconds so far at a terminal, until the
 * work ends, and as one line elsewhere.
 */
export async function showProgress<Result>(
  what: string,
  work: Promise<Result>,
  { terminal = new Terminal(process.stderr), repeat = repeatEverySecond } = {},
): Promise<Result> {
  let seconds = 0;
  const stop = repeat(() => {
    seconds += 1;
    if (seconds < DELAY_S) return;
    if (terminal.isLive) terminal.showForNow(`${what} … ${seconds}s`);
    else if (seconds === DELAY_S) terminal.print(`${what} …`);
  });
  try {
    return await work;
  } finally {
    stop();
    terminal.clear();
  }
}

function repeatEverySecond(listener: () => void): () => void {
  const timer = setInterval(listener, 1_000);
  return () => clearInterval(timer);
}
