import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DEFAULT_SERVICE_ID, type Emulator, startEmulator } from "../../emulator";
import { freshFolder } from "../support/environment";
import { REPOSITORY } from "../support/project";
import { Stack } from "../support/stack";

const DECLARATION = `new CdcCompute("orders", { serviceId: "${DEFAULT_SERVICE_ID}", cores: 8 });`;

/** Each kind of program that users write, with an SDK of its own: the oldest that is allowed, one between, the newest. */
const PROGRAMS = [
  {
    kind: "TypeScript",
    sdk: "latest",
    main: "index.ts",
    text: `import { CdcCompute } from "pulumi-clickpipes";\nexport const { cores } = ${DECLARATION}\n`,
  },
  {
    kind: "CommonJS",
    sdk: "3.216.0",
    main: "index.js",
    text: `const { CdcCompute } = require("pulumi-clickpipes");\nexports.cores = ${DECLARATION.replace(";", "")}.cores;\n`,
  },
  {
    kind: "ES-module",
    sdk: "3.248.0",
    main: "index.js",
    text: `import { CdcCompute } from "pulumi-clickpipes";\nexport const { cores } = ${DECLARATION}\n`,
  },
] as const;

describe("the packed tarball, installed with npm", function () {
  this.timeout(300_000);
  let emulator: Emulator;
  let tarball: string;

  before(async () => {
    emulator = await startEmulator({ convergenceMs: 0 });
    const folder = await freshFolder();
    npm(REPOSITORY, "pack", "--ignore-scripts", "--pack-destination", folder);
    tarball = join(folder, readdirSync(folder)[0] ?? assert.fail("nothing packed"));
  });
  beforeEach(() => emulator.reset());
  after(() => emulator.close());

  for (const { kind, sdk, main, text } of PROGRAMS) {
    it(`previews, ups, refreshes and destroys in a ${kind} program with SDK ${sdk}`, async () => {
      const folder = await freshFolder();
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, main), text);
      writeFileSync(
        join(folder, "Pulumi.yaml"),
        `name: packed-${kind.toLowerCase()}\nruntime: nodejs\nmain: ${main}\n`,
      );
      const isTypeScript = main.endsWith(".ts");
      const manifest = { name: "packed", private: true, ...(kind === "ES-module" ? { type: "module" } : {}) };
      writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
      npm(
        folder,
        "install",
        `@pulumi/pulumi@${sdk}`,
        tarball,
        ...(isTypeScript ? ["typescript@5", "@types/node@20"] : []),
      );
      const stack = await Stack.in(folder, emulator);
      assert.match(await stack.succeeds("preview", "--diff"), /cores +: 8/);
      assert.equal(emulator.journal.count(), 0);
      await stack.succeeds("up");
      assert.equal(emulator.cloud.coresOf(DEFAULT_SERVICE_ID), 8);
      emulator.cloud.setCores(DEFAULT_SERVICE_ID, 5);
      await stack.succeeds("refresh");
      assert.equal((await stack.scaling())?.outputs.cores, 5);
      await stack.succeeds("destroy");
      assert.equal(emulator.cloud.coresOf(DEFAULT_SERVICE_ID), 2);
    });
  }
});

function npm(folder: string, ...options: string[]): void {
  execFileSync("npm", [...options, "--no-audit", "--no-fund", "--loglevel", "error", "--prefer-offline"], {
    cwd: folder,
    stdio: ["ignore", "ignore", "pipe"],
  });
}
