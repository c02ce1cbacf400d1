#!/usr/bin/env node
import { program } from "commander";
import { emulatorCommand } from "../emulator/command";
import { probeCommand } from "./probe/command";
import { settleCommand } from "./settle/command";

program
  .name("pulumi-clickpipes")
  .description("Tools around ClickHouse Cloud's database ClickPipes in Pulumi stacks")
  .addCommand(emulatorCommand())
  .addCommand(probeCommand())
  .addCommand(settleCommand())
  .parseAsync()
  .catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
