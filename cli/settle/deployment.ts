import { createHash } from "node:crypto";
import { join } from "node:path";
import type * as automation from "@pulumi/pulumi/automation";
import { pulumiHome, type StackConfig } from "../../provider/credentials";
import { type Declared, declaredIn } from "./declared";
import type { Deployment } from "./settle";

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
    const stackName = name ?? (await workspace.stack())?.name;
    if (stackName === undefined) {
      throw new Error(
        `no stack is selected in ${folder}: name one with --stack, or select one with \`pulumi stack select\``,
      );
    }
    return new PulumiStack(await LocalWorkspace.selectStack({ stackName, workDir: folder }), folder, print);
  }

  get name(): string {
    return this.stack.name;
  }

  async preview(): Promise<void> {
    await this.stack.preview({ target: OURS, diff: true, ...this.output });
  }

  async up(urns?: readonly string[]): Promise<void> {
    await this.stack.up({ target: [...(urns ?? OURS)], suppressProgress: true, ...this.output });
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
    const id = createHash("sha256").update(`${this.folder} ${this.name}`).digest("hex").slice(0, 32);
    return join(pulumiHome(), "clickpipes", "settle", `${id}.json`);
  }

  private get output() {
    return { onOutput: this.print, color: "auto" } as const;
  }
}
