import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import * as prettier from "prettier";
import { scaleFleet } from "../simulation/simulated-fleet";
import { removeEnvironment } from "../test/support/environment";
import { startProviderHarness } from "../test/support/provider-harness";
import { type BadInput, checkRefusals, listBadInputs } from "./bad-inputs";
import { listCrashes, runCrashes } from "./crash";
import { crashCli } from "./crash-cli";
import { crashProvider } from "./crash-provider";
import { describeTrial, listFaultTrials } from "./fault-matrix";
import { runTrial } from "./fault-trial";
import { FaultWorld } from "./fault-world";
import { renderMigrations, runMigrations } from "./migrations";
import type { CrashResults, SummaryRow, TrialResult } from "./results";
import { renderCrashes, renderFaults, renderIntroduction, renderSummary } from "./sections";
import type { SoakResult } from "./soak";
import {
  summarizeCrashes,
  summarizeFaults,
  summarizeFleet,
  summarizeRefusals,
  summarizeSecrets,
  summarizeSoak,
} from "./summary-rows";
import { UnreachableHosts } from "./unreachable-hosts";

const SOAK_PROCESS = join(__dirname, "soak-process.ts");
/** `npm run reliability -- 1` soaks for one minute; the document then says that the target is missed. */
const SOAK_MINUTES = Number(process.argv[2] ?? 30);

const DOCUMENT = join(__dirname, "..", "docs", "reliability.md");
/** Written by hand: which messages come most, and what to do. A unit test compares them with what is really said. */
const FAILURE_MESSAGES = join(__dirname, "failure-messages.md");

interface Results {
  readonly rows: readonly SummaryRow[];
  readonly faults: readonly TrialResult[];
  readonly crashes: CrashResults;
  readonly cliCrashes: CrashResults;
  readonly violations: readonly string[];
}

/** Runs everything, writes the document, and fails if an expectation is not met. */
async function run(): Promise<void> {
  const { rows, faults, crashes, cliCrashes, violations } = await measure();
  const sections = [
    renderIntroduction(),
    renderSummary(rows),
    readFileSync(FAILURE_MESSAGES, "utf8"),
    renderFaults(faults),
    renderCrashes(crashes, cliCrashes),
    renderMigrations(await runMigrations()),
  ];
  const options = { ...(await prettier.resolveConfig(DOCUMENT)), parser: "markdown" };
  writeFileSync(DOCUMENT, await prettier.format(sections.join("\n\n"), options));
  for (const violation of violations) print(violation);
  const missed = rows.filter(({ isMet }) => !isMet);
  for (const { what, result } of missed) print(`missed: ${what}: ${result}`);
  print("wrote docs/reliability.md");
  if (missed.length > 0) process.exitCode = 1;
}

async function measure(): Promise<Results> {
  const pendingSoak = startSoak();
  const inputs = listBadInputs();
  const refusals = await runRefusals(inputs);
  print(`${inputs.length} invalid inputs`);
  const oneProcess = await scaleFleet({ servicesOfEach: 40 });
  const fiveProcesses = await scaleFleet({ processes: 5, servicesOfEach: 40 });
  print("200 services");
  const faults = await runFaultTrials();
  const crashes = await runCrashes(listCrashes(), crashProvider, 6);
  print(`${crashes.size} kills of the provider`);
  const cliCrashes = await runCrashes(listCrashes(), crashCli, 3);
  await removeEnvironment();
  print(`${cliCrashes.size} kills of the CLI`);
  const soak = await pendingSoak;
  const rows = [
    summarizeFaults(faults),
    summarizeCrashes("kills of the provider process", crashes),
    summarizeCrashes("kills of the CLI", cliCrashes),
    summarizeRefusals(refusals),
    summarizeSecrets(faults),
    summarizeFleet("40 services of one process with one key", oneProcess, 0.02),
    summarizeFleet("200 services of five processes with one key", fiveProcesses, 0.1),
    summarizeSoak(soak),
  ];
  const named: readonly (readonly [string, readonly string[]])[] = [
    ...faults.map(({ trial, outcome }) => [describeTrial(trial), outcome.violations] as const),
    ...crashes,
    ...cliCrashes,
    ...inputs.map(({ name }, index) => [name, refusals[index] ?? []] as const),
    ["soak", soak.violations],
  ];
  const violations = named.flatMap(([name, all]) => all.map((violation) => `${name}: ${violation}`));
  return { rows, faults, crashes, cliCrashes, violations };
}

async function runRefusals(inputs: readonly BadInput[]): Promise<readonly string[][]> {
  const harness = await startProviderHarness();
  return checkRefusals(harness, inputs).finally(() => harness.close());
}

/** Runs the soak in a process of its own, so that nothing else is in its heap. */
async function startSoak(): Promise<SoakResult> {
  const child = spawn(process.execPath, ["-r", "ts-node/register", SOAK_PROCESS, String(SOAK_MINUTES)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const output = await text(child.stdout);
  print(`${SOAK_MINUTES} minutes of soak`);
  return JSON.parse(output) as SoakResult;
}

async function runFaultTrials(): Promise<TrialResult[]> {
  const hosts = await UnreachableHosts.open();
  const world = await FaultWorld.open(hosts);
  const all: TrialResult[] = [];
  try {
    const trials = listFaultTrials();
    for (const trial of trials) {
      all.push({ trial, outcome: await runTrial(world, trial) });
      if (all.length % 100 === 0) print(`${all.length} of ${trials.length} faults`);
    }
  } finally {
    await world.emulator.close();
    await hosts.close();
  }
  return all;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

run().catch((error: unknown) => {
  process.stderr.write(`${(error as Error).stack}\n`);
  process.exitCode = 1;
});
