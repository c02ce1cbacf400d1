import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { DEFAULT_SERVICE_ID, createServices } from "../emulator";
import type { Stack } from "../test/support/stack";

interface Export {
  readonly deployment: { resources: { readonly urn: string; inputs?: unknown; outputs?: unknown }[] };
}

/** Bytes of one resource in Pulumi's state, without whitespace. */
export interface StateSize {
  /** Everything, with what Pulumi itself stores. */
  readonly wholeBytes: number;
  /** Its inputs and outputs. */
  readonly propertiesBytes: number;
}

/** A stack whose only resource is copied many times. An `up` of a thousand would take an hour under the API's rate limit. */
export class CopiedResources {
  private constructor(
    private readonly stack: Stack,
    private readonly exported: string,
  ) {}

  /** Runs `up` for one resource. */
  static async create(stack: Stack): Promise<CopiedResources> {
    await stack.runSuccessfully("up");
    const { stdout } = await stack.run("stack", "export");
    return new CopiedResources(stack, stdout);
  }

  /** Imports a state with that number of copies, each for its own service. */
  async setCount(count: number): Promise<StateSize> {
    const whole = JSON.parse(this.exported) as Export;
    const { resources } = whole.deployment;
    const first = resources.filter(({ urn }) => urn.endsWith("::r1"));
    const others = resources.filter(({ urn }) => !urn.endsWith("::r1"));
    const text = JSON.stringify(first);
    const copies = createServices(count).map(({ id }, index) => {
      const copy = text.replaceAll('::r1"', `::r${index + 1}"`).replaceAll(DEFAULT_SERVICE_ID, id);
      return JSON.parse(copy) as Export["deployment"]["resources"];
    });
    whole.deployment.resources = [...others, ...copies.flat()];
    const file = join(this.stack.folder, "copies.json");
    writeFileSync(file, JSON.stringify(whole));
    await this.stack.runSuccessfully("stack", "import", "--file", file);
    const properties = first.map(({ inputs = {}, outputs = {} }) => [inputs, outputs]);
    return { wholeBytes: text.length, propertiesBytes: JSON.stringify(properties).length };
  }
}
