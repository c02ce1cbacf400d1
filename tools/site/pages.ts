import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";

/** The root of the repository. */
export const REPOSITORY = join(__dirname, "..", "..");

/** The start page. */
export const START = "README.md";
/** The page whose sections order the navigation. */
const INDEX = "docs/README.md";
/** The last pages of the navigation. */
const PROJECT = ["CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"];

/** Pages that stand together in the navigation. A page is named by its path in the repository, with `/` on every system. */
export interface Section {
  readonly title: string;
  readonly pages: readonly string[];
}

export interface Pages {
  /** Those that stand alone at the top of the navigation. */
  readonly top: readonly string[];
  /** The sections of the index, with what the index lacks in a section of its own. */
  readonly sections: readonly Section[];
  /** The folders of the examples. Each has one page. */
  readonly examples: readonly string[];
  readonly project: readonly string[];
}

const read = (page: string) => readFileSync(join(REPOSITORY, page), "utf8");

/** The title that the index gives each page. */
function readIndexTitles(): Map<string, string> {
  const links = [...read(INDEX).matchAll(/^- \[(.+?)\]\((.+?)\)/gm)];
  return new Map(links.map(([, title = "", path = ""]) => [posix.join("docs", path), title]));
}

/** Names a page as the index does. A page that the index lacks has the name of its first heading. */
export function readTitle(page: string): string {
  if (page === START) return "Overview";
  if (page.startsWith("examples/")) return posix.basename(posix.dirname(page));
  return readIndexTitles().get(page) ?? /^# (.+)$/m.exec(read(page))?.[1] ?? page;
}

function readSections(): Section[] {
  const [, ...parts] = read(INDEX).split(/^## /m);
  return parts.map((part) => ({
    title: part.slice(0, part.indexOf("\n")),
    pages: [...part.matchAll(/^- \[.+?\]\((.+?)\)/gm)].map(([, path = ""]) => posix.join("docs", path)),
  }));
}

function listDocuments(): string[] {
  return readdirSync(join(REPOSITORY, "docs"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .map((file) => `docs/${file.replaceAll("\\", "/")}`)
    .sort();
}

function listExamples(): string[] {
  return readdirSync(join(REPOSITORY, "examples"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `examples/${name}`)
    .sort();
}

/** Lists the pages of the site in the order of the navigation. */
export function listPages(): Pages {
  const sections = readSections();
  const listed = new Set([INDEX, ...sections.flatMap(({ pages }) => pages)]);
  const others = listDocuments().filter((page) => !listed.has(page));
  return {
    top: [START, INDEX],
    sections: others.length === 0 ? sections : [...sections, { title: "More", pages: others }],
    examples: listExamples(),
    project: PROJECT,
  };
}
