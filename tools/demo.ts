import { spawn } from "node:child_process";
import { DEFAULT_KEY, DEFAULT_SERVICE_ID, type Emulator, startEmulator } from "../emulator";
import { createHermeticEnvironment } from "./pulumi-cli/environment";
import { findCli } from "./pulumi-cli/find";
import { copyQuickstart } from "./quickstart";

/**
 * Runs the quickstart with the real CLI against an emulated ClickHouse Cloud on this machine. It never reaches a real service: it has
 * an environment of its own, without the user's keys.
 */
const CONVERGENCE_MS = 4_500;

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function printHeading(text: string): void {
  print(`\n\u2500\u2500 ${text}`);
}

async function demo(): Promise<void> {
  const cli = await findCli(print);
  const environment = createHermeticEnvironment(cli);
  const emulator = await startEmulator({ convergenceMs: CONVERGENCE_MS });
  const beganAtMs = performance.now();
  try {
    const project = copyQuickstart(environment.folder);
    const variables = {
      ...environment.variables,
      CLICKHOUSE_API_URL: emulator.url,
      CLICKHOUSE_CLOUD_API_KEY: DEFAULT_KEY.id,
      CLICKHOUSE_CLOUD_API_SECRET: DEFAULT_KEY.secret,
    };
    print(
      `\nAn emulated ClickHouse Cloud runs at ${emulator.url}. It has one service with one Postgres ClickPipe, at 2 cores.\n` +
        `A change of size takes ${CONVERGENCE_MS / 1_000} seconds here; the real one takes 3 to 5 minutes.`,
    );
    await run(project, variables, ["stack", "init", "demo"], true);
    await run(project, variables, ["config", "set", "serviceId", DEFAULT_SERVICE_ID], true);
    await run(project, variables, ["config", "set", "cores", "8"], true);
    await showCommands(emulator, (...options) => run(project, variables, options));
    const { cloud, journal } = emulator;
    const seconds = Math.round((performance.now() - beganAtMs) / 1_000);
    printHeading(
      `That took ${journal.count()} requests, ${journal.count("PATCH")} of them changes, and ${seconds} s. ` +
        `The service is back at ${cloud.getCores(DEFAULT_SERVICE_ID)} cores.`,
    );
  } finally {
    await emulator.close();
    environment.remove();
  }
}

async function showCommands(
  { cloud }: Emulator,
  runPulumi: (...options: string[]) => Promise<void>,
): Promise<void> {
  printHeading("The program declares 8 cores. A preview shows size and cost, and sends nothing:");
  await runPulumi("preview", "--diff");
  printHeading("`up` requests 8 cores and waits until the service has them:");
  await runPulumi("up", "--yes", "--skip-preview");
  printHeading("`up` again finds nothing to do, and sends nothing:");
  await runPulumi("up", "--yes", "--skip-preview");
  printHeading("Somebody sets 3 cores outside Pulumi. `preview --refresh` shows it:");
  cloud.setCores(DEFAULT_SERVICE_ID, 3);
  await runPulumi("preview", "--refresh", "--diff");
  printHeading("`up --refresh` repairs it:");
  await runPulumi("up", "--refresh", "--yes", "--skip-preview");
  printHeading("`destroy` restores the original 2 cores:");
  await runPulumi("destroy", "--yes", "--skip-preview");
}

function run(cwd: string, env: NodeJS.ProcessEnv, options: string[], isQuiet = false): Promise<void> {
  if (!isQuiet) print(`$ pulumi ${options.join(" ")}\n`);
  const color = process.stdout.isTTY ? "always" : "never";
  const child = spawn("pulumi", [...options, "--color", color], {
    cwd,
    env,
    stdio: ["ignore", isQuiet ? "ignore" : "inherit", isQuiet ? "ignore" : "inherit"],
  });
  const passOn = (signal: NodeJS.Signals) => child.kill(signal);
  process.on("SIGINT", passOn).on("SIGTERM", passOn);
  return new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) =>
      code === 0 ? resolve() : reject(new Error(`pulumi ${options.join(" ")} ended with ${code}`)),
    );
  }).finally(() => process.off("SIGINT", passOn).off("SIGTERM", passOn));
}

demo().catch((error: unknown) => {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
});
