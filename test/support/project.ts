import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
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

/** A program's folder outside the repository; `remove` ends it. */
export function createProgramFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "pulumi-clickpipes-"));
  writeFileSync(join(path, "package.json"), JSON.stringify({ name: "program", private: true }));
  linkPackages(path);
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
