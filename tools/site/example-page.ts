import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, extname, join, posix } from "node:path";
import { REPOSITORY } from "./pages";

const LANGUAGES: Readonly<Record<string, string>> = {
  ".json": "json",
  ".ts": "ts",
  ".yaml": "yaml",
  ".yml": "yaml",
};

/** Those of a stack can hold what a maintainer tried with a key of their own. */
const STACK_CONFIG = /^Pulumi\..+\.ya?ml$/;
const GENERATED = ["node_modules", "package-lock.json"];

export const readmeOf = (example: string) => `${example}/README.md`;
export const hasReadme = (example: string) => existsSync(join(REPOSITORY, readmeOf(example)));

/** Lists the files of a folder, and then those of its subfolders. */
function listFiles(folder: string): string[] {
  const entries = readdirSync(join(REPOSITORY, folder), { withFileTypes: true });
  const kept = entries.filter(({ name }) => !GENERATED.includes(name) && !STACK_CONFIG.test(name));
  const folders = kept.filter((entry) => entry.isDirectory()).map(({ name }) => `${folder}/${name}`);
  const files = kept.filter((entry) => entry.isFile()).map(({ name }) => `${folder}/${name}`);
  return [...files.filter((file) => extname(file) in LANGUAGES), ...folders.flatMap(listFiles)];
}

/** Lists what a link can name in an example: its files and folders. All of them lead to its page. */
export function listLinkTargets(example: string): string[] {
  const files = listFiles(example);
  return [...new Set(files.flatMap((file) => [file, posix.dirname(file)]))];
}

/** Shows the files of an example, because the folder itself is not part of the site. */
export function renderFiles(example: string): string {
  const files = listFiles(example).map((file) => {
    const code = readFileSync(join(REPOSITORY, file), "utf8").trimEnd();
    const name = file.slice(example.length + 1);
    return `### ${name}\n\n\`\`\`${LANGUAGES[extname(file)]}\n${code}\n\`\`\`\n`;
  });
  return `\n\n## Files\n\n${files.join("\n")}`;
}

/** What stands for the README of an example that has none. */
export function renderSubstitute(example: string): string {
  const project = readFileSync(join(REPOSITORY, example, "Pulumi.yaml"), "utf8");
  const [, description = ""] = /^description: (.+)$/m.exec(project) ?? [];
  return `# ${basename(example)}\n\n${description}.\n`;
}
