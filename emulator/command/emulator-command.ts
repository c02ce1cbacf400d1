import { Argument, Command, InvalidArgumentError, Option } from "commander";
import type { Convergence } from "../cloud/cloud";
import { GUESS_VALUES, type Guesses } from "../cloud/guesses";
import { PIPE_ACTIONS } from "../cloud/pipe-actions";
import { DEFAULT_KEY, DEFAULT_SERVICE_ID } from "../cloud/seed";
import { readSeedFile } from "./seed-file";
import { DEFAULT_SNAPSHOT_MS, type EmulatorOptions, startEmulator } from "../server/start-emulator";

const GUESSES = Object.entries(GUESS_VALUES).map(([name, values]) => `${name}=${values.join("|")}`);

/** `pulumi-clickpipes emulator`: runs until it is interrupted. */
export function createEmulatorCommand(): Command {
  return new Command("emulator")
    .description("ClickHouse Cloud's ClickPipes endpoints on this machine, to try a stack against")
    .option("--port <number>", "where it listens, on loopback; 0 takes a free port", portOf, 0)
    .addOption(
      new Option("--convergence <time>", "how long a change of size takes to arrive: 3s, or 180s-300s")
        .argParser(convergenceOf)
        .default([180_000, 300_000], "180s-300s"),
    )
    .addOption(
      new Option(
        "--snapshot <time>",
        "how long the initial load takes of a pipe that is created or resynced: 90s, 20m, 6h",
      )
        .argParser(timeOf)
        .default(DEFAULT_SNAPSHOT_MS, "10m"),
    )
    .option("--seed <file>", "JSON of the organizations, keys and services that it begins with")
    .option("--unlimited", "no limit of 10 requests in 10 seconds")
    .addOption(
      new Option("--guess <name=value>", `what the documentation leaves open: ${GUESSES.join(", ")}`)
        .argParser(withGuess)
        .default({}, "see the README"),
    )
    .action(run)
    .addCommand(pipeCommand());
}

/** `pulumi-clickpipes emulator pipe`: tells a running emulator what happens to a pipe. */
function pipeCommand(): Command {
  return new Command("pipe")
    .description("lets something happen to a ClickPipe of an emulator that runs")
    .addArgument(new Argument("<action>", "what happens to it").choices(Object.keys(PIPE_ACTIONS)))
    .argument("<pipe>", "the pipe's id")
    .option("--at <address>", "the emulator's address, as it printed it; default: CLICKHOUSE_API_URL")
    .action(tellPipe);
}

async function tellPipe(action: string, pipeId: string, { at }: { at?: string }): Promise<void> {
  const address = at ?? process.env.CLICKHOUSE_API_URL;
  if (address === undefined)
    throw new Error("which emulator? Name its address with --at, or in CLICKHOUSE_API_URL");
  const response = await fetch(
    new URL(`/__emulator/pipes/${encodeURIComponent(pipeId)}/${action}`, address),
    {
      method: "POST",
    },
  );
  if (response.ok) return;
  const { error } = (await response.json().catch(() => ({}))) as { error?: string };
  throw new Error(error ?? `${address} is no emulator: it answered ${response.status}`);
}

interface Chosen {
  readonly port: number;
  readonly convergence: Convergence;
  readonly snapshot: number;
  readonly seed?: string;
  readonly unlimited?: true;
  readonly guess: Partial<Guesses>;
}

async function run({ port, convergence, snapshot, seed, unlimited, guess }: Chosen): Promise<void> {
  const options: EmulatorOptions = {
    port,
    convergenceMs: convergence,
    snapshotMs: snapshot,
    guesses: guess,
    ...(seed === undefined ? {} : { seed: readSeedFile(seed) }),
    ...(unlimited ? { rateLimit: "none" } : {}),
  };
  const emulator = await startEmulator(options);
  process.stdout.write(
    [
      `ClickHouse Cloud's ClickPipes endpoints, emulated at ${emulator.url}`,
      "",
      "Point a stack at it with",
      `  export CLICKHOUSE_API_URL=${emulator.url}`,
      ...(seed === undefined
        ? [
            `  export CLICKHOUSE_CLOUD_API_KEY=${DEFAULT_KEY.id} CLICKHOUSE_CLOUD_API_SECRET=${DEFAULT_KEY.secret}`,
            `and the service id ${DEFAULT_SERVICE_ID}. Ctrl-C ends it.`,
          ]
        : [`and keys and services of ${seed}. Ctrl-C ends it.`]),
      "",
    ].join("\n"),
  );
  await new Promise<void>((resolve) => {
    process.once("SIGINT", resolve);
    process.once("SIGTERM", resolve);
  });
  await emulator.close();
}

function portOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new InvalidArgumentError("It takes a whole number from 0 to 65535.");
}

function convergenceOf(text: string): Convergence {
  const range = /^(\d+(?:\.\d+)?)s(?:-(\d+(?:\.\d+)?)s)?$/.exec(text);
  if (range === null)
    throw new InvalidArgumentError("It takes seconds, such as 3s, or a range, such as 180s-300s.");
  const minMs = Number(range[1]) * 1_000;
  return range[2] === undefined ? minMs : [minMs, Number(range[2]) * 1_000];
}

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };

function timeOf(text: string): number {
  const [, amount, unit = ""] = /^(\d+(?:\.\d+)?)([smh])$/.exec(text) ?? [];
  const unitMs = UNIT_MS[unit];
  if (amount === undefined || unitMs === undefined)
    throw new InvalidArgumentError("It takes seconds, minutes or hours, such as 90s, 20m or 6h.");
  return Number(amount) * unitMs;
}

function withGuess(text: string, guesses: Partial<Guesses>): Partial<Guesses> {
  const [name, wanted] = text.split("=");
  const values: readonly unknown[] =
    Object.entries(GUESS_VALUES).find(([known]) => known === name)?.[1] ?? [];
  const value = values.find((known) => String(known) === wanted);
  if (name !== undefined && value !== undefined) return { ...guesses, [name]: value };
  throw new InvalidArgumentError(`It takes one of ${GUESSES.join(", ")}.`);
}
