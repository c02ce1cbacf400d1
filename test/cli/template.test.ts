import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { satisfies } from "semver";
import { DEFAULT_SERVICE_ID, type Emulator, startEmulator } from "../../emulator";
import manifest from "../../package.json";
import type * as program from "../../templates/typescript";
import { createFolder, getEnvironment } from "../support/environment";
import { REPOSITORY } from "../support/project";
import { Stack } from "../support/stack";

const TEMPLATE = join(REPOSITORY, "templates", "typescript");
const OUTPUTS: readonly (keyof typeof program)[] = ["cores", "usdPerHour", "usdPerMonth"];

describe("the template typescript", () => {
  let emulator: Emulator;
  let stack: Stack;

  before(async () => {
    emulator = await startEmulator({ convergenceMs: 0 });
    const folder = await createFolder();
    const { variables } = await getEnvironment();
    const answers = ["--name", "shop", "--description", "Our pipes", "--yes", "--non-interactive"];
    await promisify(execFile)("pulumi", ["new", TEMPLATE, "--generate-only", ...answers], {
      cwd: folder,
      env: variables,
    });
    stack = await Stack.createFromCopy(folder, emulator);
  });
  after(() => emulator.close());

  const generated = (file: string) => readFileSync(join(stack.folder, file), "utf8");

  it("generates a project with the name and the description that were asked for", () => {
    assert.match(generated("Pulumi.yaml"), /^name: shop\n[^]*^description: Our pipes\n/m);
    assert.match(generated("package.json"), /"name": "shop"/);
  });

  it("depends on a range that the version of this package is in", () => {
    const { dependencies } = JSON.parse(generated("package.json")) as typeof manifest;
    const range = (dependencies as Record<string, string>)["pulumi-clickpipes"] ?? "none";
    assert.ok(satisfies(manifest.version, range), range);
  });

  it("keeps what is installed out of the user's repository", () =>
    assert.equal(generated(".gitignore"), "node_modules/\n"));

  it("generates a project that names its missing service", async () =>
    assert.match(await stack.runFailing("preview"), /missing configuration value 'serviceId'/));

  it("generates a project that previews with the default size, then scales and is destroyed", async () => {
    await stack.runSuccessfully("config", "set", "serviceId", DEFAULT_SERVICE_ID);
    const preview = await stack.runSuccessfully("preview");
    for (const output of OUTPUTS) assert.match(preview, new RegExp(`\\b${output} *: `));
    assert.match(preview, /usdPerMonth: 146\b/);
    await stack.runSuccessfully("config", "set", "cores", "8");
    await stack.runSuccessfully("up");
    assert.equal(emulator.cloud.getCores(DEFAULT_SERVICE_ID), 8);
    await stack.runSuccessfully("destroy");
    assert.equal(emulator.cloud.getCores(DEFAULT_SERVICE_ID), 2);
  });
});
