import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import * as prettier from "prettier";
import { faultMatrix, nameOf } from "./fault-matrix";
import { crashMatrix, survivals } from "./crash";
import { cliSurvived } from "./crash-cli";
import { providerSurvived } from "./crash-provider";
import { badInputs, refusals } from "./bad-inputs";
import { scaleFleet } from "../simulation/simulated-fleet";
import type { SoakResult } from "./soak";
import { tried } from "./fault-trial";
import { startProviderHarness } from "../test/support/provider-harness";
import { removeEnvironment } from "../test/support/environment";
import { UnreachableHosts } from "./unreachable-hosts";
import { crashRow, faultRow, limitRow, refusalRow, secretRow, soakRow, summary } from "./summary-rows";
import { crashSection, faultSection, intro, type Tried } from "./sections";
import { World } from "./fault-world";

const SOAK = join(__dirname, "soak-process.ts");
/** `npm run reliability -- 1` soaks for one minute; the document says that this is too short. */
const SOAK_MINUTES = Number(process.argv[2] ?? 30);

const DOCUMENT = join(__dirname, "..", "docs", "reliability.md");

/** Tries everything, writes the document, and fails where a promise was broken. */
async function reliability(): Promise<void> {
  const soaking = soaked();
  const inputs = badInputs();
  const on = await startProviderHarness();
  const refused = await refusals(on, inputs).finally(() => on.close());
  say(`${inputs.length} bad inputs`);
  const fleets = {
    one: await scaleFleet({ servicesOfEach: 40 }),
    five: await scaleFleet({ processes: 5, servicesOfEach: 40 }),
  };
  say("200 services");
  const faults = await faultTrials();
  const crashes = await survivals(crashMatrix(), providerSurvived, 6);
  say(`${crashes.size} kills of the provider`);
  const cliCrashes = await survivals(crashMatrix(), cliSurvived, 3);
  await removeEnvironment();
  say(`${cliCrashes.size} kills of the CLI`);
  const soak = await soaking;
  const rows = [
    faultRow(faults),
    crashRow("kills of the provider process", crashes),
    crashRow("kills of the CLI", cliCrashes),
    refusalRow(refused),
    secretRow(faults),
    limitRow("40 services of one process on one key", fleets.one, 0.02),
    limitRow("200 services of five processes on one key", fleets.five, 0.1),
    soakRow(soak),
  ];
  const title = "# What goes wrong, and what becomes of it";
  const sections = [title, intro(), summary(rows), faultSection(faults), crashSection(crashes, cliCrashes)];
  writeFileSync(
    DOCUMENT,
    await prettier.format(sections.join("\n\n"), {
      ...(await prettier.resolveConfig(DOCUMENT)),
      parser: "markdown",
    }),
  );
  const failed = faults.filter(({ outcome }) => outcome.broken.length > 0);
  for (const { trial, outcome } of failed) say(`${nameOf(trial)}: ${outcome.broken.join("; ")}`);
  const crashed = [...crashes, ...cliCrashes].filter(([, broken]) => broken.length > 0);
  for (const [name, broken] of crashed) say(`${name}: ${broken.join("; ")}`);
  refused.forEach((broken, index) => {
    if (broken.length > 0) say(`${inputs[index]?.name}: ${broken.join("; ")}`);
  });
  for (const broken of soak.broken) say(`soak: ${broken}`);
  const unmet = rows.filter(({ isMet }) => !isMet);
  for (const { what, result } of unmet) say(`not met: ${what}: ${result}`);
  say("docs/reliability.md is written");
  if (unmet.length > 0) process.exitCode = 1;
}

/** In a process of its own, for its memory. */
async function soaked(): Promise<SoakResult> {
  const child = spawn(process.execPath, ["-r", "ts-node/register", SOAK, String(SOAK_MINUTES)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const output = await text(child.stdout);
  say(`${SOAK_MINUTES} minutes of soak`);
  return JSON.parse(output) as SoakResult;
}

async function faultTrials(): Promise<Tried[]> {
  const hosts = await UnreachableHosts.open();
  const world = await World.open(hosts);
  const all: Tried[] = [];
  try {
    const trials = faultMatrix();
    for (const trial of trials) {
      all.push({ trial, outcome: await tried(world, trial) });
      if (all.length % 100 === 0) say(`${all.length} of ${trials.length} faults`);
    }
  } finally {
    await world.emulator.close();
    await hosts.close();
  }
  return all;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

reliability().catch((error: unknown) => {
  process.stderr.write(`${(error as Error).stack}\n`);
  process.exitCode = 1;
});
