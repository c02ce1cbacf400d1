import { Command, Option } from "commander";
import {
  type ConvergenceMs,
  DEFAULT_CONVERGENCE_MS,
  DEFAULT_PROVISIONING_MS,
  DEFAULT_SETUP_MS,
  DEFAULT_SNAPSHOT_MS,
} from "../cloud/cloud-options";
import type { Guesses } from "../cloud/guesses";
import { type Emulator, startEmulator } from "../server/start-emulator";
import { describeCloud } from "./describe-cloud";
import { createRequestLog } from "./log-requests";
import { GUESS_SYNTAX, parseConvergence, parseDuration, parseGuess, parsePort } from "./parse-options";
import { createPipeCommand } from "./pipe-command";
import { readSeedFile, SEED_EXAMPLE } from "./seed-file";

interface CommandOptions {
  readonly port: number;
  readonly convergence: ConvergenceMs;
  readonly snapshot: number;
  readonly provisioning: number;
  readonly setup: number;
  readonly seed?: string;
  readonly logRequests?: true;
  /** False with `--no-rate-limit`. */
  readonly rateLimit: boolean;
  readonly guess: Partial<Guesses>;
}

/** Creates `pulumi-clickpipes emulator`, which runs until it is interrupted. */
export function createEmulatorCommand(): Command {
  return new Command("emulator")
    .description("run ClickHouse Cloud's ClickPipes API on this machine to try a stack")
    .option("--port <number>", "port to listen on, on loopback only; 0 takes a free port", parsePort, 0)
    .addOption(
      new Option("--convergence <time>", "how long a change of size takes: 3s, or a range: 180s-300s")
        .argParser(parseConvergence)
        .default(DEFAULT_CONVERGENCE_MS, "180s-300s"),
    )
    .addOption(
      createDurationOption(
        "--snapshot",
        "how long the initial load of a new or resynced pipe takes: 90s, 20m, 6h",
      ).default(DEFAULT_SNAPSHOT_MS, "10m"),
    )
    .addOption(
      createDurationOption("--provisioning", "how long a new pipe is Provisioning, before Setup").default(
        DEFAULT_PROVISIONING_MS,
        "30s",
      ),
    )
    .addOption(
      createDurationOption("--setup", "how long a new pipe is in Setup, before its initial load").default(
        DEFAULT_SETUP_MS,
        "30s",
      ),
    )
    .option("--seed <file>", "JSON file with the organizations, keys and services at the start; see below")
    .option("--log-requests", "print a line for each request")
    .option("--no-rate-limit", "do not refuse more than 10 requests in 10 seconds")
    .addOption(
      new Option("--guess <name=value>", `behavior that the documentation leaves open: ${GUESS_SYNTAX}`)
        .argParser(parseGuess)
        .default({}, "see docs/guesses.md"),
    )
    .action(run)
    .addCommand(createPipeCommand())
    .addHelpText("after", SEED_HELP);
}

function createDurationOption(flag: string, description: string): Option {
  return new Option(`${flag} <time>`, description).argParser(parseDuration);
}

const SEED_HELP = `
A seed file. Each id is a UUID; \`state\`, \`cores\`, \`snapshotMs\` and \`settings\` may be left out:
  ${JSON.stringify(SEED_EXAMPLE, undefined, 2).replaceAll("\n", "\n  ")}
A pipe with snapshotMs starts its initial load with the emulator, and may have provisioningMs and setupMs too; one with a state
stays in it.
`;

async function run(options: CommandOptions): Promise<void> {
  const { port, convergence, snapshot, provisioning, setup, seed, rateLimit, guess, logRequests } = options;
  const emulator = await startEmulator({
    port,
    convergenceMs: convergence,
    snapshotMs: snapshot,
    provisioningMs: provisioning,
    setupMs: setup,
    guesses: guess,
    ...(seed === undefined ? {} : { seed: readSeedFile(seed) }),
    ...(rateLimit ? {} : { rateLimit: "none" }),
  });
  const interrupted = new Promise<void>((resolve) => {
    process.once("SIGINT", resolve);
    process.once("SIGTERM", resolve);
  });
  process.stdout.write(describeUsage(emulator));
  if (logRequests === true) emulator.watch(createRequestLog((line) => process.stdout.write(line)));
  await interrupted;
  await emulator.close();
}

function describeUsage({ url, environment, cloud }: Emulator): string {
  const lines = [
    `The emulated ClickHouse Cloud API runs at ${url}`,
    "",
    "To use it in a stack, set",
    ...Object.entries(environment).map(([name, value]) => `  export ${name}=${quoteForShell(value)}`),
    "",
    "It has",
    ...describeCloud(cloud),
    "",
    "Press Ctrl-C to stop.",
  ];
  return `${lines.join("\n")}\n`;
}

function quoteForShell(value: string): string {
  return /^[\w:/.-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}
