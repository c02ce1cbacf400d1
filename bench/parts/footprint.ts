import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { REPOSITORY } from "../machine";
import type { Part } from "../part";
import { median } from "../statistics";
import { mebibytes, milliseconds, table } from "../text";

/** Why each dependency stays. */
const REASONS: Readonly<Record<string, string>> = {
  zod: "checks inputs, state and answers, with a path for each fault; loaded by the provider's process and by functions, not by programs",
  "node-fetch":
    "requests through an agent of our choice: proxies, private authorities; loaded with the first request. Nearly all of its size is `web-streams-polyfill`, of which nothing runs on Node.js 20",
  "https-proxy-agent": "`HTTPS_PROXY`; loaded where one is set",
  "proxy-from-env":
    "`NO_PROXY`, with the rules that other tools follow; loaded with the first request to https",
  "fastest-levenshtein": '"did you mean"; loaded by the provider\'s process',
  hono: "the emulator's HTTP; loaded by the emulator alone",
  "@hono/node-server": "the emulator's HTTP server; loaded by the emulator alone",
  commander: "options and help of the command; loaded by the command alone",
};

interface Tree {
  readonly packages: number;
  readonly files: number;
  readonly bytes: number;
}

interface Cost extends Tree {
  readonly name: string;
  /** Loading it into a process that has the SDK. */
  readonly loadMs: number;
}

interface Rows {
  readonly sdk: Tree;
  readonly both: Tree;
  readonly own: Tree;
  readonly dependencies: readonly Cost[];
}

const LOAD_ROUNDS = 7;

function measure(say: (line: string) => void): Promise<Rows> {
  const root = mkdtempSync(join(tmpdir(), "pulumi-clickpipes-"));
  try {
    run(REPOSITORY, "npm", ["pack", "--ignore-scripts", "--loglevel", "error", "--pack-destination", root]);
    const tarball = join(root, readdirSync(root).find((name) => name.endsWith(".tgz")) ?? "");
    const manifest = JSON.parse(readFileSync(join(REPOSITORY, "package.json"), "utf8")) as {
      dependencies: Record<string, string>;
    };
    const installed = (...packages: string[]) => {
      const folder = mkdtempSync(join(root, "install-"));
      writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "program", private: true }));
      run(folder, "npm", [
        "install",
        "--no-audit",
        "--no-fund",
        "--loglevel",
        "error",
        "--prefer-offline",
        ...packages,
      ]);
      say(`installed ${packages.length === 1 ? (packages[0] ?? "") : "the package beside the SDK"}`);
      return folder;
    };
    const sdk = "@pulumi/pulumi@latest";
    const without = treeOf(installed(sdk));
    const together = installed(sdk, tarball);
    const dependencies = Object.entries(manifest.dependencies).map(([name, version]) => ({
      name,
      ...treeOf(installed(`${name}@${version}`)),
      loadMs: loadMs(together, name),
    }));
    return Promise.resolve({
      sdk: without,
      both: treeOf(together),
      own: { ...treeOf(join(together, "node_modules", "pulumi-clickpipes"), ""), packages: 1 },
      dependencies,
    });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** What lies in a folder's node_modules. */
function treeOf(folder: string, below = "node_modules"): Tree {
  const tree = { packages: 0, files: 0, bytes: 0 };
  const walk = (path: string) => {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      const child = join(path, entry.name);
      if (entry.isDirectory()) walk(child);
      else if (entry.isFile() && entry.name !== ".package-lock.json") {
        tree.files += 1;
        tree.bytes += statSync(child).size;
      }
    }
  };
  walk(join(folder, below));
  if (below !== "") {
    const lock = JSON.parse(readFileSync(join(folder, "package-lock.json"), "utf8")) as { packages: object };
    tree.packages = Object.keys(lock.packages).filter((path) => path !== "").length;
  }
  return tree;
}

function loadMs(folder: string, name: string): number {
  const text =
    'require("@pulumi/pulumi"); const began = performance.now(); ' +
    `import(${JSON.stringify(name)}).then(() => console.log(performance.now() - began));`;
  const runs = Array.from({ length: LOAD_ROUNDS }, () =>
    Number(execFileSync(process.execPath, ["-e", text], { cwd: folder, encoding: "utf8" })),
  );
  return median(runs);
}

function run(cwd: string, command: string, options: readonly string[]): void {
  execFileSync(command, options, { cwd, stdio: ["ignore", "ignore", "pipe"] });
}

export const footprint: Part<Rows> = {
  name: "footprint",
  title: "What an install adds",
  how:
    "The packed tarball, installed by npm with the newest SDK into a fresh folder, and the SDK alone into another. A dependency's own figures " +
    "are those of an install of it alone; what it shares with others or with the SDK is counted there, and not in the sum. Loading is measured in " +
    "a process that has the SDK.",
  measure,
  aims: () => [],
  section: ({ sdk, both, own, dependencies }) =>
    [
      table(
        ["", "packages", "files", "size"],
        [
          ["the SDK alone", sdk.packages, sdk.files, mebibytes(sdk.bytes)],
          [
            "what this package adds",
            both.packages - sdk.packages,
            both.files - sdk.files,
            mebibytes(both.bytes - sdk.bytes),
          ],
          ["of which itself", own.packages, own.files, mebibytes(own.bytes)],
        ],
      ),
      table(
        ["dependency", "packages", "files", "size", "loading", "why it stays"],
        dependencies.map(({ name, packages, files, bytes, loadMs: ms }) => [
          `\`${name}\``,
          packages,
          files,
          mebibytes(bytes),
          milliseconds(ms),
          REASONS[name] ?? "",
        ]),
      ),
    ].join("\n\n"),
};
