import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Stack } from "../test/support/stack";

const WITNESS = join(__dirname, "witness.cjs");

/** One of a command's Node processes, as it was at its end. */
export interface NodeProcess {
  readonly cpuMs: number;
  readonly peakMb: number;
}

/** What a command of the CLI took. */
export interface Measured {
  readonly wallMs: number;
  readonly output: string;
  /** The process that runs the program. */
  readonly program: NodeProcess;
  /** The process that runs the dynamic provider. */
  readonly provider: NodeProcess;
}

const NONE: NodeProcess = { cpuMs: 0, peakMb: 0 };

/** Runs a command that succeeds, and takes its time and its processes' memory. */
export async function measured(stack: Stack, command: string, ...options: string[]): Promise<Measured> {
  const folder = mkdtempSync(join(stack.folder, "witness-"));
  const before = stack.variables;
  const required = [before.NODE_OPTIONS, `--require ${WITNESS}`].filter(Boolean).join(" ");
  stack.variables = { ...before, NODE_OPTIONS: required, BENCH_WITNESS: folder };
  try {
    const beganAtMs = performance.now();
    const output = await stack.succeeds(command, ...options);
    const wallMs = performance.now() - beganAtMs;
    const seen = readdirSync(folder).map(
      (name) =>
        JSON.parse(readFileSync(join(folder, name), "utf8")) as {
          command: string;
          cpuMs: number;
          peakMb: number;
        },
    );
    const of = (part: RegExp) => seen.find((one) => part.test(one.command)) ?? NONE;
    return { wallMs, output, program: of(/cmd.run/), provider: of(/cmd.dynamic-provider/) };
  } finally {
    stack.variables = before;
    rmSync(folder, { recursive: true, force: true });
  }
}
