import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { readBundled } from "./bundled";
import { readEntry } from "./changelog";
import type { Check } from "./checks";
import { type Metadata, parseOwnerFields, resolveMetadata } from "./metadata";
import { listMissingFiles, listUnexpectedFiles, MAX_PACKED_BYTES } from "./packed-files";
import { createSbom } from "./sbom";

export interface ReleaseOptions {
  readonly repository: string;
  /** The folder for the tarball, the list of its files, the SBOM and the release notes. */
  readonly output: string;
  /** The tag that is released. Without one it is a rehearsal. */
  readonly tag?: string | undefined;
  readonly environment: NodeJS.ProcessEnv;
}

interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

/** The steps of a release up to `npm publish`. The metadata comes in on the way, in a copy: the working tree stays as it is. */
export class Release {
  readonly #staging = mkdtempSync(join(tmpdir(), "pulumi-clickpipes-"));
  #packed: Packed | undefined;

  constructor(private readonly options: ReleaseOptions) {
    rmSync(options.output, { recursive: true, force: true });
    mkdirSync(options.output, { recursive: true });
  }

  get checks(): readonly Check[] {
    return [
      { name: "working tree", run: () => this.#checkTree() },
      { name: "version", run: () => this.#checkVersion() },
      { name: "changelog", run: () => this.#checkChangelog() },
      { name: "build", run: () => this.#build() },
      { name: "pack", run: () => this.#pack() },
      { name: "packed files", run: () => this.#checkFiles() },
      { name: "packed size", run: () => this.#checkSize() },
      { name: "publint", run: () => this.#lint() },
      { name: "licenses", run: () => this.#checkLicenses() },
      { name: "SBOM", run: () => this.#writeSbom() },
      { name: "metadata", run: () => this.#checkMetadata() },
    ];
  }

  /** Removes the copy. What is in the output folder stays. */
  remove(): void {
    rmSync(this.#staging, { recursive: true, force: true });
  }

  get #manifest(): Manifest {
    return JSON.parse(this.#read("package.json")) as Manifest;
  }

  #read(file: string): string {
    return readFileSync(join(this.options.repository, file), "utf8");
  }

  #git(...command: string[]): string {
    return execFileSync("git", command, { cwd: this.options.repository, encoding: "utf8" }).trimEnd();
  }

  #checkTree(): string {
    const changes = this.#git("status", "--porcelain");
    if (changes !== "") throw new Error(`has changes that are not committed:\n${changes}`);
    return `clean, at ${this.#git("rev-parse", "--short", "HEAD")}`;
  }

  #checkVersion(): string {
    const { tag } = this.options;
    const { version } = this.#manifest;
    const expected = `v${version}`;
    if (tag !== undefined && tag !== expected)
      throw new Error(`the tag is ${tag}, and package.json has ${version}. Tag the commit ${expected}.`);
    const tagged = this.#git("tag", "--list", expected);
    if (tagged !== "" && tag === undefined)
      throw new Error(
        `${version} is released already: the tag ${tagged} exists. Raise the version in package.json.`,
      );
    return version;
  }

  #checkChangelog(): string {
    const { version } = this.#manifest;
    const { date, notes } = readEntry(this.#read("CHANGELOG.md"), version);
    if (date === undefined && this.options.tag !== undefined)
      throw new Error(`write the day of the release into CHANGELOG.md: "## ${version} (YYYY-MM-DD)"`);
    writeFileSync(join(this.options.output, "notes.md"), `${notes}\n`);
    return date ?? "unreleased; a tagged release needs the day";
  }

  #build(): string {
    execFileSync("npm", ["run", "--silent", "build"], { cwd: this.options.repository, stdio: "pipe" });
    return "dist/";
  }

  /** Packs the repository, puts the metadata into the unpacked copy, and packs that. */
  #pack(): string {
    const { filename } = this.#runPack(this.options.repository, this.#staging);
    execFileSync("tar", ["-xzf", filename], { cwd: this.#staging });
    const file = join(this.#folder, "package.json");
    const manifest = JSON.parse(readFileSync(file, "utf8")) as object;
    writeFileSync(file, `${JSON.stringify({ ...manifest, ...this.#findMetadata() }, null, 2)}\n`);
    this.#packed = this.#runPack(this.#folder, this.options.output);
    return this.#packed.filename;
  }

  #runPack(cwd: string, destination: string): Packed {
    const options = ["--json", "--ignore-scripts", "--pack-destination", resolve(destination)];
    const output = execFileSync("npm", ["pack", ...options], { cwd, encoding: "utf8", stdio: "pipe" });
    const [packed] = JSON.parse(output) as Packed[];
    if (packed === undefined) throw new Error("npm packed nothing");
    return packed;
  }

  get #folder(): string {
    return join(this.#staging, "package");
  }

  #requirePacked(): Packed {
    if (this.#packed === undefined) throw new Error("nothing was packed");
    return this.#packed;
  }

  #checkFiles(): string {
    const paths = this.#requirePacked().files.map(({ path }) => path);
    const unexpected = listUnexpectedFiles(paths);
    if (unexpected.length > 0) throw new Error(`files that users don't need:\n${unexpected.join("\n")}`);
    const missing = listMissingFiles(paths);
    if (missing.length > 0) throw new Error(`missing files:\n${missing.join("\n")}`);
    writeFileSync(join(this.options.output, "files.txt"), `${paths.join("\n")}\n`);
    return `${paths.length} files: ${summarize(paths)}`;
  }

  #checkSize(): string {
    const { size } = this.#requirePacked();
    const text = `${Math.ceil(size / 1_000)} kB of at most ${MAX_PACKED_BYTES / 1_000} kB`;
    if (size > MAX_PACKED_BYTES) throw new Error(text);
    return text;
  }

  async #lint(): Promise<string> {
    this.#requirePacked();
    const { publint } = await import("publint");
    const { messages } = await publint({ pkgDir: this.#folder, strict: true, pack: false });
    if (messages.length > 0)
      throw new Error(messages.map(({ code, path }) => `${code} at ${path.join(".")}`).join("\n"));
    return "no messages";
  }

  #checkLicenses(): string {
    this.#requirePacked();
    const bundled = readBundled(this.#folder);
    const licenses = [...new Set(bundled.map(({ license }) => license))].sort();
    return `${bundled.length} bundled packages: ${licenses.join(", ")}`;
  }

  #writeSbom(): string {
    this.#requirePacked();
    const lockfile = JSON.parse(this.#read("package-lock.json")) as Parameters<typeof createSbom>[1];
    const packed = JSON.parse(readFileSync(join(this.#folder, "package.json"), "utf8")) as Manifest;
    const sbom = createSbom(packed, lockfile, readBundled(this.#folder));
    writeFileSync(join(this.options.output, "sbom.cdx.json"), `${JSON.stringify(sbom, null, 2)}\n`);
    return `${sbom.components.length} components`;
  }

  /** The metadata, or nothing if it is incomplete: the last check says what is missing. */
  #findMetadata(): Metadata | undefined {
    try {
      return this.#resolveMetadata();
    } catch {
      return undefined;
    }
  }

  #resolveMetadata(): Metadata {
    return resolveMetadata(parseOwnerFields(this.#read("project.json")), this.options.environment);
  }

  /** A tarball without metadata must not be left for somebody to publish. */
  #checkMetadata(): string {
    try {
      return this.#resolveMetadata().repository.url;
    } catch (error) {
      const { output } = this.options;
      for (const name of readdirSync(output).filter((file) => file.endsWith(".tgz")))
        rmSync(join(output, name));
      throw error;
    }
  }
}

/** Counts files by their folder. */
function summarize(paths: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const path of paths) {
    const folder = path.includes("/") ? path.split("/").slice(0, -1).slice(0, 2).join("/") : "root";
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return [...counts].map(([folder, count]) => `${folder} ${count}`).join(", ");
}
