import * as pulumi from "@pulumi/pulumi";
import type { Properties } from "../test/support/provider-process";

/** Serializes the smallest dynamic provider, as the SDK stores it in the state of each of its resources. */
export async function serializeTrivialProvider(): Promise<string> {
  const provider = {
    create: (inputs: Properties) => Promise.resolve({ id: String(inputs.serviceId), outs: inputs }),
  };
  const { text } = await pulumi.runtime.serializeFunction(() => provider);
  return text;
}
