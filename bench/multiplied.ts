import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Stack } from "../test/support/stack";
import { DEFAULT_SERVICE_ID, createServices } from "../emulator";

interface Export {
  readonly deployment: { resources: { readonly urn: string; inputs?: unknown; outputs?: unknown }[] };
}

/** Bytes of one resource in Pulumi's state, without the spaces that make it readable. */
export interface StateSize {
  /** All of it, what Pulumi itself keeps included. */
  readonly wholeBytes: number;
  /** Its inputs and outputs. */
  readonly propertiesBytes: number;
}

/** A stack in which an \`up\` of the first resource is done; thousands more would take an hour under the API's limit. */
export class Multiplied {
  private constructor(
    private readonly stack: Stack,
    private readonly exported: string,
  ) {}

  static async of(stack: Stack): Promise<Multiplied> {
    await stack.succeeds("up");
    const { stdout } = await stack.pulumi("stack", "export");
    return new Multiplied(stack, stdout);
  }

  /** Puts so many copies of the first resource into the state, each about a service of its own. */
  async to(count: number): Promise<StateSize> {
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
    const file = join(this.stack.folder, "multiplied.json");
    writeFileSync(file, JSON.stringify(whole));
    await this.stack.succeeds("stack", "import", "--file", file);
    return { wholeBytes: text.length, propertiesBytes: propertiesBytesOf(first) };
  }
}

function propertiesBytesOf(resources: readonly { inputs?: unknown; outputs?: unknown }[]): number {
  const properties = resources.map(({ inputs = {}, outputs = {} }) => [inputs, outputs]);
  return JSON.stringify(properties).length;
}
