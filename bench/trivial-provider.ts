import * as pulumi from "@pulumi/pulumi";
import type { Properties } from "../test/support/provider-process";

/** The smallest dynamic provider there is, as the SDK puts it into the state of each of its resources. */
export async function trivialProvider(): Promise<string> {
  const provider = {
    create: (inputs: Properties) => Promise.resolve({ id: String(inputs.serviceId), outs: inputs }),
  };
  const { text } = await pulumi.runtime.serializeFunction(() => provider);
  return text;
}
