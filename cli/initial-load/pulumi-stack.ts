import { join } from "node:path";
import type * as automation from "@pulumi/pulumi/automation";
import type { StackConfig } from "../../provider/credentials";
import { fileNameFor, ownFolder } from "../../provider/own-files";
import { type Declared, declaredIn } from "./resources";
import { LockedError } from "./stack-lock";
import type { Deployment } from "./run";

/** Every resource of ours in a program, and the components around them, which have to be there before their children are. */
const OURS = ["**clickpipes:CdcScaling::**", "**clickpipes:index:CdcCompute::**"];

/** A stack on the Pulumi CLI, with what it prints passed on. */
export class PulumiStack implements Deployment {
  private constructor(
    private readonly stack: automation.Stack,
    private readonly folder: string,
    private readonly print: (text: string) => void,
  ) {}

  /** The stack of that name, or the one that is selected, of the project in that folder. */
  static async select(
    folder: string,
    name: string | undefined,
    print: (text: string) => void,
  ): Promise<PulumiStack> {
    // Loaded here, since it takes the better part of a second, which no other command needs.
    const { LocalWorkspace } = await import("@pulumi/pulumi/automation/index.js");
    const workspace = await LocalWorkspace.create({ workDir: folder });
    const stackName = name ?? (await readably(() => workspace.stack()))?.name;
    if (stackName === undefined) {
      throw new Error(
        `no stack is selected in ${folder}: name one with --stack, or select one with \`pulumi stack select\``,
      );
    }
    const stack = await readably(() => LocalWorkspace.selectStack({ stackName, workDir: folder }));
    return new PulumiStack(stack, folder, print);
  }

  get name(): string {
    return this.stack.name;
  }

  async preview(): Promise<void> {
    await readably(() => this.stack.preview({ target: OURS, diff: true, ...this.output }));
  }

  async up(urns?: readonly string[]): Promise<void> {
    const target = [...(urns ?? OURS)];
    await readably(() => this.stack.up({ target, suppressProgress: true, ...this.output }));
  }

  async declared(): Promise<Declared[]> {
    const exported: { readonly deployment: unknown } = await this.stack.exportStack();
    return declaredIn(exported.deployment);
  }

  async config(): Promise<StackConfig> {
    const config = await this.stack.getAllConfig();
    return { get: (key) => config[key]?.value };
  }

  /** Where this stack's bursts are noted. */
  get recordFile(): string {
    return join(ownFolder("settle"), `${fileNameFor(`${this.folder} ${this.name}`)}.json`);
  }

  private get output() {
    return { onOutput: this.print, color: "auto" } as const;
  }
}

const UNMADE =
  "What these resources depend on is not there yet: create it with `pulumi up` first, since this changes nothing but them.";

/** The CLI's own errors, without what the SDK puts around them. */
async function readably<Result>(command: () => Promise<Result>): Promise<Result> {
  try {
    return await command();
  } catch (error) {
    const { CommandError, ConcurrentUpdateError } = await import("@pulumi/pulumi/automation/index.js");
    if (!(error instanceof CommandError)) throw error;
    const text = error.message.split(/^ stderr: /m)[1]?.split(/^ err\?: /m)[0] ?? error.message;
    const message = text.replace(/^Command failed with exit code .*\n/, "").trim();
    if (error instanceof ConcurrentUpdateError) throw new LockedError(message);
    const isUnmade = error.message.includes("specified in --target list");
    throw new Error(isUnmade ? `${message}\n${UNMADE}` : message);
  }
}
