export interface Check {
  readonly name: string;
  /** Returns what was found. Throws if the release must not go out. */
  readonly run: () => string | Promise<string>;
}

export interface Result {
  readonly name: string;
  readonly passed: boolean;
  readonly detail: string;
}

/** Runs every check, also after one that failed. */
export async function runChecks(checks: readonly Check[]): Promise<Result[]> {
  const results: Result[] = [];
  for (const { name, run } of checks) {
    try {
      results.push({ name, passed: true, detail: await run() });
    } catch (error) {
      results.push({ name, passed: false, detail: error instanceof Error ? error.message : String(error) });
    }
  }
  return results;
}

/** Writes one line for each check, and below them the whole text of those that failed. */
export function renderResults(results: readonly Result[]): string {
  const width = Math.max(...results.map(({ name }) => name.length));
  const rows = results.map(({ name, passed, detail }) => {
    const [first = ""] = detail.split("\n");
    return `${passed ? "passed" : "FAILED"}  ${name.padEnd(width)}  ${first}`;
  });
  const failed = results.filter(({ passed }) => !passed);
  const texts = failed.map(({ name, detail }) => `\n${name}: ${detail}`);
  const end =
    failed.length === 0 ? "The release can go out." : `${failed.length} of ${results.length} checks failed.`;
  return `${[...rows, ...texts, "", `${end} Nothing was published.`].join("\n")}\n`;
}
