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
import { toEmulatorJson } from "./emulator-json";

interface CommandOptions {
  readonly port: number;
  readonly convergence: ConvergenceMs;
  readonly snapshot: number;
  readonly provisioning: number;
  readonly setup: number;
  readonly seed?: string;
  readonly logRequests?: true;
  readonly json?: true;
  /** False with `--no-rate-limit`. */
  readonly rateLimit: boolean;
  readonly guess: Partial<Guesses>;
}

/** Makes a line fit the terminal. */
type Wrap = (line: string) => string;

/** Creates `pulumi-clickpipes emulator`, which runs until it is interrupted. */
export function createEmulatorCommand(wrap: Wrap = (line) => line): Command {
  const command = new Command("emulator")
    .description("runs ClickHouse Cloud's ClickPipes API on this machine to try a stack")
    .option("--port <number>", "port to listen on, on loopback only; 0 takes a free port", parsePort, 0);
  addDurationOptions(command)
    .option("--seed <file>", "JSON file with the organizations, keys and services at the start; see below")
    .option("--log-requests", "print a line for each request")
    .option("--json", "print the address, environment, services and pipes as one line of JSON")
    .option("--no-rate-limit", "do not refuse more than 10 requests in 10 seconds")
    .addOption(
      new Option("--guess <name=value>", `behavior that the documentation leaves open: ${GUESS_SYNTAX}`)
        .argParser(parseGuess)
        .default({}, "see docs/guesses.md"),
    )
    .allowExcessArguments()
    .addCommand(createPipeCommand())
    .addHelpText("after", HELP);
  return command.action((options: CommandOptions) => {
    const [unknown] = command.args;
    if (unknown !== undefined) {
      command.error(`error: unknown command '${unknown}'\n(The only command of emulator is pipe.)`);
    }
    return run(options, wrap);
  });
}

function addDurationOptions(command: Command): Command {
  return command
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
    );
}

function createDurationOption(flag: string, description: string): Option {
  return new Option(`${flag} <time>`, description).argParser(parseDuration);
}

const HELP = `
Examples:
  npx pulumi-clickpipes emulator --convergence 5s
  npx pulumi-clickpipes emulator --seed seed.json
  npx pulumi-clickpipes emulator --port 4010 --json

A seed file. Each id is a UUID; \`state\`, \`cores\`, \`snapshotMs\` and \`settings\` may be left out:
${JSON.stringify(SEED_EXAMPLE, undefined, 2)}
A pipe with snapshotMs starts its initial load with the emulator, and may have provisioningMs and setupMs too; one with a state
stays in it.`;

async function run(options: CommandOptions, wrap: Wrap): Promise<void> {
  const { port, convergence, snapshot, provisioning, setup, seed, rateLimit, guess } = options;
  const { logRequests, json } = options;
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
  const start = json === true ? JSON.stringify(toEmulatorJson(emulator)) : describeUsage(emulator, wrap);
  process.stdout.write(`${start}\n`);
  // With --json, stdout has one line.
  const log = json === true ? process.stderr : process.stdout;
  if (logRequests === true) emulator.watch(createRequestLog((line) => log.write(line)));
  await interrupted;
  await emulator.close();
}

function describeUsage({ url, environment, cloud }: Emulator, wrap: Wrap): string {
  // A wrapped command would be another one.
  const commands = Object.entries(environment).map(
    ([name, value]) => `  export ${name}=${quoteForShell(value)}`,
  );
  return [
    wrap(`The emulated ClickHouse Cloud API runs at ${url}`),
    "",
    "To use it in a stack, set",
    ...commands,
    "",
    "It has",
    ...describeCloud(cloud).map(wrap),
    "",
    "Press Ctrl-C to stop.",
  ].join("\n");
}

function quoteForShell(value: string): string {
  return /^[\w:/.-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}
