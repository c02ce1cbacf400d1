import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { load } from "js-yaml";
import { GUESS_VALUES } from "../../emulator";
import { ADVICE } from "../../provider/initial-load/advice";
import { ARGUMENT_NAMES } from "../../provider/state/argument-names";
import { PIPE_STATES } from "../../sizing";
import { createProgramFolder, REPOSITORY } from "../support/project";

/** Every page of the folder, with `/` between folders on every system. */
const PAGES = readdirSync(join(REPOSITORY, "docs"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".md"))
  .map((file) => `docs/${file.replaceAll("\\", "/")}`)
  .sort();
const DOCUMENTS = ["README.md", "CONTRIBUTING.md", "REVIEW.md", "CHANGELOG.md", "SECURITY.md", ...PAGES];
/** Files whose docstrings are what an editor shows to users. */
const DOCUMENTED = [
  "component/cdc-compute.ts",
  "provider/dynamic/resource.ts",
  "functions/get-cdc-scaling.ts",
  "functions/get-db-click-pipes.ts",
  "emulator/server/start-emulator.ts",
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
const readTables = (file: string) => read(file).replaceAll(/ +/g, " ");

/** As GitHub makes it. */
function createAnchor(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s-]/gu, "")
    .replaceAll(" ", "-");
}

/** Those of headings outside of code blocks, in which a comment of a shell looks like a heading. */
function anchorsIn(document: string): string[] {
  const text = read(document).replaceAll(/^( *)```.*?^\1```$/gms, "");
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) => createAnchor(heading));
}

/** The file of each relative link, from the root of the repository, and its anchor if it has one. */
function linksIn(
  document: string,
): { readonly link: string; readonly file: string; readonly anchor: string }[] {
  return [...read(document).matchAll(/\]\((?!https?:)([^)]+)\)/g)].map(([, link = ""]) => {
    const [path = "", anchor = ""] = link.split("#");
    return { link, file: path === "" ? document : posix.join(dirname(document), path), anchor };
  });
}

interface GitHubJobs {
  readonly jobs: Readonly<
    Record<
      "scale-down",
      {
        readonly steps: readonly { readonly run?: string; readonly env?: Readonly<Record<string, string>> }[];
      }
    >
  >;
}

type Limits = Readonly<Record<string, Readonly<Record<string, number>>>>;

type GitLabJobs = Readonly<Record<"scale-down", { readonly script: readonly string[] }>>;

/** The YAML blocks of a page. */
function listJobs(document: string): string[] {
  return [...read(document).matchAll(/```yaml\n(.*?)```/gs)].map(([, job = ""]) => job);
}

/** A script without its line breaks and indentation, which differ between CI systems. */
function listWords(script: string): string[] {
  return script.trim().split(/\s+/);
}

function listExamples(file: string): string[] {
  const text = read(file).replaceAll(/^ *\* ?/gm, file.endsWith(".ts") ? "" : "$&");
  return [...text.matchAll(/```ts\n(.*?)```/gs)].map(([, code = ""]) => code);
}

describe("the documentation", () => {
  it("has examples that compile, in documents and in docstrings", () => {
    const folder = createProgramFolder();
    try {
      const examples = [...DOCUMENTS, ...DOCUMENTED].flatMap(listExamples);
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

  it("names every argument in its reference", () => {
    const reference = readTables("docs/reference/arguments.md");
    assert.deepEqual(
      ARGUMENT_NAMES.filter((argument) => !reference.includes(`| \`${argument}\` |`)),
      [],
    );
  });

  it("lists every guess with all its values, the default first", () => {
    const table = readTables("docs/guesses.md");
    for (const [name, values] of Object.entries(GUESS_VALUES)) {
      const row = `| \`${name}\` | ${values.map((value) => `\`${String(value)}\``).join(", ")} |`;
      assert.ok(table.includes(row), row);
    }
  });

  it("has a row for every state of a pipe, with meaning, reason and ClickHouse's description", () => {
    const rows = Object.entries(PIPE_STATES).map(([state, { loadStatus, why, documented }]) => {
      const words: string = documented;
      return `| \`${state}\` | ${loadStatus} | ${why} | ${words === "" ? "nothing" : `“${words}”`} |`;
    });
    const table = readTables("docs/initial-load.md");
    assert.deepEqual(
      rows.filter((row) => !table.includes(row)),
      [],
    );
    assert.equal(table.match(/^\| `[A-Z]\w+` \|/gm)?.length, rows.length, "as many rows as states");
  });

  it("names every piece of advice", () => {
    const named = [...readTables("docs/initial-load.md").matchAll(/^\| `([a-z]\w+)` \|/gm)];
    assert.deepEqual(
      named.map(([, name]) => name),
      Object.keys(ADVICE),
    );
  });

  it("shows the workflow of the example unchanged", () => {
    const [shown] = listJobs("docs/guides/scale-down-by-schedule.md");
    assert.equal(shown, read("examples/initial-load/.github/workflows/scale-down.yml"));
  });

  it("runs the same commands on GitLab as on GitHub", () => {
    const [github, gitlab] = listJobs("docs/guides/scale-down-by-schedule.md").map((job) => load(job));
    const { steps } = (github as GitHubJobs).jobs["scale-down"];
    const { run, env } = steps.at(-1) ?? {};
    const [setUrn, ...commands] = (gitlab as GitLabJobs)["scale-down"].script;
    assert.equal(setUrn, `export URN='${env?.URN}'`);
    assert.deepEqual(listWords(commands.join("\n")), listWords(run ?? ""));
  });

  it("shows the limits of the example, and the default of each", () => {
    const [, shown = ""] = /```json\n(.*?)```/s.exec(read("docs/reference/policies.md")) ?? [];
    const limits = JSON.parse(read("examples/review/policy-pack/limits.json")) as Limits;
    assert.deepEqual(JSON.parse(shown), limits);
    const table = readTables("docs/reference/policies.md");
    for (const [name, value] of Object.values(limits).flatMap((settings) => Object.entries(settings)))
      assert.ok(table.includes(`| \`${name}\` | ${value} |`), name);
  });

  it("has a README of fewer than 900 words", () => {
    assert.ok(read("README.md").trim().split(/\s+/).length < 900);
  });

  it("lists every page in the index", () => {
    const listed = linksIn("docs/README.md").map(({ file }) => file);
    for (const page of PAGES.filter((file) => file !== "docs/README.md"))
      assert.ok(listed.includes(page), page);
  });

  for (const document of DOCUMENTS) {
    it(`links to existing headings in ${document}`, () => {
      const links = linksIn(document).filter(({ file, anchor }) => anchor !== "" && file.endsWith(".md"));
      const dead = links.filter(({ file, anchor }) => !anchorsIn(file).includes(anchor));
      assert.deepEqual(
        dead.map(({ link }) => link),
        [],
      );
    });

    it(`links to existing files in ${document}`, () => {
      const dead = linksIn(document).filter(({ file }) => !existsSync(join(REPOSITORY, file)));
      assert.deepEqual(
        dead.map(({ link }) => link),
        [],
      );
    });
  }
});
