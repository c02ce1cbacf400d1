import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { GUESS_VALUES } from "../../emulator/guesses";
import { ARGUMENTS } from "../../provider/inputs";
import { programFolder, REPOSITORY } from "../support/project";

const DOCUMENTS = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/guesses.md"];
/** Files whose docstrings are what an editor shows to users. */
const DOCUMENTED = [
  "component/cdc-compute.ts",
  "provider/resource.ts",
  "functions/get-cdc-scaling.ts",
  "functions/get-db-click-pipes.ts",
  "emulator/server.ts",
];

/** What a docstring's example may take for granted. */
const GIVEN = `
import {
  CdcCompute,
  CdcScaling,
  getCdcScaling,
  getCdcScalingOutput,
  getDbClickPipes,
  getDbClickPipesOutput,
} from "pulumi-clickpipes";
import { startEmulator } from "pulumi-clickpipes/emulator";
declare const serviceId: string;
`;

const read = (file: string) => readFileSync(join(REPOSITORY, file), "utf8");
/** Without what the formatter aligns tables with. */
const tablesOf = (file: string) => read(file).replaceAll(/ +/g, " ");

function examplesIn(file: string): string[] {
  const text = read(file).replaceAll(/^ *\* ?/gm, file.endsWith(".ts") ? "" : "$&");
  return [...text.matchAll(/```ts\n(.*?)```/gs)].map(([, code = ""]) => code);
}

describe("what is written for users", function () {
  this.timeout(60_000);

  it("compiles, in the README and in docstrings", () => {
    const folder = programFolder();
    try {
      const examples = ["README.md", ...DOCUMENTED].flatMap(examplesIn);
      assert.ok(examples.length >= 5, `${examples.length} examples`);
      const files = examples.map((code, index) => {
        const file = join(folder.path, `example-${index}.mts`);
        writeFileSync(file, code.includes("import ") ? code : `${GIVEN}\n${code}`);
        return file;
      });
      const tsc = join(REPOSITORY, "node_modules", "typescript", "bin", "tsc");
      const options = ["--noEmit", "--strict", "--skipLibCheck", "--module", "node16", "--target", "es2022"];
      const types = ["--types", "node", "--typeRoots", join(REPOSITORY, "node_modules", "@types")];
      execFileSync(process.execPath, [tsc, ...options, ...types, ...files], {
        encoding: "utf8",
        stdio: "pipe",
      });
    } catch (error) {
      assert.fail((error as { stdout?: string }).stdout ?? String(error));
    } finally {
      folder.remove();
    }
  });

  it("names every argument in the README", () => {
    const readme = tablesOf("README.md");
    assert.deepEqual(
      ARGUMENTS.filter((argument) => !readme.includes(`| \`${argument}\` |`)),
      [],
    );
  });

  it("lists every guess with all its values, the default first", () => {
    const table = tablesOf("docs/guesses.md");
    for (const [name, values] of Object.entries(GUESS_VALUES)) {
      const row = `| \`${name}\` | ${values.map((value) => `\`${String(value)}\``).join(", ")} |`;
      assert.ok(table.includes(row), row);
    }
  });

  for (const document of DOCUMENTS) {
    it(`links to files that are there, in ${document}`, () => {
      const links = [...read(document).matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, link = ""]) => link);
      const dead = links.filter((link) => !existsSync(join(REPOSITORY, dirname(document), link)));
      assert.deepEqual(dead, []);
    });
  }
});
