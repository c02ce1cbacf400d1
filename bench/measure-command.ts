import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Stack } from "../test/support/stack";

const RECORDER = join(__dirname, "record-usage.cjs");

/** What one Node process had used at its end. */
export interface ProcessUsage {
  readonly cpuMs: number;
  readonly peakMb: number;
}

/** What a command of the CLI took. */
export interface CommandUsage {
  readonly wallMs: number;
  readonly output: string;
  /** The process that runs the program. */
  readonly program: ProcessUsage;
  /** The process that runs the dynamic provider. */
  readonly provider: ProcessUsage;
}

const NO_USAGE: ProcessUsage = { cpuMs: 0, peakMb: 0 };

/** Runs a command that has to succeed, and measures its time and the processor time and memory of its Node processes. */
export async function measureCommand(
  stack: Stack,
  command: string,
  ...options: string[]
): Promise<CommandUsage> {
  const folder = mkdtempSync(join(stack.folder, "usage-"));
  const before = stack.variables;
  const nodeOptions = [before.NODE_OPTIONS, `--require ${RECORDER}`].filter(Boolean).join(" ");
  stack.variables = { ...before, NODE_OPTIONS: nodeOptions, BENCH_USAGE_FOLDER: folder };
  try {
    const beganAtMs = performance.now();
    const output = await stack.runSuccessfully(command, ...options);
    const wallMs = performance.now() - beganAtMs;
    const records = readdirSync(folder).map((name) => readRecord(join(folder, name)));
    const find = (pattern: RegExp) => records.find((record) => pattern.test(record.command)) ?? NO_USAGE;
    return { wallMs, output, program: find(/cmd.run/), provider: find(/cmd.dynamic-provider/) };
  } finally {
    stack.variables = before;
    rmSync(folder, { recursive: true, force: true });
  }
}

function readRecord(path: string): ProcessUsage & { readonly command: string } {
  return JSON.parse(readFileSync(path, "utf8")) as ProcessUsage & { readonly command: string };
}
