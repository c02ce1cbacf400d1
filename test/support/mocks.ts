import * as pulumi from "@pulumi/pulumi";

export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  /** The names of the resources that existed when this one was created. */
  readonly after: readonly string[];
}

/** Pulumi's mocks: every resource gets its inputs as its outputs, as a program's own tests have it. */
export async function runUnderMocks<Exports>(
  config: Readonly<Record<string, string>>,
  program: () => Exports,
): Promise<{ registered: Registered[]; exports: Exports }> {
  const registered: Registered[] = [];
  const existing: string[] = [];
  await pulumi.runtime.setMocks(
    {
      async newResource({ type, name, inputs }) {
        const properties = inputs as Record<string, unknown>;
        registered.push({ type, name, inputs: properties, after: [...existing] });
        await new Promise((resolve) => setTimeout(resolve, 10)); // as long as others are asked for that need not wait
        existing.push(name);
        return { id: `${name}-id`, state: properties };
      },
      call: () => ({}),
    },
    "project",
    "stack",
  );
  pulumi.runtime.setAllConfig(config);
  const exports = program();
  await pulumi.runtime.disconnect(); // ends when all is registered
  return { registered, exports };
}

export function getValue<Value>(output: pulumi.Output<Value>): Promise<Value> {
  return new Promise((resolve) => output.apply(resolve));
}
