import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export const REPOSITORY = join(__dirname, "..", "..");

/** Makes a program in that folder resolve this package, built, and the SDK, as a user's does. */
export function linkPackages(folder: string): void {
  mkdirSync(join(folder, "node_modules", "@pulumi"), { recursive: true });
  symlinkSync(REPOSITORY, join(folder, "node_modules", "pulumi-clickpipes"));
  const sdk = dirname(require.resolve("@pulumi/pulumi/package.json"));
  symlinkSync(sdk, join(folder, "node_modules", "@pulumi", "pulumi"));
}

/** What `npm install` leaves: this package with the files that are published, and each other one. */
export function installPackages(folder: string): void {
  const modules = join(folder, "node_modules");
  mkdirSync(modules, { recursive: true });
  for (const name of readdirSync(join(REPOSITORY, "node_modules"))) {
    if (name !== "pulumi-clickpipes" && !name.startsWith(".") && !name.startsWith("example-"))
      symlinkSync(join(REPOSITORY, "node_modules", name), join(modules, name));
  }
  for (const part of ["package.json", "dist"])
    cpSync(join(REPOSITORY, part), join(modules, "pulumi-clickpipes", part), { recursive: true });
}

/** A program's folder outside the repository; `remove` ends it. */
export function createProgramFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "pulumi-clickpipes-"));
  writeFileSync(join(path, "package.json"), JSON.stringify({ name: "program", private: true }));
  linkPackages(path);
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
