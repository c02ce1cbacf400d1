import assert from "node:assert/strict";
import { readEntry } from "../../tools/release/changelog";
import { renderResults, runChecks } from "../../tools/release/checks";
import { listMissingFiles, listUnexpectedFiles } from "../../tools/release/packed-files";

const fail = (message: string) => () => {
  throw new Error(message);
};

describe("the checks of a release", () => {
  it("run to the end after one has failed", async () => {
    const results = await runChecks([
      { name: "first", run: fail("broken") },
      { name: "second", run: () => "fine" },
      { name: "third", run: () => Promise.reject(new Error("late")) },
    ]);
    assert.deepEqual(results, [
      { name: "first", passed: false, detail: "broken" },
      { name: "second", passed: true, detail: "fine" },
      { name: "third", passed: false, detail: "late" },
    ]);
  });

  it("are a table, with the whole text of failures below", () => {
    const text = renderResults([
      { name: "pack", passed: true, detail: "a.tgz" },
      { name: "metadata", passed: false, detail: "lacks author.\nSet it" },
    ]);
    assert.equal(
      text,
      "passed  pack      a.tgz\nFAILED  metadata  lacks author.\n\nmetadata: lacks author.\nSet it\n\n1 of 2 checks failed. Nothing was published.\n",
    );
  });

  it("say that the release can go out if all passed", () => {
    const text = renderResults([{ name: "pack", passed: true, detail: "a.tgz" }]);
    assert.match(text, /\nThe release can go out\. Nothing was published\.\n$/);
  });
});

describe("the entry of a release in the changelog", () => {
  const changelog = (...entries: string[]) => ["# Changelog\n", ...entries].join("\n");

  it("has the notes of its version only", () => {
    const text = changelog("## 1.1.0 (2026-03-04)\n\n- New.\n", "## 1.0.0 (2026-01-02)\n\n- Old.\n");
    assert.deepEqual(readEntry(text, "1.1.0"), { date: "2026-03-04", notes: "- New." });
  });

  it("has no date before the release", () => {
    assert.equal(readEntry(changelog("## 1.0.0 (unreleased)\n\n- New.\n"), "1.0.0").date, undefined);
  });

  it("may not be older than another", () => {
    const text = changelog("## 1.1.0 (unreleased)\n\n- New.\n", "## 1.0.0 (2026-01-02)\n\n- Old.\n");
    assert.throws(
      () => readEntry(text, "1.0.0"),
      /the newest entry of CHANGELOG\.md is "1\.1\.0 \(unreleased\)"/,
    );
  });

  for (const heading of ["1.0.0", "1.0.0 (soon)", "v1.0.0 (unreleased)", "1.0.01 (unreleased)"]) {
    it(`may not have the heading ${heading}`, () => {
      assert.throws(
        () => readEntry(changelog(`## ${heading}\n\n- New.\n`), "1.0.0"),
        /Start it with "## 1\.0\.0/,
      );
    });
  }

  it("may not be empty", () => {
    assert.throws(() => readEntry(changelog("## 1.0.0 (unreleased)\n"), "1.0.0"), /1\.0\.0 .*is empty/);
  });

  it("may not be absent", () => {
    assert.throws(() => readEntry(changelog(), "1.0.0"), /Start it with "## 1\.0\.0/);
  });
});

describe("the files of a release", () => {
  for (const path of [
    "project.json",
    "test/unit/a.test.ts",
    "dist/tools/release/check.js",
    "dist/index.js.map",
    "dist/provider/cloud/.env",
  ]) {
    it(`may not have ${path}`, () => assert.deepEqual(listUnexpectedFiles([path]), [path]));
  }

  it("must have the licenses", () => {
    const paths = ["package.json", "README.md", "CHANGELOG.md"];
    assert.deepEqual(listMissingFiles(paths), ["LICENSE", "dist/THIRD_PARTY_LICENSES.txt"]);
  });
});
