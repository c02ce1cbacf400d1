import { createInterface } from "node:readline/promises";

/** Asks a person to type yes; fails where nobody can be asked, or where the answer is another one. */
export async function agreed(question: string, signal: AbortSignal): Promise<void> {
  if (!process.stdin.isTTY) throw new Error(`${question} Say so with --yes, or run it in a terminal`);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  terminal.once("SIGINT", () => process.emit("SIGINT"));
  const answer = await terminal
    .question(`${question}\nGo on? Type yes: `, { signal })
    .catch(() => "")
    .finally(() => terminal.close());
  if (answer.trim().toLowerCase() !== "yes") throw new Error("nothing was changed");
}
