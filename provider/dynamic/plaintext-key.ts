import * as pulumi from "@pulumi/pulumi";

const KEY = ["tokenKey", "tokenSecret"];

/** The runs of programs that were warned: with Pulumi's Automation API one process has several. */
const warned = new WeakSet<object>();

/** Warns, once in each run of a program, where the stack's config holds the API key unencrypted. */
export function warnAboutPlaintextKey(resource: pulumi.Resource | undefined): void {
  const run = pulumi.runtime.getStackResource();
  if (run !== undefined && warned.has(run)) return;
  const config = new pulumi.Config("clickhouse");
  const plain = KEY.filter((name) => config.get(name) && !isSecret(`clickhouse:${name}`));
  if (plain.length === 0) return;
  if (run !== undefined) warned.add(run);
  const commands = plain.map((name) => `\`pulumi config set --secret clickhouse:${name}\``);
  void pulumi.log.warn(
    `the stack's config holds ${plain.map((name) => `clickhouse:${name}`).join(" and ")} as plain text: whoever reads the ` +
      `repository, or the state, reads the key. Set it with ${commands.join(" and ")}, or keep it in the environment alone; ` +
      "then replace the key in ClickHouse Cloud",
    resource,
  );
}

/** What the SDK knows and its types do not name; present since before the oldest SDK that this package takes. */
function isSecret(key: string): boolean {
  const { isConfigSecret } = pulumi.runtime as { isConfigSecret?: (key: string) => boolean };
  return isConfigSecret?.(key) ?? true;
}
