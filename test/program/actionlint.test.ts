import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findActionlint } from "../../tools/actionlint/find";
import { lintWorkflows, listWorkflows } from "../../tools/actionlint/run";

const BROKEN = `on: push
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - run: echo "\${{ github.evnt.number }}"
      - run: echo
        wth: {}
`;

describe("actionlint", () => {
  const folder = mkdtempSync(join(tmpdir(), "pulumi-clickpipes-"));
  after(() => rmSync(folder, { recursive: true }));

  it("accepts every workflow of the repository and of its examples", () => {
    const files = listWorkflows();
    for (const file of [
      ".github/workflows/ci.yml",
      ".github/workflows/docs.yml",
      ".github/workflows/release.yml",
      "examples/initial-load/.github/workflows/scale-down.yml",
      "examples/review/.github/workflows/clickpipes.yml",
    ]) {
      assert.ok(files.includes(file), file);
    }
    assert.deepEqual(lintWorkflows(files), { status: 0, output: "" });
  });

  it("names the lines of a broken workflow", () => {
    writeFileSync(join(folder, "broken.yml"), BROKEN);
    const { status, output } = lintWorkflows(["broken.yml"], folder);
    assert.equal(status, 1);
    assert.match(output, /^broken\.yml:6:\d+: property "evnt" is not defined/m);
    assert.match(output, /^broken\.yml:8:\d+: unexpected key "wth"/m);
  });

  it("fails with what to install if it is not built and Go is missing", () => {
    const before = process.env.PATH;
    process.env.PATH = folder;
    try {
      assert.throws(
        () => findActionlint(join(folder, "cache")),
        /^Error: actionlint v\d+\.\d+\.\d+ is not built yet, and go did not run \(.*ENOENT.*\)\. Install Go: /,
      );
    } finally {
      process.env.PATH = before;
    }
    assert.deepEqual(readdirSync(join(folder, "cache", "pulumi-clickpipes")), []);
  });
});
