import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { renderResults, runChecks } from "./checks";
import { Release } from "./release";

/**
 * Rehearses a release and publishes nothing. `--output <folder>` keeps the tarball, the list of its files, the SBOM and the release notes. `--tag <name>` says
 * which tag is released; then the changelog has to name the day.
 */
async function main(): Promise<void> {
  const { output, tag } = parseArgs({
    options: { output: { type: "string" }, tag: { type: "string" } },
  }).values;
  const temporary = output === undefined ? mkdtempSync(join(tmpdir(), "pulumi-clickpipes-")) : undefined;
  const release = new Release({
    repository: join(__dirname, "..", ".."),
    output: output ?? temporary ?? "",
    tag: tag === "" ? undefined : tag,
    environment: process.env,
  });
  try {
    const results = await runChecks(release.checks);
    process.stdout.write(renderResults(results));
    if (results.some(({ passed }) => !passed)) process.exitCode = 1;
  } finally {
    release.remove();
    if (temporary !== undefined) rmSync(temporary, { recursive: true });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
});
