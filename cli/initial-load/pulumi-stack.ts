import type * as automation from "@pulumi/pulumi/automation";
import type { StackConfig } from "../../provider/cloud/stack-settings";
import { findInitialLoads, type InitialLoadResource } from "./resources";
import type { Stack } from "./run";
import { StackLockedError } from "./up-retries";

/** This package's resources, and the components around them: `up` fails if a parent does not exist. */
const TARGETS = ["**clickpipes:CdcScaling::**", "**clickpipes:index:CdcCompute::**"];

/** A stack on the Pulumi CLI, whose output is passed on. */
export class PulumiStack implements Stack {
  private constructor(
    private readonly stack: automation.Stack,
    private readonly print: (text: string) => void,
  ) {}

  /** The stack with that name, or the selected one, of the project in `folder`. */
  static async select(
    folder: string,
    name: string | undefined,
    print: (text: string) => void,
  ): Promise<PulumiStack> {
    // Imported here, since it takes most of a second and no other command needs it.
    const { LocalWorkspace } = await import("@pulumi/pulumi/automation/index.js");
    const workspace = await runPulumi(() => LocalWorkspace.create({ workDir: folder }));
    const stackName = name ?? (await runPulumi(() => workspace.stack()))?.name;
    if (stackName === undefined) {
      throw new Error(`no stack is selected in ${folder}: pass --stack, or run \`pulumi stack select\``);
    }
    const stack = await runPulumi(() => LocalWorkspace.selectStack({ stackName, workDir: folder }));
    return new PulumiStack(stack, print);
  }

  /** Returns whether an `up` would change anything. */
  async preview(): Promise<boolean> {
    const { changeSummary } = await runPulumi(() =>
      this.stack.preview({ target: TARGETS, diff: true, ...this.output }),
    );
    return Object.keys(changeSummary).some((operation) => operation !== "same");
  }

  async up(urns: readonly string[] = TARGETS): Promise<void> {
    await runPulumi(() => this.stack.up({ target: [...urns], suppressProgress: true, ...this.output }));
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
    return { onOutput: this.print, color: "auto" } as const;
  }
}

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
    throw new Error(isMissing ? `${message}\n${MISSING_DEPENDENCY}` : message, { cause: error });
  }
}
