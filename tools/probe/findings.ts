/** What nobody has checked on a real service, in the words of docs/guesses.md, by the name of the emulator's switch. */
export const QUESTIONS = {
  patchAnswers: "The answer to a PATCH shows the size from before (old), or the one asked for (new)",
  patchDuringChange:
    "A PATCH while another change is under way replaces it, queues behind it, or conflicts (409)",
  sameSizeRestarts: "Asking for the same size again begins its convergence anew",
  statusBeforeFirstPipe: "Status of the size before the first database ClickPipe",
  readWhileIdle: "Status of the size while the service is idle",
  countRefusedRequests: "Refused requests count towards the rate limit",
  maxCores: "Largest size in cores",
  convergence: "Time until a change of size has arrived",
  rateLimit: "What a 429 says about when to come back",
} as const;

export type Question = keyof typeof QUESTIONS;

export type Findings = Readonly<Partial<Record<Question, string>>>;

/** A table to paste into the docs; neither ids nor keys are in it. */
export function tableOf(findings: Findings): string {
  const rows = Object.entries(QUESTIONS).map(
    ([name, question]) => `| ${question} | \`${name}\` | ${findings[name as Question] ?? "not tried"} |`,
  );
  return ["| question | name | found |", "| --- | --- | --- |", ...rows].join("\n");
}
