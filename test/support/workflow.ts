import { readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { REPOSITORY } from "./project";

interface Step {
  readonly name?: string;
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly "working-directory"?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, unknown>>;
}

export interface Job {
  readonly needs?: string | readonly string[];
  readonly if?: string;
  readonly environment?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

export interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: unknown;
  readonly env?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

function readText(file: string): string {
  return readFileSync(join(REPOSITORY, "examples", "review", ".github", "workflows", file), "utf8");
}

/** The example's workflows, as text: comments count too. */
export const TEXTS = { review: readText("clickpipes.yml"), deploy: readText("clickpipes-deploy.yml") };

export const REVIEW = load(TEXTS.review) as Workflow;
export const DEPLOY = load(TEXTS.deploy) as Workflow;

/** What a shell or actions/github-script runs in a step of the review workflow, as it stands. */
export function getScript(step: string, key: "run" | "script"): string {
  const found = listSteps(REVIEW).find(({ name }) => name === step);
  const script = key === "run" ? found?.run : found?.with?.script;
  if (typeof script !== "string") throw new Error(`no step ${step} with ${key}`);
  return script;
}

export function listSteps({ jobs }: Workflow): Step[] {
  return Object.values(jobs).flatMap(({ steps }) => steps);
}
