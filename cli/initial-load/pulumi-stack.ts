import type * as automation from "@pulumi/pulumi/automation";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StackConfig } from "../../provider/cloud/stack-settings";
import { showProgress } from "../terminal/progress";
import { parsePlannedStep, type PlannedStep } from "./planned-step";
import { findInitialLoads, type InitialLoadResource } from "./resources";
import { StackLockedError } from "./up-retries";

/**
 * Finds this package's resources, and the components around them: `up` fails if a parent does not exist. A name of another resource may
 * match too.
 */
const TARGETS = ["**clickpipes:CdcScaling::**", "**clickpipes:index:CdcCompute::**"];

/** What a preview plans, and the file with which `up` does that and nothing else. */
export interface Plan {
  readonly steps: readonly PlannedStep[];
  readonly planFile: string;
}

/** Where the CLI's output goes. */
export interface CliDisplay {
  readonly hasColors: boolean;
  /** Passes on the CLI's output as it comes. */
  pass(text: string): void;
}

/** A stack on the Pulumi CLI, whose output is passed on. */
export class PulumiStack {
  private plans = 0;
  private readonly folder = mkdtempSync(join(tmpdir(), "pulumi-clickpipes-plans-"));

  private constructor(
    private readonly stack: automation.Stack,
    private readonly display: CliDisplay,
  ) {}

  /** The stack with that name, or the selected one, of the project in `folder`. */
  static async select(folder: string, name: string | undefined, display: CliDisplay): Promise<PulumiStack> {
    // Imported here, since it takes most of a second and no other command needs it.
    const { LocalWorkspace } = await import("@pulumi/pulumi/automation/index.js");
    const workspace = await runPulumi(() => LocalWorkspace.create({ workDir: folder }));
    const stackName = name ?? (await runPulumi(() => workspace.stack()))?.name;
    if (stackName === undefined) {
      throw new Error(`no stack is selected in ${folder}: pass --stack, or run \`pulumi stack select\``);
    }
    const stack = await runPulumi(() => LocalWorkspace.selectStack({ stackName, workDir: folder }));
    return new PulumiStack(stack, display);
  }

  /** Shows what an `up` of this package's resources would do. */
  async preview(): Promise<Plan> {
    const found = await showProgress("Looking for this package's resources", this.plan(TARGETS));
    const own = found.steps.filter(({ isOwn }) => isOwn).map(({ urn }) => urn);
    if (own.length === 0)
      throw new Error("This stack has no CdcCompute or CdcScaling. There is nothing to do.");
    return this.plan(own, { diff: true, ...this.output });
  }

  /** Previews these resources without a word, unless options say otherwise. */
  async plan(urns: readonly string[], options: automation.PreviewOptions = {}): Promise<Plan> {
    const planFile = join(this.folder, `${++this.plans}.json`);
    const steps: PlannedStep[] = [];
    const onEvent = (event: automation.EngineEvent) => {
      const step = parsePlannedStep(event);
      if (step !== undefined) steps.push(step);
    };
    await runPulumi(() => this.stack.preview({ target: [...urns], plan: planFile, onEvent, ...options }));
    return { steps, planFile };
  }

  /** Runs a plan. Fails if the program or the pipes have changed since. */
  async up(urns: readonly string[], planFile: string): Promise<void> {
    const options = { target: [...urns], plan: planFile, suppressProgress: true, ...this.output };
    await runPulumi(() => this.stack.up(options));
  }

  /** Removes the plans. */
  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  async readResources(): Promise<InitialLoadResource[]> {
    const exported: { readonly deployment: unknown } = await this.stack.exportStack();
    return findInitialLoads(exported.deployment);
  }

  async config(): Promise<StackConfig> {
    const config = await this.stack.getAllConfig();
    return { get: (key) => config[key]?.value };
  }

  private get output() {
    const { hasColors } = this.display;
    const onOutput = (text: string) => this.display.pass(text.replace(PLAN_NOTE, ""));
    return { onOutput, color: hasColors ? "always" : "never" } as const;
  }
}

/** The CLI's own advice about a file that only this command uses. */
const PLAN_NOTE = /^Update plan written to .*\n(Run `pulumi up --plan=.*\n)?/m;

const OTHER_PLAN =
  "The program or its pipes have changed since the preview. Run this command again to review what it would do now.";

const MISSING_CLI =
  "There is no Pulumi CLI on the PATH. Install it: https://www.pulumi.com/docs/iac/download-install/.";

function isCliMissing(error: unknown): boolean {
  return error instanceof Error && error.message.includes("spawn pulumi ENOENT");
}

const MISSING_DEPENDENCY =
  "These resources depend on one that does not exist yet. Run `pulumi up` first: this command deploys nothing else.";

/** Fails with the CLI's own message, without what the SDK adds. */
async function runPulumi<Result>(command: () => Promise<Result>): Promise<Result> {
  try {
    return await command();
  } catch (error) {
    const { CommandError, ConcurrentUpdateError } = await import("@pulumi/pulumi/automation/index.js");
    if (isCliMissing(error)) throw new Error(MISSING_CLI, { cause: error });
    if (!(error instanceof CommandError)) throw error;
    const text = error.message.split(/^ stderr: /m)[1]?.split(/^ err\?: /m)[0] ?? error.message;
    const message = text.replace(/^Command failed with exit code .*\n/, "").trim();
    if (error instanceof ConcurrentUpdateError) throw new StackLockedError(message, { cause: error });
    const isMissing = error.message.includes("specified in --target list");
    const isOtherPlan = error.message.includes("violates plan");
    const advice = [...(isMissing ? [MISSING_DEPENDENCY] : []), ...(isOtherPlan ? [OTHER_PLAN] : [])];
    throw new Error([message, ...advice].join("\n"), { cause: error });
  }
}
