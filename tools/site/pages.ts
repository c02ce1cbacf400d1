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

/** The pages that an item of the index links to. The first one is what the item is about, and has its name there. */
interface IndexItem {
  readonly title: string;
  readonly page: string;
  readonly others: readonly string[];
}

function readItems(section: string): IndexItem[] {
  const [, ...items] = section.split(/^- /m);
  return items.map((item) => {
    const links = [...item.matchAll(/\[([^\]]+)\]\(([^):#]+\.md)\)/g)];
    const [page = "", ...others] = links.map(([, , path = ""]) => posix.join("docs", path));
    return { title: links[0]?.[1] ?? "", page, others };
  });
}

/** The sections of the index, without what stands before the first one. */
function splitIndex(): { readonly title: string; readonly items: readonly IndexItem[] }[] {
  const [, ...sections] = read(INDEX).split(/^## /m);
  return sections.map((section) => ({
    title: section.slice(0, section.indexOf("\n")),
    items: readItems(section),
  }));
}

/** Names a page as the index does. A page without an item of its own has the name of its first heading. */
export function readTitle(page: string): string {
  if (page === START) return "Overview";
  if (page.startsWith("examples/")) return posix.basename(posix.dirname(page));
  const item = splitIndex()
    .flatMap(({ items }) => items)
    .find((candidate) => candidate.page === page);
  return item?.title ?? /^# (.+)$/m.exec(read(page))?.[1] ?? page;
}

/** A page stands at its own item, or else at the first item that links to it. */
function readSections(): Section[] {
  const sections = splitIndex();
  const own = new Set(sections.flatMap(({ items }) => items.map(({ page }) => page)));
  const placed = new Set<string>();
  const isNew = (page: string) => {
    const isFirst = page.startsWith("docs/") && !placed.has(page);
    placed.add(page);
    return isFirst;
  };
  return sections.map(({ title, items }) => ({
    title,
    pages: items
      .flatMap(({ page, others }) => [page, ...others.filter((other) => !own.has(other))])
      .filter(isNew),
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
