import { readFileSync } from "node:fs";
import { join } from "node:path";
import { findCli } from "../../tools/pulumi-cli/find";

/** The module of Node's language host up to the last release that could be had as one; it can't run policy packs. */
const OLD_LANGUAGE_HOST = "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs";

/** Why the CLI can't run a policy pack. Undefined if it can. */
export async function findPolicyPackObstacle(): Promise<string | undefined> {
  const { folder, version, from } = await findCli();
  const host = readFileSync(join(folder, "pulumi-language-nodejs"));
  if (!host.includes(OLD_LANGUAGE_HOST)) return undefined;
  return `Pulumi ${version} (${from}) has a language host from before policy packs; an official release has its own`;
}
