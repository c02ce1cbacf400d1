import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readBundled } from "../../tools/release/bundled";
import { runChecks } from "../../tools/release/checks";
import { Release, type ReleaseOptions } from "../../tools/release/release";
import type { Sbom } from "../../tools/release/sbom";
import { REPOSITORY } from "../support/project";

const PARTS = ["package.json", "package-lock.json", "README.md", "LICENSE", "CHANGELOG.md", "dist"];
const OWNER = { repository: "https://git.example/owner/clickpipes", author: "The Owner" };

/** What an uncommitted change or a build would decide. */
const ELSEWHERE = ["working tree", "version", "build"];

interface Packed extends Record<string, unknown> {
  readonly version: string;
}

describe("a release that publishes nothing", () => {
  let folder: string;
  let repository: string;
  let output: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "pulumi-clickpipes-"));
    [repository, output] = [join(folder, "repository"), join(folder, "output")];
    mkdirSync(repository);
    for (const part of PARTS) cpSync(join(REPOSITORY, part), join(repository, part), { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  async function check(owner: object, options: Partial<ReleaseOptions> = {}) {
    writeFileSync(join(repository, "project.json"), JSON.stringify(owner));
    const release = new Release({ repository, output, environment: {}, ...options });
    try {
      const checks = release.checks.filter(({ name }) => !ELSEWHERE.includes(name));
      return await runChecks(checks);
    } finally {
      release.remove();
    }
  }

  const listFailed = (results: Awaited<ReturnType<typeof check>>) =>
    results
      .filter(({ passed }) => !passed)
      .map(({ name, detail }) => `${name}: ${detail.split(". ")[0] ?? ""}`);

  function readManifest(): Packed {
    return JSON.parse(readFileSync(join(repository, "package.json"), "utf8")) as Packed;
  }

  function tarballPath(): string {
    return join(output, `pulumi-clickpipes-${readManifest().version}.tgz`);
  }

  it("packs the owner's fields and leaves package.json in the working tree as it is", async () => {
    const before = readManifest();
    assert.deepEqual(listFailed(await check(OWNER)), []);
    assert.deepEqual(readManifest(), before);
    const packed = execFileSync("tar", ["-xzOf", tarballPath(), "package/package.json"], {
      encoding: "utf8",
    });
    assert.deepEqual(JSON.parse(packed), {
      ...before,
      repository: { type: "git", url: "git+https://git.example/owner/clickpipes.git" },
      homepage: "https://git.example/owner/clickpipes#readme",
      bugs: { url: "https://git.example/owner/clickpipes/issues" },
      author: "The Owner",
    });
  });

  it("fails with the missing fields after every other check, and leaves no tarball", async () => {
    const results = await check({});
    assert.deepEqual(listFailed(results), ["metadata: project.json lacks repository and author"]);
    assert.equal(results.at(-1)?.name, "metadata");
    assert.equal(existsSync(tarballPath()), false);
    assert.equal(existsSync(join(output, "sbom.cdx.json")), true);
  });

  it("lists the packed files and leaves the entry of the changelog as notes", async () => {
    await check(OWNER);
    assert.match(readFileSync(join(output, "files.txt"), "utf8"), /^dist\/index\.js$/m);
    const notes = readFileSync(join(output, "notes.md"), "utf8");
    assert.doesNotMatch(notes, /^#/m);
    assert.ok(readFileSync(join(REPOSITORY, "CHANGELOG.md"), "utf8").includes(notes));
  });

  it("wants the day in the changelog if a tag is released", async () => {
    const { version } = readManifest();
    writeFileSync(join(repository, "CHANGELOG.md"), `## ${version} (unreleased)\n\n- New.\n`);
    const failed = listFailed(await check(OWNER, { tag: `v${version}` }));
    assert.deepEqual(failed, [
      `changelog: write the day of the release into CHANGELOG.md: "## ${version} (YYYY-MM-DD)"`,
    ]);
  });

  it("fails for a file that users don't need", async () => {
    writeFileSync(join(repository, "dist", "index.js.map"), "");
    assert.deepEqual(listFailed(await check(OWNER)), [
      "packed files: files that users don't need:\ndist/index.js.map",
    ]);
  });

  it("fails if the license of a bundled package is missing", async () => {
    const file = join(repository, "dist", "THIRD_PARTY_LICENSES.txt");
    const notices = readFileSync(file, "utf8").split(/^-{80}$/m);
    writeFileSync(file, notices.filter((notice) => !/^node-fetch /m.test(notice)).join("-".repeat(80)));
    const [first] = listFailed(await check(OWNER));
    assert.equal(first, "licenses: dist/THIRD_PARTY_LICENSES.txt lacks node-fetch, which the bundle holds");
  });

  it("names in its SBOM each dependency and each bundled package, and nothing else", async () => {
    await check(OWNER);
    const { bomFormat, components } = JSON.parse(readFileSync(join(output, "sbom.cdx.json"), "utf8")) as Sbom;
    const bundled = readBundled(repository).map(({ name }) => name);
    assert.equal(bomFormat, "CycloneDX");
    assert.ok(["node-fetch", "https-proxy-agent", "proxy-from-env"].every((name) => bundled.includes(name)));
    const dependencies = Object.keys(readManifest().dependencies as object);
    assert.deepEqual(components.map(({ name }) => name).sort(), [...dependencies, ...bundled].sort());
    const marked = components.filter(({ properties }) =>
      properties.some(({ name, value }) => name === "cdx:npm:package:bundled" && value === "true"),
    );
    assert.deepEqual(marked.map(({ name }) => name).sort(), bundled.sort());
  });
});
