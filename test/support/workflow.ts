import { readFileSync } from "node:fs";
import { join } from "node:path";
import { REPOSITORY } from "./project";

const FILE = join(REPOSITORY, "examples", "review", ".github", "workflows", "clickpipes.yml");

/** The example's workflow, as text: what a shell or GitHub runs of it is tried as it stands. */
export const WORKFLOW = readFileSync(FILE, "utf8");

/** The script of a step: the lines of a block below its name. */
export function scriptOf(step: string, key: "run" | "script"): string {
  const from = WORKFLOW.slice(WORKFLOW.indexOf(`- name: ${step}\n`));
  const [, indent = "", block = ""] =
    new RegExp(`\\n( +)${key}: \\|\\n((?:\\1 .*\\n|\\n)+)`).exec(from) ?? [];
  return block.replaceAll(new RegExp(`^${indent}  `, "gm"), "");
}
