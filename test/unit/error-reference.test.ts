import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ERROR_CODES, type ErrorDetails } from "../../provider/errors";
import { REMEDIES } from "../../provider/remedies";

const ROOT = join(__dirname, "../..");

/** What the reference page shows in place of a setting, a command and a size. */
const EXAMPLE: ErrorDetails = {
  key: { source: "environment CLICKHOUSE_CLOUD_API_KEY", isFromConfig: false },
  apiUrl: new URL("https://api.clickhouse.cloud/v1"),
  kind: "update",
  pendingSize: "8 cores (32 GB)",
};

const rows = readFileSync(join(ROOT, "docs/errors.md"), "utf8")
  .split("\n")
  .filter((line) => line.startsWith("| `"))
  .map((line) => line.split("|").map((cell) => cell.trim()))
  .map(([, code = "", cause = "", remedy = ""]) => ({ code: code.replaceAll("`", ""), cause, remedy }));

describe("the reference page of errors", () => {
  it("has one row for each error code, in the order of the source", () => {
    assert.deepEqual(
      rows.map(({ code }) => code),
      [...ERROR_CODES],
    );
  });

  for (const code of ERROR_CODES) {
    it(`gives the cause of ${code} and the remedy that the message has`, () => {
      const row = rows.find((candidate) => candidate.code === code) ?? assert.fail("no row");
      const remedy = REMEDIES[code];
      assert.match(row.cause, /\.$/);
      assert.equal(row.remedy, typeof remedy === "string" ? remedy : remedy(EXAMPLE));
    });
  }
});

describe("an error code", () => {
  const source = readdirSync(join(ROOT, "provider"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.endsWith("remedies.ts"))
    .map((file) => readFileSync(join(ROOT, "provider", file), "utf8"))
    .join("\n")
    .replace(/export const ERROR_CODES = \[.*?\] as const;/s, "");

  for (const code of ERROR_CODES) {
    it(`${code} is thrown somewhere`, () => assert.ok(source.includes(`"${code}"`)));
  }
});
