import { relative } from "node:path";
import {
  ContainerReflection,
  DefaultTheme,
  type NavigationElement,
  type PageDefinition,
  PageKind,
  type ProjectReflection,
  type Reflection,
  Slugger,
  StructureRouter,
} from "typedoc";
import { readmeOf } from "./example-page";
import { listPages, REPOSITORY, type Section } from "./pages";

const API = "api";

/** Returns the path in the repository of the page that a document shows. */
export function pageOf(document: Reflection): string {
  const file = document.project.files.getReflectionPath(document) ?? "";
  return relative(REPOSITORY, file).replaceAll("\\", "/");
}

/**
 * Gives each page the path that its source has: docs/guides/x.md is docs/guides/x.html, and a README is the index.html of its folder. The
 * API stands below api/, by the names that a program imports.
 */
export class SiteRouter extends StructureRouter {
  /** The README takes the place of the API's list of entries, which moves to api/index.html. */
  override buildPages(project: ProjectReflection): PageDefinition[] {
    this.usedFileNames = new Set();
    this.sluggers = new Map([[project, new Slugger(this.sluggerConfiguration)]]);
    this.fullUrls.set(project, this.getFileName(`${API}/index`));
    const pages: PageDefinition[] = [
      { url: this.getFullUrl(project), kind: PageKind.Reflection, model: project },
    ];
    for (const child of project.childrenIncludingDocuments ?? []) this.buildChildPages(child, pages);
    return pages;
  }

  protected override getIdealBaseName(reflection: Reflection): string {
    if (!reflection.isDocument()) return `${API}/${super.getIdealBaseName(reflection)}`;
    return pageOf(reflection)
      .replace(/\.md$/, "")
      .replace(/(^|\/)README$/, "$1index");
  }
}

/** Orders the navigation as the index of the documentation does. */
export class SiteTheme extends DefaultTheme {
  override buildNavigation(project: ProjectReflection): NavigationElement[] {
    const documents = new Map((project.documents ?? []).map((document) => [pageOf(document), document]));
    const link = (page: string): NavigationElement => {
      const document = documents.get(page);
      if (document === undefined) throw new Error(`the site has no page for ${page}`);
      return this.toElement(document);
    };
    const group = ({ title, pages }: Section): NavigationElement => {
      const children = pages.map(link);
      // A section with one page of the same name is that page.
      return children.length === 1 && children[0]?.text === title ? children[0] : { text: title, children };
    };
    const { top, sections, examples, project: about } = listPages();
    return [
      ...top.map(link),
      ...sections.map(group),
      group({ title: "Examples", pages: examples.map(readmeOf) }),
      { text: "API", path: this.router.getFullUrl(project), children: this.buildApi(project) },
      group({ title: "Project", pages: about }),
    ];
  }

  private buildApi(project: ProjectReflection): NavigationElement[] {
    const entries = project.groups?.flatMap(({ children }) => children) ?? [];
    return entries.map((entry) => ({ ...this.toElement(entry), children: this.buildExports(entry) }));
  }

  private buildExports(entry: Reflection): NavigationElement[] {
    const groups = entry instanceof ContainerReflection ? (entry.groups ?? []) : [];
    return groups.flatMap(({ children }) => children.map((child) => this.toElement(child)));
  }

  private toElement(reflection: Reflection): NavigationElement {
    return { text: reflection.name, path: this.router.getFullUrl(reflection), kind: reflection.kind };
  }
}
