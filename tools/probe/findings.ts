/** What the documentation leaves open, as in docs/guesses.md, by the name of the emulator's switch. */
export const QUESTIONS = {
  patchAnswers: "The response to a PATCH shows the previous size (old), or the requested one (new)",
  patchDuringChange: "A PATCH during another change replaces it, queues behind it, or conflicts (409)",
  sameSizeRestarts: "A PATCH with the same size restarts the convergence",
  statusBeforeFirstPipe: "Status of a read of the size before the first database ClickPipe",
  readWhileIdle: "Status of a read of the size while the service is idle",
  countRefusedRequests: "Refused requests count towards the rate limit",
  maxCores: "Largest size in cores",
  resizeDuringSnapshot:
    "A change of size during the initial load of a Postgres pipe keeps, restarts or fails the load",
  convergence: "Time until a change of size arrives",
  rateLimit: "Headers of a 429 that say when to retry",
} as const;

export type Question = keyof typeof QUESTIONS;

export type Findings = Readonly<Partial<Record<Question, string>>>;

/** Renders a Markdown table without ids and keys. */
export function renderTable(findings: Findings): string {
  const rows = Object.entries(QUESTIONS).map(
    ([name, question]) => `| ${question} | \`${name}\` | ${findings[name as Question] ?? "not tested"} |`,
  );
  return ["| question | name | found |", "| --- | --- | --- |", ...rows].join("\n");
}
