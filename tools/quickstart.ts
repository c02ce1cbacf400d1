import { cpSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";

const REPOSITORY = join(__dirname, "..");

/** Copies the quickstart out of the repository. It resolves the package as a user's program does. */
export function copyQuickstart(folder: string): string {
  const project = join(folder, "quickstart");
  cpSync(join(REPOSITORY, "examples", "quickstart"), project, {
    recursive: true,
    filter: (path) => !path.endsWith("node_modules"),
  });
  mkdirSync(join(project, "node_modules"));
  symlinkSync(REPOSITORY, join(project, "node_modules", "pulumi-clickpipes"));
  for (const name of ["@pulumi", "typescript"]) {
    symlinkSync(join(REPOSITORY, "node_modules", name), join(project, "node_modules", name));
  }
  return project;
}
