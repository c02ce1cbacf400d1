import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, posix } from "node:path";
import { inflateSync } from "node:zlib";
import { REPOSITORY } from "../support/project";

const readFolder = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" }).map((file) => file.replaceAll("\\", "/"));

/** The pages that readers look for. Those of docs/ are what the folder has. */
const DOCUMENTS = readFolder(join(REPOSITORY, "docs"))
  .filter((file) => file.endsWith(".md"))
  .map((file) => `docs/${file}`)
  .sort();
const EXAMPLES = readdirSync(join(REPOSITORY, "examples")).map((name) => `examples/${name}/README.md`);
const PAGES = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", ...DOCUMENTS, ...EXAMPLES];

const addressOf = (page: string) => page.replace(/README\.md$/, "index.html").replace(/\.md$/, ".html");

/** Runs `npm run docs` of a repository. */
function build(repository: string, folder: string) {
  const script = [join("node_modules", "ts-node", "dist", "bin.js"), join("tools", "site", "build.ts")];
  return spawnSync(process.execPath, [...script, folder], { cwd: repository, encoding: "utf8" });
}

/** What a script of the site holds as compressed JSON. */
function readData(folder: string, name: string): unknown {
  const [, data = ""] = /"([^"]+)"/.exec(readFileSync(join(folder, "assets", `${name}.js`), "utf8")) ?? [];
  return JSON.parse(inflateSync(Buffer.from(data, "base64")).toString("utf8"));
}

interface NavigationItem {
  readonly path?: string;
  readonly children?: readonly NavigationItem[];
}

const listPaths = (items: readonly NavigationItem[]): string[] =>
  items.flatMap(({ path, children = [] }) => [...(path === undefined ? [] : [path]), ...listPaths(children)]);

/** As lunr.js stores it: each term, and for each field the rows that have it. */
interface SearchData {
  readonly rows: readonly { readonly url: string }[];
  readonly index: { readonly invertedIndex: readonly (readonly [string, Record<string, object>])[] };
}

/** The pages and the members of the API whose text has a word. */
function search({ rows, index }: SearchData, word: string, field: "comment" | "document"): string[] {
  const [, postings] = index.invertedIndex.find(([term]) => term === word) ?? [];
  return Object.keys(postings?.[field] ?? {}).map((row) => rows[Number(row)]?.url ?? "");
}

interface Reference {
  readonly page: string;
  readonly element: string;
  readonly address: string;
}

function listReferences(folder: string, page: string): Reference[] {
  const tags = readFileSync(join(folder, page), "utf8").matchAll(/<([a-z]+)\s([^>]*)>/g);
  return [...tags].flatMap(([, element = "", attributes = ""]) =>
    [...attributes.matchAll(/(?:^|\s)(?:href|src|srcset|poster|data)="([^"]*)"/g)]
      .flatMap(([, value = ""]) => value.split(","))
      .map((candidate) => ({ page, element, address: candidate.trim().split(" ")[0] ?? "" })),
  );
}

/** A copy of what the site is made of, for changes. */
function copyRepository(): string {
  const copy = mkdtempSync(join(tmpdir(), "pulumi-clickpipes-site-"));
  const generated = ["node_modules", ".git", "dist", "site"].map((name) => join(REPOSITORY, name));
  const isSource = (path: string) => !generated.includes(path) && basename(path) !== "node_modules";
  cpSync(REPOSITORY, copy, { recursive: true, filter: isSource });
  symlinkSync(join(REPOSITORY, "node_modules"), join(copy, "node_modules"));
  return copy;
}

const isRemote = ({ address }: Reference) => /^([a-z]+:)?\/\//.test(address);

describe("the documentation's site", () => {
  let folder: string;
  let files: string[];
  let references: Reference[];

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "pulumi-clickpipes-site-"));
    const { status, stdout, stderr } = build(REPOSITORY, folder);
    assert.equal(status, 0, stdout + stderr);
    files = readFolder(folder);
    references = files
      .filter((file) => file.endsWith(".html"))
      .flatMap((page) => listReferences(folder, page));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("has every page", () => {
    assert.deepEqual(
      PAGES.filter((page) => !files.includes(addressOf(page))),
      [],
    );
  });

  it("leads to every page in its navigation", () => {
    const paths = listPaths(readData(folder, "navigation") as NavigationItem[]);
    assert.deepEqual(
      PAGES.filter((page) => !paths.includes(addressOf(page))),
      [],
    );
    assert.deepEqual(
      paths.filter((path) => !files.includes(path)),
      [],
    );
  });

  it("has a page for every export", () => {
    for (const name of ["CdcCompute", "CdcScalingArgs", "getCdcScaling", "emulator/startEmulator"])
      assert.ok(files.includes(`api/pulumi-clickpipes/${name}.html`), name);
  });

  it("links only to files and headings that it has", () => {
    const anchors = new Map<string, Set<string>>();
    const anchorsOf = (file: string) => {
      const known = anchors.get(file);
      if (known !== undefined) return known;
      const ids = [...readFileSync(join(folder, file), "utf8").matchAll(/\sid="([^"]*)"/g)];
      const found = new Set(ids.map(([, id = ""]) => id));
      anchors.set(file, found);
      return found;
    };
    const isDead = ({ page, address }: Reference) => {
      const [path = "", anchor = ""] = address.split("#");
      const file = path === "" ? page : posix.join(posix.dirname(page), decodeURIComponent(path));
      if (!existsSync(join(folder, file)) || !statSync(join(folder, file)).isFile()) return true;
      return anchor !== "" && !anchorsOf(file).has(decodeURIComponent(anchor));
    };
    const local = references.filter((reference) => !isRemote(reference));
    assert.ok(local.length > PAGES.length, `${local.length} links`);
    assert.deepEqual(local.filter(isDead), []);
  });

  it("loads nothing from another host", () => {
    assert.deepEqual(
      references.filter((reference) => reference.element !== "a" && isRemote(reference)),
      [],
    );
    const styles = files.filter((file) => file.endsWith(".css"));
    const loaded = styles.flatMap((file) => [
      ...readFileSync(join(folder, file), "utf8").matchAll(/(?:@import|url\()\s*["']?(?:[a-z]+:)?\/\/[^)]*/g),
    ]);
    assert.deepEqual(loaded.map(String), []);
  });

  it("finds every page of the documentation by a word of its text", () => {
    const data = readData(folder, "search") as SearchData;
    for (const page of DOCUMENTS) {
      const text = readFileSync(join(REPOSITORY, page), "utf8");
      const [word] = /(?<=\s)[a-z]{7,}(?=\s)/.exec(text) ?? [];
      assert.ok(word !== undefined, page);
      assert.ok(search(data, word, "document").includes(addressOf(page)), `${page}: ${word}`);
    }
  });

  it("finds an argument by a word of its docstring", () => {
    const data = readData(folder, "search") as SearchData;
    const found = search(data, "dollars", "comment");
    assert.ok(found.includes("api/pulumi-clickpipes/CdcScalingArgs.html#maxusdperhour"), found.join("\n"));
  });
});

describe("npm run docs", () => {
  let copy: string;

  beforeEach(() => {
    copy = copyRepository();
  });
  afterEach(() => rmSync(copy, { recursive: true, force: true }));

  it("has a page in the navigation that the index lacks", () => {
    writeFileSync(
      join(copy, "docs", "guides", "new.md"),
      "# A new guide\n\n[Start](../../README.md#install)\n",
    );
    const { status, stdout, stderr } = build(copy, join(copy, "out"));
    assert.equal(status, 0, stdout + stderr);
    const paths = listPaths(readData(join(copy, "out"), "navigation") as NavigationItem[]);
    assert.ok(paths.includes("docs/guides/new.html"));
  });

  it("fails on links to missing pages, headings and exports, and names them", () => {
    const links = "[Page](../missing.md) [Heading](../concepts.md#missing)";
    writeFileSync(join(copy, "docs", "guides", "new.md"), `# A new guide\n\n${links}\n`);
    const file = join(copy, "component", "cdc-compute.ts");
    writeFileSync(file, readFileSync(file, "utf8").replace("{@link CdcScaling}", "{@link Missing}"));
    const { status, stderr } = build(copy, join(copy, "out"));
    assert.equal(status, 1);
    for (const fault of [/"?\.\.\/missing\.md/, /concepts\.md#missing/, /"Missing"/])
      assert.match(stderr, fault);
  });
});
