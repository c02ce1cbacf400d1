import { spawn } from "node:child_process";
import { cpSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { DEFAULT_KEY, DEFAULT_SERVICE_ID, startEmulator } from "../emulator";
import { hermeticEnvironment } from "./pulumi-cli/environment";
import { findCli } from "./pulumi-cli/find";

/**
 * The quickstart on the real CLI, against an emulated ClickHouse Cloud on this machine. It never reaches a real service: its
 * environment is its own, and no key of the user's is in it.
 */
const REPOSITORY = join(__dirname, "..");
const CONVERGENCE_MS = 4_500;

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function heading(text: string): void {
  say(`\n\u2500\u2500 ${text}`);
}

async function demo(): Promise<void> {
  const cli = await findCli(say);
  const environment = hermeticEnvironment(cli);
  const emulator = await startEmulator({ convergenceMs: CONVERGENCE_MS });
  const { cloud, journal } = emulator;
  const beganAtMs = performance.now();
  try {
    const project = projectIn(environment.folder);
    const variables = {
      ...environment.variables,
      CLICKHOUSE_API_URL: emulator.url,
      CLICKHOUSE_CLOUD_API_KEY: DEFAULT_KEY.id,
      CLICKHOUSE_CLOUD_API_SECRET: DEFAULT_KEY.secret,
    };
    const pulumi = (...options: string[]) => run(project, variables, options);

    say(
      `\nAn emulated ClickHouse Cloud runs at ${emulator.url}: one service with one Postgres ClickPipe, at 2 cores.\n` +
        `A change of size takes it ${CONVERGENCE_MS / 1_000} seconds here, where the real one takes 3 to 5 minutes.`,
    );
    await run(project, variables, ["stack", "init", "demo"], true);
    await run(project, variables, ["config", "set", "serviceId", DEFAULT_SERVICE_ID], true);
    await run(project, variables, ["config", "set", "cores", "8"], true);

    heading("The program wants 8 cores. A preview shows size and cost, and sends nothing:");
    await pulumi("preview", "--diff");
    heading("`up` asks for 8 cores, waits until the service has them, and says so:");
    await pulumi("up", "--yes", "--skip-preview");
    heading("`up` again finds nothing to do, and sends nothing:");
    await pulumi("up", "--yes", "--skip-preview");
    heading("Somebody sets 3 cores behind the stack's back. `preview --refresh` shows it:");
    cloud.setCores(DEFAULT_SERVICE_ID, 3);
    await pulumi("preview", "--refresh", "--diff");
    heading("`up --refresh` repairs it:");
    await pulumi("up", "--refresh", "--yes", "--skip-preview");
    heading("`destroy` puts back the 2 cores from before:");
    await pulumi("destroy", "--yes", "--skip-preview");

    const seconds = Math.round((performance.now() - beganAtMs) / 1_000);
    heading(
      `That took ${journal.count()} requests, ${journal.count("PATCH")} of them changes, and ${seconds} s. ` +
        `The service is back at ${cloud.getCores(DEFAULT_SERVICE_ID)} cores.`,
    );
  } finally {
    await emulator.close();
    environment.remove();
  }
}

/** A copy of the quickstart outside the repository, where it resolves the package as a user's does. */
function projectIn(folder: string): string {
  const project = join(folder, "quickstart");
  cpSync(join(REPOSITORY, "examples", "quickstart"), project, {
    recursive: true,
    filter: (path) => !path.endsWith("node_modules"),
  });
  mkdirSync(join(project, "node_modules"));
  symlinkSync(REPOSITORY, join(project, "node_modules", "pulumi-clickpipes"));
  for (const name of ["@pulumi", "typescript"]) {
    symlinkSync(join(REPOSITORY, "node_modules", name), join(project, "node_modules", name));
  }
  return project;
}

function run(cwd: string, env: NodeJS.ProcessEnv, options: string[], isQuiet = false): Promise<void> {
  if (!isQuiet) say(`$ pulumi ${options.join(" ")}\n`);
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
