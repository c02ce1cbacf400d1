#!/usr/bin/env node
import { createRequire } from "node:module";
import { type Command, program } from "commander";
import { adaptCommand } from "./terminal/adapt-command";
import { Terminal } from "./terminal/terminal";

const STDOUT = new Terminal(process.stdout);

/** Each command only loads its own code, when it is called: a report doesn't need the client. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  emulator: async () => {
    const { createEmulatorCommand } = await import("../emulator/command/emulator-command.js");
    return createEmulatorCommand((line) => STDOUT.wrap(line));
  },
  "initial-load": async () => (await import("./initial-load/command.js")).initialLoadCommand(),
  report: async () => (await import("./report/command.js")).createReportCommand(),
};

async function main(): Promise<void> {
  const { version, homepage } = readManifest();
  program
    .name("pulumi-clickpipes")
    .description("Tools around ClickHouse Cloud's database ClickPipes in Pulumi stacks")
    .version(version)
    .addHelpText("after", EXAMPLES);
  const name = process.argv[2] ?? "";
  const called = Object.hasOwn(COMMANDS, name) ? [COMMANDS[name]] : Object.values(COMMANDS);
  for (const load of called) if (load !== undefined) program.addCommand(await load());
  program.addHelpText("afterAll", `\nDocumentation: ${homepage ?? "docs/reference/commands.md"}`);
  await adaptCommand(program).parseAsync();
}

const EXAMPLES = `
Examples:
  npx pulumi-clickpipes report --help
  npx pulumi-clickpipes emulator --convergence 5s`;

interface Manifest {
  readonly version: string;
  readonly homepage?: string;
}

function readManifest(): Manifest {
  return createRequire(__filename)("pulumi-clickpipes/package.json") as Manifest;
}

main().catch(async (error: unknown) => {
  const { describeError } = await import("../provider/remedies.js");
  const stderr = new Terminal(process.stderr);
  const text = error instanceof Error ? describeError(error) : String(error);
  stderr.print(stderr.styleFirstLine("red", text));
  process.exitCode = 1;
});
