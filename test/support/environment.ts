import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createHermeticEnvironment, type HermeticEnvironment } from "../../tools/pulumi-cli/environment";
import { findCli } from "../../tools/pulumi-cli/find";

let shared: Promise<HermeticEnvironment> | undefined;
let folders = 0;

/** One environment of the CLI for all stacks of a test file; it goes at the file's end. */
export function getEnvironment(): Promise<HermeticEnvironment> {
  shared ??= findCli().then((cli) => createHermeticEnvironment(cli));
  return shared;
}

/** A folder outside the repository that is removed at the end of the test file. */
export async function createFolder(): Promise<string> {
  const { folder } = await getEnvironment();
  const path = join(folder, `project-${++folders}`);
  mkdirSync(path);
  return path;
}

/**
 * Processes that run in the environment, by a part of their command and of what Linux says of their variables; own process
 * left out.
 */
export async function listProcesses(
  part: string,
  variable = "",
): Promise<{ pid: number; command: string }[]> {
  const { folder } = await getEnvironment();
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((name) => {
      try {
        const variables = readFileSync(`/proc/${name}/environ`, "utf8");
        const isOurs = variables.includes(folder) && variables.includes(variable);
        const command = readFileSync(`/proc/${name}/cmdline`, "utf8").replaceAll("\0", " ").trim();
        return isOurs && command.includes(part) ? [{ pid: Number(name), command }] : [];
      } catch {
        return []; // it ended while we looked
      }
    });
}

/** Ends what still runs in the environment (a killed CLI leaves its language host behind), and removes it. */
export async function removeEnvironment(): Promise<void> {
  if (shared === undefined) return;
  for (const { pid } of await listProcesses("")) process.kill(pid, "SIGKILL");
  (await shared).remove();
  shared = undefined;
}

/** Mocha calls this at the end of each file, in the process that ran it. */
export const mochaHooks = { afterAll: removeEnvironment };
