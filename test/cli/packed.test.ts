import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DEFAULT_SERVICE_ID, type Emulator, startEmulator } from "../../emulator";
import { createFolder } from "../support/environment";
import { REPOSITORY } from "../support/project";
import { Stack } from "../support/stack";

const DECLARATION = `new CdcCompute("orders", { serviceId: "${DEFAULT_SERVICE_ID}", cores: 8 });`;

/** Versions that run on the oldest Node.js of this package. */
const MANAGERS = {
  npm: ["npm", "install", "--no-audit", "--no-fund", "--loglevel", "error"],
  pnpm: ["npx", "--yes", "pnpm@10", "add", "--reporter", "silent", "--prefer-offline"],
  yarn: ["npx", "--yes", "yarn@1.22", "add", "--silent", "--non-interactive", "--prefer-offline"],
} as const;

const COMMONJS = `const { CdcCompute } = require("pulumi-clickpipes");\nexports.cores = ${DECLARATION.replace(";", "")}.cores;\n`;

/** Each kind of program that users write, with a package manager and an SDK of its own: the oldest allowed, one between, the newest. */
const PROGRAMS = [
  {
    kind: "TypeScript",
    manager: "npm",
    sdk: "latest",
    main: "index.ts",
    text: `import { CdcCompute } from "pulumi-clickpipes";\nexport const { cores } = ${DECLARATION}\n`,
  },
  { kind: "CommonJS", manager: "yarn", sdk: "3.216.0", main: "index.js", text: COMMONJS },
  {
    kind: "ES-module",
    manager: "pnpm",
    sdk: "3.248.0",
    main: "index.js",
    text: `import { CdcCompute } from "pulumi-clickpipes";\nexport const { cores } = ${DECLARATION}\n`,
  },
] as const;

describe("the packed tarball", () => {
  let emulator: Emulator;
  let tarball: string;

  before(async () => {
    emulator = await startEmulator({ convergenceMs: 0 });
    const folder = await createFolder();
    run(REPOSITORY, ["npm", "pack", "--ignore-scripts", "--loglevel", "error", "--pack-destination", folder]);
    tarball = join(folder, readdirSync(folder)[0] ?? assert.fail("nothing packed"));
  });
  beforeEach(() => emulator.reset());
  after(() => emulator.close());

  for (const { kind, manager, sdk, main, text } of PROGRAMS) {
    it(`previews, ups, refreshes and destroys in a ${kind} program with SDK ${sdk}, installed with ${manager}`, async () => {
      const folder = await createFolder();
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, main), text);
      writeFileSync(
        join(folder, "Pulumi.yaml"),
        `name: packed-${kind.toLowerCase()}-${manager}\nruntime: nodejs\nmain: ${main}\n`,
      );
      const isTypeScript = main.endsWith(".ts");
      const manifest = { name: "packed", private: true, ...(kind === "ES-module" ? { type: "module" } : {}) };
      writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
      run(folder, [
        ...MANAGERS[manager],
        `@pulumi/pulumi@${sdk}`,
        tarball,
        ...(isTypeScript ? ["typescript@5", "@types/node@20"] : []),
      ]);
      const stack = await Stack.createIn(folder, emulator);
      assert.match(await stack.runSuccessfully("preview", "--diff"), /cores +: 8/);
      assert.equal(emulator.journal.count(), 0);
      await stack.runSuccessfully("up");
      assert.equal(emulator.cloud.getCores(DEFAULT_SERVICE_ID), 8);
      emulator.cloud.setCores(DEFAULT_SERVICE_ID, 5);
      await stack.runSuccessfully("refresh");
      assert.equal((await stack.findScaling())?.outputs.cores, 5);
      await stack.runSuccessfully("destroy");
      assert.equal(emulator.cloud.getCores(DEFAULT_SERVICE_ID), 2);
    });
  }
});

function run(folder: string, [command = "", ...options]: readonly string[]): void {
  execFileSync(command, options, { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
}
