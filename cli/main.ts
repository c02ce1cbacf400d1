#!/usr/bin/env node
import { runEmulator } from "../emulator/command";

const USAGE = `usage: pulumi-clickpipes <command> [options]

  emulator   ClickHouse Cloud's endpoints on this machine, to try a stack against
`;

async function main([command, ...options]: string[]): Promise<void> {
  if (command === "emulator") return runEmulator(options);
  process.stderr.write(USAGE);
  process.exitCode = command === undefined || command === "help" || command === "--help" ? 0 : 2;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
