import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as prettier from "prettier";
import { DEFAULT_ORGANIZATION_ID, DEFAULT_SERVICE_ID, type Emulator, startEmulator } from "../emulator";
import { createFolder, removeEnvironment } from "../test/support/environment";
import { createProgram, declareCompute } from "../test/support/program";
import { linkPackages, REPOSITORY } from "../test/support/project";
import { Stack } from "../test/support/stack";

const FIXTURES = join(REPOSITORY, "test", "fixtures", "state");

/** `ts-node tools/state-fixtures.ts`: keeps what the built package makes the real CLI write, for later versions to read. */
async function createFixtures(version: string): Promise<void> {
  await writeFixture(version, async (emulator, stack) => {
    stack.write(createProgram(declareCompute("orders", { cores: 8 })));
    await stack.runSuccessfully("up");
  });
  await writeFixture(`${version}-pending`, async (emulator, stack) => {
    const createSlowProgram = (cores: number) => {
      const args = { cores, organizationId: DEFAULT_ORGANIZATION_ID };
      return createProgram(
        declareCompute("orders", args, `{ customTimeouts: { create: "40m", update: "3s" } }`),
      );
    };
    stack.write(createSlowProgram(8));
    await stack.runSuccessfully("up");
    emulator.cloud.convergenceMs = 3_600_000;
    stack.write(createSlowProgram(16));
    await stack.runFailing("up");
  });
  await writeFixture(`${version}-initial-load`, async (emulator, stack) => {
    for (const { id } of emulator.cloud.getService(DEFAULT_SERVICE_ID).pipes) {
      emulator.cloud.setPipeState(DEFAULT_SERVICE_ID, id, "Snapshot");
    }
    const initialLoad = { cores: 8, endBy: "2099-12-01T00:00:00Z" };
    stack.write(createProgram(declareCompute("orders", { cores: 2, initialLoad })));
    await stack.runSuccessfully("up");
  });
}

/** Writes the resource that the work leaves in the state, unless the fixture is there: it is never changed. */
async function writeFixture(
  name: string,
  work: (emulator: Emulator, stack: Stack) => Promise<void>,
): Promise<void> {
  const file = join(FIXTURES, `${name}.json`);
  if (existsSync(file)) return;
  const emulator = await startEmulator({ convergenceMs: 0, rateLimit: "none" });
  try {
    const stack = await createShop(emulator);
    await work(emulator, stack);
    const { inputs, outputs } = (await stack.findScaling()) ?? {};
    writeFileSync(file, await prettier.format(JSON.stringify({ inputs, outputs }), { parser: "json" }));
  } finally {
    await emulator.close();
    await removeEnvironment();
  }
}

async function createShop(emulator: Emulator): Promise<Stack> {
  const folder = await createFolder();
  writeFileSync(join(folder, "Pulumi.yaml"), "name: shop\nruntime: nodejs\nmain: index.js\n");
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "program", private: true }));
  linkPackages(folder);
  return Stack.createIn(folder, emulator);
}

const { version } = JSON.parse(readFileSync(join(REPOSITORY, "package.json"), "utf8")) as {
  version: string;
};

createFixtures(version).catch((error: unknown) => {
  process.stderr.write(`${(error as Error).stack}\n`);
  process.exitCode = 1;
});
