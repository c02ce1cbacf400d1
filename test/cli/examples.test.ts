import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { load } from "js-yaml";
import { DEFAULT_SERVICE_ID, type Emulator, type Seed, startEmulator } from "../../emulator";
import { getEnvironment } from "../support/environment";
import { REPOSITORY } from "../support/project";
import { installProject, Stack } from "../support/stack";

const run = promisify(execFile);

interface Project {
  readonly name: string;
  readonly config: Readonly<Record<string, { type?: string; description?: string; default?: unknown }>>;
}

/** The review's own test is in review.test.ts. */
const EXAMPLES = readdirSync(join(REPOSITORY, "examples")).filter((name) => name !== "review");

/** The sizes of the emulator's services after the commands of the README. The PostgreSQL provider's plugin is not part of the tests. */
const SIZES: Readonly<Record<string, readonly number[]>> = {
  quickstart: [8],
  "several-services": [4, 2],
  "initial-load": [24],
  testing: [8],
};

const read = (name: string, file: string) => readFileSync(join(REPOSITORY, "examples", name, file), "utf8");
const projectOf = (name: string) => load(read(name, "Pulumi.yaml")) as Project;

function seedOf(name: string): { seed: Seed } | undefined {
  if (!existsSync(join(REPOSITORY, "examples", name, "emulator.json"))) return undefined;
  return { seed: JSON.parse(read(name, "emulator.json")) as Seed };
}

/** The README's commands that set the config, as lines of a shell. */
const configCommands = (name: string) => read(name, "README.md").match(/^ *pulumi config set .*$/gm) ?? [];

/** Runs commands of a README in a shell, in the stack's folder. */
async function runInShell(stack: Stack, commands: readonly string[]): Promise<void> {
  await run("bash", ["-e", "-c", commands.join("\n")], { cwd: stack.folder, env: stack.variables });
}

const usd = (amount: string | undefined) => `$${Number(amount).toFixed(2).replace(/\.00$/, "")}`;

describe("each example", () => {
  for (const name of EXAMPLES) {
    it(`has its folder's name and declares its config with type and description: ${name}`, () => {
      const project = projectOf(name);
      assert.equal(project.name, name);
      assert.ok(Object.keys(project.config).length > 0);
      for (const [key, { type, description = "" }] of Object.entries(project.config)) {
        assert.ok(type !== undefined, key);
        assert.ok(description.length > 20, key);
      }
    });

    it(`has a README with every config key, the monthly cost, a try without a key, and the end: ${name}`, () => {
      const readme = read(name, "README.md");
      for (const key of Object.keys(projectOf(name).config)) {
        assert.match(readme, new RegExp(`^\\| \`${key}\` +\\|`, "m"), `no row for ${key}`);
        const sets = configCommands(name).filter((command) => new RegExp(`[ ']${key}\\b`).test(command));
        assert.ok(sets.length > 0, `no command for ${key}`);
      }
      assert.match(readme, /^\*\*Cost.*\$\d+ a month/ms);
      for (const part of [
        "npm install pulumi-clickpipes",
        "npx pulumi-clickpipes emulator",
        "pulumi destroy",
      ])
        assert.ok(readme.includes(part), part);
    });

    it(`names the config that is missing: ${name}`, async () => {
      const stack = await Stack.createFromExample(name, undefined);
      const output = await stack.runFailing("preview");
      assert.match(output, /is missing configuration values? /);
      for (const [key, { default: value }] of Object.entries(projectOf(name).config))
        assert.equal(output.includes(`'${key}'`), value === undefined, `${key}: ${output}`);
      await stack.runSuccessfully("stack", "rm", "dev", "--yes");
    });
  }

  for (const [name, sizes] of Object.entries(SIZES)) {
    it(`runs outside the repository as its README says, at the cost named there: ${name}`, async () => {
      const readme = read(name, "README.md");
      const emulator = await startEmulator({ convergenceMs: 0, ...seedOf(name) });
      try {
        const stack = await Stack.createFromExample(name, emulator);
        const cores = () =>
          sizes.map((_, index) =>
            emulator.cloud.getCores(DEFAULT_SERVICE_ID.slice(0, -1) + String(index + 1)),
          );
        await runInShell(stack, configCommands(name));
        const preview = await stack.runSuccessfully("preview");
        const [, period, amount] =
          /usdPer(Month) *: ([\d.]+)/.exec(preview) ?? /usdPer(Hour) *: ([\d.]+)/.exec(preview) ?? [];
        const cost = period === "Hour" ? `$${Number(amount).toFixed(2)} an hour` : `${usd(amount)} a month`;
        assert.ok(readme.includes(cost), cost);
        assert.equal(emulator.journal.count("PATCH"), 0);
        await stack.runSuccessfully("up");
        assert.deepEqual(cores(), sizes);
        await stack.runSuccessfully("destroy");
        assert.deepEqual(
          cores(),
          sizes.map(() => 2),
        );
        await stack.runSuccessfully("stack", "rm", "dev", "--yes");
      } finally {
        await emulator.close();
      }
    });
  }
});

describe("the example adopt-existing", () => {
  let emulator: Emulator;
  before(async () => {
    emulator = await startEmulator({ convergenceMs: 0, rateLimit: "none" });
  });
  after(() => emulator.close());

  it("adopts the size of its README outside the repository, changes it, and leaves it on destroy", async () => {
    const stack = await Stack.createFromExample("adopt-existing", emulator);
    await runInShell(stack, configCommands("adopt-existing"));
    assert.match(await stack.runSuccessfully("up"), /usdPerMonth: 146\b/);
    assert.equal(emulator.journal.count("PATCH"), 0);
    await stack.runSuccessfully("config", "set", "cores", "4");
    await stack.runSuccessfully("up");
    assert.equal(emulator.journal.count("PATCH"), 1);
    await stack.runSuccessfully("destroy");
    assert.equal(emulator.cloud.getCores(DEFAULT_SERVICE_ID), 4);
  });
});

describe("the example testing", () => {
  it("passes its own tests in a copy after `npm install` of the package, which replaces the link to the repository", async () => {
    const { variables } = await getEnvironment();
    const folder = await installProject(join("examples", "testing"));
    assert.match(readFileSync(join(folder, "package.json"), "utf8"), /"pulumi-clickpipes": "file:.*\.tgz"/);
    const { stdout } = await run("npm", ["test"], { cwd: folder, env: variables }).catch((failure: unknown) =>
      assert.fail((failure as { stdout: string }).stdout),
    );
    assert.match(stdout, /(#|ℹ) pass 3/);
  });
});
