import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { createFolder, getEnvironment } from "../support/environment";
import { installPackages } from "../support/project";

const runFile = promisify(execFile);
const findBin = (name: string, path: string) =>
  join(dirname(require.resolve(`${name}/package.json`)), ...path.split("/"));

/** A test runner: the file that holds the tests, its first lines, and the command that runs it. */
interface Runner {
  readonly file: string;
  readonly isModule?: true;
  readonly prelude: string;
  readonly command: readonly string[];
}

const RUNNERS: Readonly<Record<string, Runner>> = {
  Jest: {
    file: "infra.test.js",
    prelude: "",
    command: [findBin("jest", "bin/jest.js"), "--rootDir", ".", "--no-cache", "infra"],
  },
  Vitest: {
    file: "infra.test.mjs",
    isModule: true,
    prelude: 'import { describe, it } from "vitest";',
    command: [findBin("vitest", "vitest.mjs"), "run", "infra"],
  },
  Mocha: {
    file: "infra.js",
    prelude: "",
    command: [findBin("mocha", "bin/mocha.js"), "--timeout", "90000", "infra.js"],
  },
  "node:test": {
    file: "infra.test.js",
    prelude: 'const { describe, it } = require("node:test");',
    command: ["--test", "infra.test.js"],
  },
};

const IMPORTS: Readonly<Record<string, string>> = {
  assert: "node:assert/strict",
  pulumi: "@pulumi/pulumi",
  automation: "@pulumi/pulumi/automation/index.js",
  clickpipes: "pulumi-clickpipes",
  emulators: "pulumi-clickpipes/emulator",
};

/** What users write: mocks, functions that the emulator answers, and a whole stack with the Automation API. */
const TESTS = `
const serviceId = "00000000-0000-4000-8000-000000000001";
const { CdcCompute, getDbClickPipes } = clickpipes;
const mocks = { newResource: ({ name, inputs }) => ({ id: name, state: inputs }), call: () => ({}) };

describe("the stack", () => {
  it("costs $584 a month, under mocks", async () => {
    await pulumi.runtime.setMocks(mocks);
    const compute = new CdcCompute("orders", { serviceId, cores: 8 });
    assert.equal(await new Promise((resolve) => compute.usdPerMonth.apply(resolve)), 584);
  });

  it("reads the pipes of the emulator, under mocks", async () => {
    const emulator = await emulators.startEmulator();
    Object.assign(process.env, emulator.environment);
    await pulumi.runtime.setMocks(mocks);
    try {
      const { clickPipes } = await getDbClickPipes({ serviceId });
      assert.deepEqual(clickPipes.map(({ name }) => name), ["pipe-1"]);
    } finally {
      await emulator.close();
    }
  });

  it("scales the emulator's service, with the Automation API", async () => {
    const emulator = await emulators.startEmulator({ convergenceMs: 100 });
    Object.assign(process.env, emulator.environment);
    try {
      const stack = await automation.LocalWorkspace.createStack({
        stackName: "test-" + process.pid,
        projectName: "infra",
        program: async () => ({ usd: new CdcCompute("orders", { serviceId, cores: 8 }).usdPerHour }),
      });
      const { outputs } = await stack.up();
      assert.equal(outputs.usd.value, 0.8);
      assert.equal(emulator.cloud.getCores(serviceId), 8);
      await stack.destroy();
      assert.equal(emulator.cloud.getCores(serviceId), 2);
    } finally {
      await emulator.close();
    }
  }, 90_000);
});
`;

const RESET = {
  "infra.js": `
const { CdcCompute } = require("pulumi-clickpipes");
exports.compute = new CdcCompute("orders", { serviceId: "00000000-0000-4000-8000-000000000001", cores: 8 });
`,
  "reset.test.js": `
let infra;
beforeEach(async () => {
  jest.resetModules();
  await require("@pulumi/pulumi").runtime.setMocks({
    newResource: ({ name, inputs }) => ({ id: name, state: inputs }),
    call: () => ({}),
  });
  infra = require("./infra");
});
for (const time of [1, 2, 3]) {
  it("costs $584, time " + time, async () => {
    expect(await new Promise((resolve) => infra.compute.usdPerMonth.apply(resolve))).toBe(584);
  });
}
`,
};

describe("a program's own tests", () => {
  for (const [name, runner] of Object.entries(RUNNERS)) {
    it(`run under ${name}, with mocks and with the emulator and the Automation API`, async () => {
      const { file, isModule, prelude, command } = runner;
      const imports = Object.entries(IMPORTS).map(([binding, path]) =>
        isModule ? `import * as ${binding} from "${path}";` : `const ${binding} = require("${path}");`,
      );
      const folder = await createProject({ [file]: [prelude, ...imports, TESTS].join("\n") });
      assert.match(await runTests(folder, command), /\b3 pass|pass(ed|ing)? .*\b3\b|# pass 3/);
    });
  }

  it("run under Jest if they reset the modules before each test", async () => {
    const folder = await createProject(RESET);
    const command = [findBin("jest", "bin/jest.js"), "--rootDir", ".", "--no-cache", "reset"];
    assert.match(await runTests(folder, command), /3 passed/);
  });

  it("run from the root of a monorepo, where the package can't be resolved", async () => {
    const root = await createFolder();
    const folder = await createProject({ "infra.test.js": WITH_MOCKS }, join(root, "apps", "infra"));
    assert.match(await runTests(root, ["--test", join(folder, "infra.test.js")]), /# pass 1/);
  });
});

const WITH_MOCKS = `
const test = require("node:test");
const assert = require("node:assert/strict");
const pulumi = require("@pulumi/pulumi");
test("costs $292", async () => {
  await pulumi.runtime.setMocks({ newResource: ({ name, inputs }) => ({ id: name, state: inputs }), call: () => ({}) });
  const { CdcCompute } = require("pulumi-clickpipes");
  const compute = new CdcCompute("orders", { serviceId: "00000000-0000-4000-8000-000000000001", cores: 4 });
  assert.equal(await new Promise((resolve) => compute.usdPerMonth.apply(resolve)), 292);
});
`;

/** Creates a project outside the repository that has this package as an installed one. */
async function createProject(files: Readonly<Record<string, string>>, folder?: string): Promise<string> {
  const project = folder ?? (await createFolder());
  installPackages(project);
  writeFileSync(join(project, "package.json"), JSON.stringify({ name: "infra", private: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(project, name), text);
  return project;
}

async function runTests(folder: string, command: readonly string[]): Promise<string> {
  const { variables } = await getEnvironment();
  const { stdout, stderr } = await runFile(process.execPath, [...command], {
    cwd: folder,
    env: variables,
  }).catch((failure: unknown) => {
    const { stdout, stderr } = failure as { stdout: string; stderr: string };
    return assert.fail(`${stdout}\n${stderr}`);
  });
  return stdout + stderr;
}
