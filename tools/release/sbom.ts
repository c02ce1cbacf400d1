import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BundledPackage } from "./bundled";

interface LockedPackage {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

type LockedPackages = Record<string, LockedPackage>;

interface Component {
  readonly name: string;
  readonly version: string;
  properties: { name: string; value: string }[];
}

export interface Sbom {
  readonly bomFormat: string;
  readonly components: readonly Component[];
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

/**
 * Has npm write a CycloneDX document of what the package brings along: its dependencies, theirs, and what is bundled. `npm sbom` in the
 * repository itself overflows its stack, because workspaces refer to the root. It gets a project without them.
 */
export function createSbom(
  { dependencies, ...manifest }: Manifest,
  lockfile: { readonly packages: LockedPackages },
  bundled: readonly BundledPackage[],
): Sbom {
  const all = {
    ...dependencies,
    ...Object.fromEntries(bundled.map(({ name, version }) => [name, version])),
  };
  const { name, version } = manifest;
  const locked = {
    "": { name, version, dependencies: all },
    ...lockBundled(lockfile.packages, bundled),
    ...lockDependencies(lockfile.packages, Object.keys(dependencies)),
  };
  const sbom = runNpmSbom(
    { name, version, ...pickMetadata(manifest), dependencies: all },
    { name, version, lockfileVersion: 3, requires: true, packages: locked },
  );
  return markBundled(sbom, bundled);
}

function pickMetadata(manifest: object): object {
  const fields = ["description", "license", "repository", "homepage", "bugs", "author"];
  return Object.fromEntries(Object.entries(manifest).filter(([name]) => fields.includes(name)));
}

/** Returns the entries that npm would install for these names, found as Node.js finds them. */
function lockDependencies(packages: LockedPackages, names: readonly string[]): LockedPackages {
  const found: LockedPackages = {};
  const waiting = names.map((name) => ({ name, from: "" }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const path = findLocked(packages, next.name, next.from);
    if (path in found) continue;
    const entry = { ...packages[path] };
    found[path] = omitFlags(entry);
    for (const name of Object.keys(entry.dependencies ?? {})) waiting.push({ name, from: path });
  }
  return found;
}

function findLocked(packages: LockedPackages, name: string, from: string): string {
  for (let base = from; ; base = base.slice(0, Math.max(0, base.lastIndexOf("/node_modules/")))) {
    const path = base === "" ? `node_modules/${name}` : `${base}/node_modules/${name}`;
    if (path in packages) return path;
    if (base === "")
      throw new Error(`package-lock.json does not have ${name}, which ${from || "the package"} needs`);
  }
}

/** What a bundled package needs and the bundle left out is not part of the package. */
function lockBundled(packages: LockedPackages, bundled: readonly BundledPackage[]): LockedPackages {
  const names = new Set(bundled.map(({ name }) => name));
  return Object.fromEntries(
    bundled.map(({ name, version }) => {
      const entry = Object.entries(packages).find(
        ([path, locked]) => path.endsWith(`node_modules/${name}`) && locked.version === version,
      )?.[1];
      if (entry === undefined)
        throw new Error(`package-lock.json does not have ${name} ${version}, which the bundle holds`);
      const needed = Object.entries(entry.dependencies ?? {}).filter(([needs]) => names.has(needs));
      return [`node_modules/${name}`, { ...omitFlags(entry), dependencies: Object.fromEntries(needed) }];
    }),
  );
}

/** The flags say how the repository uses a package. npm leaves a package out by them. */
function omitFlags(entry: object): LockedPackage {
  const flags = ["dev", "devOptional", "optional", "peer"];
  return Object.fromEntries(Object.entries(entry).filter(([name]) => !flags.includes(name)));
}

function runNpmSbom(manifest: object, lockfile: object): Sbom {
  const folder = mkdtempSync(join(tmpdir(), "pulumi-clickpipes-"));
  try {
    writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
    writeFileSync(join(folder, "package-lock.json"), JSON.stringify(lockfile));
    const options = ["--package-lock-only", "--sbom-format", "cyclonedx", "--sbom-type", "library"];
    const output = execFileSync("npm", ["sbom", ...options], {
      cwd: folder,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
    return JSON.parse(output) as Sbom;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function markBundled(sbom: Sbom, bundled: readonly BundledPackage[]): Sbom {
  for (const component of sbom.components) {
    const isBundled = bundled.some(
      ({ name, version }) => name === component.name && version === component.version,
    );
    if (isBundled) component.properties.push({ name: "cdx:npm:package:bundled", value: "true" });
  }
  return sbom;
}
