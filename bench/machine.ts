import { readFileSync } from "node:fs";
import { cpus, loadavg, release, totalmem, type } from "node:os";
import { join } from "node:path";
import { findCli } from "../tools/pulumi-cli/find";

/** What a figure was measured on. */
export interface Machine {
  readonly processors: string;
  readonly memoryGib: number;
  readonly system: string;
  readonly node: string;
  readonly sdk: string;
  readonly cli: string;
}

export async function machine(): Promise<Machine> {
  const manifest = require.resolve("@pulumi/pulumi/package.json");
  return {
    processors: `${cpus().length} x ${cpus()[0]?.model.trim() ?? "unknown"}`,
    memoryGib: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release().split("-")[0]}`,
    node: process.versions.node,
    sdk: (JSON.parse(readFileSync(manifest, "utf8")) as { version: string }).version,
    cli: (await findCli()).version,
  };
}

/** Processes that wanted a processor in the last minute: more than there are processors, and times are those of a queue. */
export function load(): number {
  return Math.round((loadavg()[0] ?? 0) * 10) / 10;
}

export const REPOSITORY = join(__dirname, "..");
