import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { getUserCache } from "../user-cache";

const MODULE = "github.com/rhysd/actionlint";
const EXECUTABLE = process.platform === "win32" ? "actionlint.exe" : "actionlint";

/** Returns the path of actionlint at the version in go.mod. Builds it into the user's cache the first time, which needs Go. */
export function findActionlint(cache = getUserCache()): string {
  const version = readVersion();
  const folder = join(cache, "pulumi-clickpipes", `actionlint-${version}`);
  const path = join(folder, EXECUTABLE);
  if (!existsSync(path)) build(folder, version);
  return path;
}

/** The version to build, which Dependabot raises in go.mod. */
function readVersion(): string {
  const text = readFileSync(join(__dirname, "go.mod"), "utf8");
  const version = new RegExp(`${MODULE} (v\\S+)`).exec(text)?.[1];
  if (version === undefined) throw new Error(`tools/actionlint/go.mod does not require ${MODULE}`);
  return version;
}

function build(folder: string, version: string): void {
  mkdirSync(join(folder, ".."), { recursive: true });
  // The rename at the end makes an interrupted build, or two at once, harmless.
  const unfinished = mkdtempSync(`${folder}-unfinished-`);
  try {
    const options = ["build", "-trimpath", "-o", join(unfinished, EXECUTABLE), `${MODULE}/cmd/actionlint`];
    const { status, error, stderr } = spawnSync("go", options, { cwd: __dirname, encoding: "utf8" });
    if (error !== undefined)
      throw new Error(
        `actionlint ${version} is not built yet, and go did not run (${error.message}). Install Go: https://go.dev/doc/install`,
        { cause: error },
      );
    if (status !== 0) throw new Error(`go could not build actionlint ${version}:\n${stderr}`);
    rmSync(folder, { recursive: true, force: true });
    renameSync(unfinished, folder);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}
