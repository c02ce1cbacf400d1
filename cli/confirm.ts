import { createInterface } from "node:readline/promises";
import { Terminal } from "./terminal/terminal";

/** Asks the user to type `yes`. Throws for any other answer, and if stdin is not a terminal. */
export async function confirm(question: string, signal: AbortSignal): Promise<void> {
  if (!process.stdin.isTTY) throw new Error(`${question} Pass --yes to confirm, or run it in a terminal.`);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  terminal.once("SIGINT", () => process.emit("SIGINT"));
  const answer = await terminal
    .question(`${new Terminal(process.stderr).wrap(question)}\nContinue? Type yes: `, { signal })
    .catch(() => "")
    .finally(() => terminal.close());
  if (answer.trim().toLowerCase() !== "yes") throw new Error("canceled, nothing was changed");
}
