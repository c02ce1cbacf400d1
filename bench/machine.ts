import { readFileSync } from "node:fs";
import { cpus, loadavg, release, totalmem, type } from "node:os";
import { join } from "node:path";
import { findCli } from "../tools/pulumi-cli/find";

/** The machine and the versions of a measurement. */
export interface Machine {
  readonly processors: string;
  readonly memoryGib: number;
  readonly system: string;
  readonly node: string;
  readonly sdk: string;
  readonly cli: string;
}

export async function describeMachine(): Promise<Machine> {
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

/** The load average of the last minute. Above the number of processors, times include waiting for one. */
export function readLoad(): number {
  return Math.round((loadavg()[0] ?? 0) * 10) / 10;
}

export const REPOSITORY = join(__dirname, "..");
