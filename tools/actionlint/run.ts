import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { findActionlint } from "./find";

const REPOSITORY = join(__dirname, "..", "..");

/** What an installed shellcheck or pyflakes would add must not differ from machine to machine. */
const OPTIONS = ["-no-color", "-shellcheck=", "-pyflakes="];

/** Lists the workflows of the repository and of its examples. */
export function listWorkflows(): string[] {
  const examples = readdirSync(join(REPOSITORY, "examples")).map((name) => join("examples", name));
  return ["", ...examples].flatMap((folder) => {
    const workflows = join(folder, ".github", "workflows");
    if (!existsSync(join(REPOSITORY, workflows))) return [];
    const files = readdirSync(join(REPOSITORY, workflows)).filter((file) => /\.ya?ml$/.test(file));
    return files.map((file) => join(workflows, file));
  });
}

/** Runs actionlint on the files. What it prints names the file, the line and the rule. */
export function lintWorkflows(
  files: readonly string[],
  cwd = REPOSITORY,
): { status: number; output: string } {
  const { status, error, stdout, stderr } = spawnSync(findActionlint(), [...OPTIONS, ...files], {
    cwd,
    encoding: "utf8",
  });
  if (error !== undefined) throw error;
  return { status: status ?? 1, output: stdout + stderr };
}

function main(): void {
  const files = process.argv.length > 2 ? process.argv.slice(2) : listWorkflows();
  const { status, output } = lintWorkflows(files);
  process.stdout.write(status === 0 ? `${files.length} workflows checked\n` : output);
  process.exitCode = status;
}

if (require.main === module) {
  try {
    main();
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}
