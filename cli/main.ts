#!/usr/bin/env node
import { createRequire } from "node:module";
import { type Command, program } from "commander";

/** Each command only loads its own code, when it is called: a report doesn't need the client. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  emulator: async () => (await import("../emulator/command/emulator-command.js")).createEmulatorCommand(),
  "initial-load": async () => (await import("./initial-load/command.js")).initialLoadCommand(),
  report: async () => (await import("./report/command.js")).createReportCommand(),
};

async function main(): Promise<void> {
  program
    .name("pulumi-clickpipes")
    .description("Tools around ClickHouse Cloud's database ClickPipes in Pulumi stacks")
    .version(readVersion());
  const name = process.argv[2] ?? "";
  const called = Object.hasOwn(COMMANDS, name) ? [COMMANDS[name]] : Object.values(COMMANDS);
  for (const load of called) if (load !== undefined) program.addCommand(await load());
  await program.parseAsync();
}

function readVersion(): string {
  const manifest = createRequire(__filename)("pulumi-clickpipes/package.json") as {
    readonly version: string;
  };
  return manifest.version;
}

main().catch(async (error: unknown) => {
  const { describeError } = await import("../provider/remedies.js");
  process.stderr.write(`${error instanceof Error ? describeError(error) : String(error)}\n`);
  process.exitCode = 1;
});
