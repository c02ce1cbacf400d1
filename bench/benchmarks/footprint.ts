import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { REPOSITORY } from "../machine";
import type { Benchmark } from "../benchmark";
import { computeMedian } from "../statistics";
import { formatMebibytes, formatMilliseconds, formatTable } from "../format";

/** Why each dependency stays. */
const REASONS: Readonly<Record<string, string>> = {
  zod: "Validates inputs, state and responses, with a path for each problem. The provider process and functions load it, programs don't.",
  "fastest-levenshtein": '"Did you mean". The provider process loads it.',
  hono: "The emulator's HTTP. Only the emulator loads it.",
  "@hono/node-server": "The emulator's HTTP server. Only the emulator loads it.",
  commander: "Options and help of the command line. Only the command line loads it.",
};

interface Tree {
  readonly packages: number;
  readonly files: number;
  readonly bytes: number;
}

interface Cost extends Tree {
  readonly name: string;
  /** Time to load it into a process that has loaded the SDK. */
  readonly loadMs: number;
}

interface Rows {
  readonly sdk: Tree;
  readonly both: Tree;
  readonly own: Tree;
  readonly dependencies: readonly Cost[];
}

const LOAD_ROUNDS = 7;

function measure(print: (line: string) => void): Promise<Rows> {
  const root = mkdtempSync(join(tmpdir(), "pulumi-clickpipes-"));
  try {
    const tarball = pack(root);
    const installInto = (...packages: string[]) => {
      print(`installing ${packages.length === 1 ? (packages[0] ?? "") : "the package beside the SDK"}`);
      return install(root, packages);
    };
    const sdk = "@pulumi/pulumi@latest";
    const without = measureTree(installInto(sdk));
    const together = installInto(sdk, tarball);
    const dependencies = Object.entries(readDependencies()).map(([name, version]) => ({
      name,
      ...measureTree(installInto(`${name}@${version}`)),
      loadMs: measureLoadMs(together, name),
    }));
    return Promise.resolve({
      sdk: without,
      both: measureTree(together),
      own: { ...measureFiles(join(together, "node_modules", "pulumi-clickpipes")), packages: 1 },
      dependencies,
    });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Packs this package into a folder; returns the tarball's path. */
function pack(folder: string): string {
  run(REPOSITORY, "npm", ["pack", "--ignore-scripts", "--loglevel", "error", "--pack-destination", folder]);
  return join(folder, readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "");
}

function readDependencies(): Readonly<Record<string, string>> {
  const manifest = readFileSync(join(REPOSITORY, "package.json"), "utf8");
  return (JSON.parse(manifest) as { dependencies: Record<string, string> }).dependencies;
}

/** Installs packages into a fresh folder below `root`; returns its path. */
function install(root: string, packages: readonly string[]): string {
  const folder = mkdtempSync(join(root, "install-"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "program", private: true }));
  const options = ["--no-audit", "--no-fund", "--loglevel", "error", "--prefer-offline"];
  run(folder, "npm", ["install", ...options, ...packages]);
  return folder;
}

/** Counts and sizes of what is installed in a folder. */
function measureTree(folder: string): Tree {
  const lock = JSON.parse(readFileSync(join(folder, "package-lock.json"), "utf8")) as { packages: object };
  const packages = Object.keys(lock.packages).filter((path) => path !== "").length;
  return { packages, ...measureFiles(join(folder, "node_modules")) };
}

function measureFiles(folder: string): Pick<Tree, "files" | "bytes"> {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name !== ".package-lock.json");
  const sizes = files.map((entry) => statSync(join(entry.parentPath, entry.name)).size);
  return { files: files.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

function measureLoadMs(folder: string, name: string): number {
  const text =
    'require("@pulumi/pulumi"); const began = performance.now(); ' +
    `import(${JSON.stringify(name)}).then(() => console.log(performance.now() - began));`;
  const runs = Array.from({ length: LOAD_ROUNDS }, () =>
    Number(execFileSync(process.execPath, ["-e", text], { cwd: folder, encoding: "utf8" })),
  );
  return computeMedian(runs);
}

function run(cwd: string, command: string, options: readonly string[]): void {
  execFileSync(command, options, { cwd, stdio: ["ignore", "ignore", "pipe"] });
}

export const footprint: Benchmark<Rows> = {
  name: "footprint",
  title: "Install size",
  method:
    "npm installs the packed tarball with the newest SDK into one fresh folder, and the SDK alone into another. The figures of a dependency " +
    "are those of an install of it alone. They count packages that it shares with others or with the SDK; the sum does not. The load time is " +
    "measured in a process that has loaded the SDK.",
  measure,
  listTargets: () => [],
  render: (rows) => [renderTotal(rows), renderDependencies(rows)].join("\n\n"),
};

function renderTotal({ sdk, both, own }: Rows): string {
  const createRow = (what: string, { packages, files, bytes }: Tree) => [
    what,
    packages,
    files,
    formatMebibytes(bytes),
  ];
  const added = {
    packages: both.packages - sdk.packages,
    files: both.files - sdk.files,
    bytes: both.bytes - sdk.bytes,
  };
  return formatTable(
    ["", "packages", "files", "size"],
    [
      createRow("the SDK alone", sdk),
      createRow("added by this package", added),
      createRow("of which this package itself", own),
    ],
  );
}

function renderDependencies({ dependencies }: Rows): string {
  return formatTable(
    ["dependency", "packages", "files", "size", "load time", "why it stays"],
    dependencies.map(({ name, packages, files, bytes, loadMs }) => [
      `\`${name}\``,
      packages,
      files,
      formatMebibytes(bytes),
      formatMilliseconds(loadMs),
      REASONS[name] ?? "",
    ]),
  );
}
