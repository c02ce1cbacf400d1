import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { REPOSITORY } from "../support/project";

/** A row of the table: what happens, the file of the test, and the test's name as the source has it. */
const ROW = /^\| (.*?) +\| .*? +\| `(test\/[\w/.-]+)`: (.*?) +\|$/gm;

describe("the table of attacks", () => {
  const page = readFileSync(join(REPOSITORY, "docs", "security.md"), "utf8");
  const rows = [...page.matchAll(ROW)].map(([, attack = "", file = "", name = ""]) => ({
    attack,
    file,
    name,
  }));

  it("has a test in each row", () => {
    const table = page.slice(page.indexOf("| attack"));
    assert.equal(rows.length, table.trim().split("\n").length - 2);
  });

  for (const { attack, file, name } of rows) {
    it(`names a test that exists for ${attack}`, () => {
      const path = join(REPOSITORY, file);
      assert.ok(existsSync(path), file);
      const source = readFileSync(path, "utf8");
      const titles = ['"', "`"].map((quote) => `it(${quote}${name}${quote}`);
      assert.ok(
        titles.some((title) => source.includes(title)),
        `${file} has no test "${name}"`,
      );
    });
  }
});
