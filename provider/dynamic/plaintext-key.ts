import * as pulumi from "@pulumi/pulumi";
import { isSecretConfig } from "./config-secrets";

const KEY = ["tokenKey", "tokenSecret"];

/** The runs that were warned. With Pulumi's Automation API, one process has several runs. */
const warned = new WeakSet<object>();

/** Warns once per run if the stack config contains the API key as plain text. */
export function warnAboutPlaintextKey(resource: pulumi.Resource | undefined): void {
  const run = pulumi.runtime.getStackResource();
  if (run !== undefined && warned.has(run)) return;
  const config = new pulumi.Config("clickhouse");
  const plain = KEY.filter((name) => config.get(name) && !isSecretConfig(`clickhouse:${name}`));
  if (plain.length === 0) return;
  if (run !== undefined) warned.add(run);
  const commands = plain.map((name) => `\`pulumi config set --secret clickhouse:${name}\``);
  void pulumi.log.warn(
    `the stack config contains ${plain.map((name) => `clickhouse:${name}`).join(" and ")} as plain text. Everybody who can read the ` +
      `repository or the state can read the key. Set it with ${commands.join(" and ")}, or only in the environment; ` +
      "then replace the key in ClickHouse Cloud",
    resource,
  );
}
