import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";
import { listMissingFiles, listUnexpectedFiles, MAX_PACKED_BYTES } from "../../tools/release/packed-files";
import { createProgramFolder, REPOSITORY } from "../support/project";

describe("the published package", () => {
  let files: { path: string; size: number }[];
  let packedBytes: number;

  before(() => {
    const output = execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
      cwd: REPOSITORY,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    [{ files, size: packedBytes }] = JSON.parse(output) as [{ files: typeof files; size: number }];
  });

  it("contains what users need, and nothing else", () => {
    const paths = files.map(({ path }) => path);
    assert.deepEqual([listUnexpectedFiles(paths), listMissingFiles(paths)], [[], []]);
  });

  it("contains every entry of its manifest, with types", () => {
    const manifest = JSON.parse(readFileSync(join(REPOSITORY, "package.json"), "utf8")) as {
      bin: Record<string, string>;
      exports: Record<string, string | { types: string; default: string }>;
    };
    const named = [
      ...Object.values(manifest.bin),
      ...Object.values(manifest.exports).flatMap((entry) =>
        typeof entry === "string" ? [entry] : [entry.types, entry.default],
      ),
    ].map((path) => path.replace("./", ""));
    const published = new Set(files.map(({ path }) => path));
    assert.deepEqual(
      named.filter((path) => !published.has(path)),
      [],
    );
  });

  it("contains the declarations that its entries refer to, and no others", () => {
    const published = files.map(({ path }) => path).filter((path) => path.endsWith(".d.ts"));
    const imported = published.flatMap((path) =>
      ts
        .preProcessFile(readFileSync(join(REPOSITORY, path), "utf8"))
        .importedFiles.filter(({ fileName }) => fileName.startsWith("."))
        .map(({ fileName }) => join(dirname(path), fileName))
        .map((name) => (published.includes(`${name}/index.d.ts`) ? `${name}/index.d.ts` : `${name}.d.ts`)),
    );
    const entries = ["dist/index.d.ts", "dist/provider/dynamic/handler.d.ts", "dist/emulator/index.d.ts"];
    assert.deepEqual(published.sort(), [...new Set([...imported, ...entries])].sort());
  });

  it("is at most a megabyte, unpacked", () => {
    const bytes = files.reduce((sum, { size }) => sum + size, 0);
    assert.ok(bytes < 1024 * 1024, `${bytes} bytes`);
  });

  it("is at most the size that a release may have, packed", () => {
    assert.ok(packedBytes <= MAX_PACKED_BYTES, `${packedBytes} bytes`);
  });

  it("passes publint", async () => {
    const { publint } = await import("publint");
    const { messages } = await publint({ pkgDir: REPOSITORY, strict: true, pack: false });
    assert.deepEqual(
      messages.map(({ code, path }) => `${code} at ${path.join(".")}`),
      [],
    );
  });
});

const IMPORTS = `
import * as pulumi from "@pulumi/pulumi";
import { CdcCompute, CdcScaling, type CdcComputeArgs } from "pulumi-clickpipes";
const args: CdcComputeArgs = { serviceId: "00000000-0000-4000-8000-000000000001", cores: 8 };
export const cores: pulumi.Output<number> = new CdcCompute("orders", args).cores;
export const isOne: boolean = CdcScaling.isInstance(cores);
`;
const SUBPATH = `import { startEmulator, type Emulator } from "pulumi-clickpipes/emulator";
export const emulator: Promise<Emulator> = startEmulator();
`;

/** Each way in which TypeScript finds the types of a package. The oldest finds entries other than the main one with `typesVersions`. */
const RESOLUTIONS = [
  {
    name: "an ES module under node16",
    type: "module",
    options: ["--module", "node16"],
    text: IMPORTS + SUBPATH,
  },
  {
    name: "CommonJS under node16",
    type: "commonjs",
    options: ["--module", "node16"],
    text: IMPORTS + SUBPATH,
  },
  {
    name: "a bundler's program",
    type: "module",
    options: ["--module", "esnext", "--moduleResolution", "bundler"],
    text: IMPORTS + SUBPATH,
  },
  {
    name: "CommonJS as Pulumi's template has it",
    type: "commonjs",
    options: ["--module", "commonjs", "--moduleResolution", "node10"],
    text: IMPORTS + SUBPATH,
  },
];

describe("the types", () => {
  for (const { name, type, options, text } of RESOLUTIONS) {
    it(`are found and correct for ${name}`, () => {
      const folder = createProgramFolder();
      try {
        writeFileSync(
          join(folder.path, "package.json"),
          JSON.stringify({ name: "program", private: true, type }),
        );
        writeFileSync(join(folder.path, "index.ts"), text);
        const tsc = join(REPOSITORY, "node_modules", "typescript", "bin", "tsc");
        const flags = [
          "--noEmit",
          "--strict",
          "--target",
          "es2022",
          "--types",
          "node",
          "--typeRoots",
          TYPE_ROOTS,
        ];
        const { status, stdout } = spawnSync(
          process.execPath,
          [tsc, ...flags, "--skipLibCheck", ...options, "index.ts"],
          { cwd: folder.path, encoding: "utf8" },
        );
        assert.equal(status, 0, stdout);
      } finally {
        folder.remove();
      }
    });
  }
});

const TYPE_ROOTS = join(REPOSITORY, "node_modules", "@types");
