import { type Agreement, type AgreedSettings, assertAgreed } from "./agreement";
import { showProgress } from "../terminal/progress";
import type { Plan, PulumiStack } from "./pulumi-stack";
import type { InitialLoadResource } from "./resources";
import type { Stack } from "./run";

/** A stack that runs only what was confirmed: each `up` after the first has a preview of its own, and runs its plan. */
export class AgreedStack implements Stack {
  private hasRun = false;

  constructor(
    private readonly stack: PulumiStack,
    private readonly agreement: Agreement & { readonly planFile: string },
    private readonly readSettings: () => Promise<AgreedSettings>,
  ) {}

  async up(urns: readonly string[] = this.urns): Promise<void> {
    if (!this.hasRun) {
      await this.stack.up(urns, this.agreement.planFile);
      this.hasRun = true;
      return;
    }
    const { steps, planFile, settings } = await showProgress(
      "Checking that `pulumi up` does what was confirmed",
      this.planAgain(urns),
    );
    assertAgreed(this.agreement, { steps, settings });
    await this.stack.up(urns, planFile);
  }

  private async planAgain(urns: readonly string[]): Promise<Plan & Agreement> {
    const plan = await this.stack.plan(urns);
    return { ...plan, settings: await this.readSettings() };
  }

  /** Of the resources that were confirmed. */
  async readResources(): Promise<InitialLoadResource[]> {
    const resources = await this.stack.readResources();
    return resources.filter(({ urn }) => this.urns.includes(urn));
  }

  private get urns(): readonly string[] {
    return this.agreement.steps.filter(({ isOwn }) => isOwn).map(({ urn }) => urn);
  }
}
