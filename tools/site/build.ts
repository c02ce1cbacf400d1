import { join, posix, resolve } from "node:path";
import {
  Application,
  type Context,
  Converter,
  DocumentReflection,
  IndexEvent,
  normalizePath,
  type Reflection,
  TSConfigReader,
  type TypeDocOptions,
} from "typedoc";
import { hasReadme, listLinkTargets, readmeOf, renderFiles, renderSubstitute } from "./example-page";
import { listPages, readTitle, REPOSITORY } from "./pages";
import { pageOf, SiteRouter, SiteTheme } from "./theme";

/**
 * Writes the documentation as HTML to site/, or to the folder that is named. Fails on every warning: a link that leads nowhere, a type that
 * no page shows.
 */

/** What a program imports, by TypeDoc's name for the entry. */
const ENTRIES: Readonly<Record<string, { readonly file: string; readonly name: string }>> = {
  index: { file: "index.ts", name: "pulumi-clickpipes" },
  emulator: { file: "emulator/index.ts", name: "pulumi-clickpipes/emulator" },
};

interface MarkdownParser {
  readonly linkify: { set: (options: { fuzzyLink: boolean; fuzzyEmail: boolean }) => void };
  validateLink: (address: string) => boolean;
}

/** Words such as README.md are not addresses, and addresses of this machine and of examples lead nowhere. */
function limitAutomaticLinks(parser: MarkdownParser): void {
  const { validateLink } = parser;
  parser.linkify.set({ fuzzyLink: false, fuzzyEmail: false });
  parser.validateLink = (address) =>
    validateLink(address) && !/^https?:\/\/([^/]*@)?(127\.0\.0\.1|[^/:]+\.example)\b/.test(address);
}

function listDocuments(): string[] {
  const { top, sections, examples, project } = listPages();
  const pages = [...top, ...sections.flatMap((section) => section.pages), ...project];
  return [...pages, ...examples.filter(hasReadme).map(readmeOf)].map((page) => join(REPOSITORY, page));
}

const OPTIONS: TypeDocOptions = {
  name: "pulumi-clickpipes",
  includeVersion: true,
  readme: "none",
  tsconfig: join(REPOSITORY, "tsconfig.build.json"),
  entryPoints: Object.values(ENTRIES).map(({ file }) => join(REPOSITORY, file)),
  projectDocuments: listDocuments(),
  // `npm run types` checks types.
  skipErrorChecking: true,
  validation: {
    invalidLink: true,
    invalidPath: true,
    rewrittenLink: true,
    notExported: true,
    notDocumented: true,
  },
  // Not the members of a type without a name: their type says it all.
  requiredToBeDocumented: [
    "Module",
    "Class",
    "Interface",
    "TypeAlias",
    "Function",
    "Method",
    "Accessor",
    "Variable",
  ],
  excludeExternals: true,
  excludeInternal: true,
  excludePrivate: true,
  visibilityFilters: {},
  useFirstParagraphOfCommentAsSummary: true,
  includeHierarchySummary: false,
  // The sources have no public address to link to.
  disableSources: true,
  sort: ["kind", "instance-first", "source-order"],
  theme: "site",
  router: "site",
  customCss: join(__dirname, "site.css"),
  favicon: join(__dirname, "favicon.svg"),
  searchInComments: true,
  searchInDocuments: true,
  highlightLanguages: ["ts", "js", "sh", "yaml", "json", "sql", "hcl", "diff"],
  markdownItLoader: limitAutomaticLinks,
};

/** Before docstrings, examples and the changelog, which use the same words in passing. */
const DOCUMENT_BOOST = 3;
/** As a multiple of a word of the text. A name counts 10. */
const HEADING_WEIGHT = 5;

/** Lets the search prefer pages that have a heading about the words. */
function indexHeadings(event: IndexEvent): void {
  event.searchFieldWeights.headings = HEADING_WEIGHT;
  event.searchResults.forEach((result, row) => {
    if (!result.isDocument()) return;
    const text = result.content.map((part) => part.text).join("");
    event.searchFields[row] = {
      headings: [...text.matchAll(/^##+ (.+)$/gm)].map(([, heading]) => heading).join("\n"),
    };
  });
}

/** Names a document as the index does. */
function completeDocument(document: DocumentReflection): void {
  const page = pageOf(document);
  document.name = readTitle(page);
  if (page.startsWith("docs/")) document.relevanceBoost = DOCUMENT_BOOST;
  if (posix.basename(page) !== "README.md") return;
  const folder = posix.dirname(page);
  redirectLinks(document, [folder]);
  if (!folder.startsWith("examples/")) return;
  document.content.push({ kind: "text", text: renderFiles(folder) });
  redirectLinks(document, listLinkTargets(folder));
}

/** Lets links to files and folders lead to a document. */
function redirectLinks(document: DocumentReflection, paths: readonly string[]): void {
  for (const path of paths)
    document.project.files.registerReflectionPath(normalizePath(join(REPOSITORY, path)), document);
}

/** Some examples have a guide in place of a README. */
function addExamplesWithoutReadme({ project }: Context): void {
  for (const example of listPages().examples.filter((folder) => !hasReadme(folder))) {
    const content = { kind: "text", text: renderSubstitute(example) } as const;
    const document = new DocumentReflection(readTitle(readmeOf(example)), project, [content], {});
    project.addChild(document);
    project.registerReflection(document, undefined, normalizePath(join(REPOSITORY, readmeOf(example))));
    completeDocument(document);
  }
}

function nameEntries({ project }: Context): void {
  for (const entry of project.children ?? []) entry.name = ENTRIES[entry.name]?.name ?? entry.name;
}

/** Members keep the order of the source, which is that of their importance. What an entry exports comes from many files, so names order it. */
function sortExports({ project }: Context): void {
  const byName = (a: Reflection, b: Reflection) => a.name.localeCompare(b.name, "en");
  for (const { groups = [] } of [project, ...(project.children ?? [])])
    for (const group of groups) group.children.sort(byName);
  // The navigation lists the documents.
  project.groups = (project.groups ?? []).filter(({ title }) => title !== "Documents");
}

/** Writes the site and returns whether it has no faults. TypeDoc prints them. */
async function buildSite(folder: string): Promise<boolean> {
  const app = await Application.bootstrap(OPTIONS, [new TSConfigReader()]);
  app.renderer.defineRouter("site", SiteRouter);
  app.renderer.defineTheme("site", SiteTheme);
  app.renderer.on(IndexEvent.PREPARE_INDEX, indexHeadings);
  app.converter.on(Converter.EVENT_BEGIN, addExamplesWithoutReadme);
  app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_, document) => completeDocument(document));
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, nameEntries);
  app.converter.on(Converter.EVENT_END, sortExports);
  const project = await app.convert();
  if (project === undefined) return false;
  app.validate(project);
  await app.generateDocs(project, folder);
  return !app.logger.hasErrors() && !app.logger.hasWarnings();
}

const [, , folder = join(REPOSITORY, "site")] = process.argv;
void buildSite(resolve(folder)).then((isFlawless) => {
  if (!isFlawless) process.exitCode = 1;
});
