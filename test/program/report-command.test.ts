import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { preview, printed, sized, step } from "../support/preview-json";
import { REPOSITORY } from "../support/project";

const COMMAND = join(REPOSITORY, "dist", "cli", "main.js");

describe("the command `pulumi-clickpipes report`", () => {
  function report(input: string, options: readonly string[] = [], node: readonly string[] = []) {
    return spawnSync(process.execPath, [...node, COMMAND, "report", ...options], { input, encoding: "utf8" });
  }

  it("writes Markdown that begins with its mark, and nothing else", () => {
    const { status, stdout, stderr } = report(printed("update.json"));
    assert.deepEqual([status, stderr], [0, ""]);
    assert.match(stdout, /^<!-- pulumi-clickpipes report of shop\/dev -->\n\n### ClickPipes compute: /);
    assert.match(stdout, /[^\n]\n$/);
  });

  it("ends with 0 within --max-usd-per-month, and with 1 above it, and says why", () => {
    const json = preview([step("create", { new: sized(8) })]);
    const within = report(json, ["--max-usd-per-month", "584"]);
    assert.deepEqual(
      [within.status, within.stderr],
      [0, "$584.00/month after this change is within --max-usd-per-month ($584.00)\n"],
    );
    const above = report(json, ["--max-usd-per-month=500"]);
    assert.equal(above.status, 1);
    assert.equal(above.stderr, "$584.00/month after this change is above --max-usd-per-month ($500.00)\n");
    assert.match(above.stdout, /\*\*Cost check failed\*\*: \$584\.00/);
  });

  it("ends with 1 where the preview failed, and reports what there is", () => {
    const { status, stdout, stderr } = report(printed("refused.json"));
    assert.deepEqual([status, stderr], [1, "the preview failed\n"]);
    assert.match(stdout, /\*\*The preview failed\*\*, so/);
  });

  for (const [what, input, said] of [
    ["no input", "", /stdin is empty/],
    ["no preview", "{}", /not the output of `pulumi preview --json`/],
    [
      "a stream of events",
      '{"sequence":0,"cancelEvent":{}}\n{"sequence":1,"summaryEvent":{}}\n',
      /stream of events, which is not supported\. Unset PULUMI_ENABLE_STREAMING_JSON_PREVIEW/,
    ],
    ["half a preview", printed("update.json").slice(0, 500), /Expected the complete output/],
  ] as const) {
    it(`ends with 2 on ${what}, and writes no report`, () => {
      const { status, stdout, stderr } = report(input);
      assert.deepEqual([status, stdout], [2, ""]);
      assert.match(stderr, said);
      assert.doesNotMatch(stderr, /\n +at /, "no stack trace");
    });
  }

  for (const limit of ["", "0", "-5", "much", "1e999"]) {
    it(`ends with 2 on a limit of ${JSON.stringify(limit)}`, () => {
      const { status, stderr } = report(printed("update.json"), [`--max-usd-per-month=${limit}`]);
      assert.equal(status, 2);
      assert.equal(stderr, `--max-usd-per-month must be a number above 0, got ${JSON.stringify(limit)}\n`);
    });
  }

  it("loads nothing of the provider and of the emulator", () => {
    const folder = mkdtempSync(join(tmpdir(), "pulumi-clickpipes-"));
    try {
      const [hook, list] = [join(folder, "hook.cjs"), join(folder, "list.json")];
      const saving = `JSON.stringify(Object.keys(require.cache))`;
      writeFileSync(
        hook,
        `process.on("exit", () => require("fs").writeFileSync(${JSON.stringify(list)}, ${saving}));`,
      );
      assert.equal(report(printed("update.json"), [], ["--require", hook]).status, 0);
      const files = (JSON.parse(readFileSync(list, "utf8")) as string[]).map((file) =>
        relative(REPOSITORY, file),
      );
      assert.ok(files.includes("dist/cli/report/command.js"));
      assert.deepEqual(
        files.filter((file) => /^dist\/(provider|emulator|component)\/|node-fetch|hono/.test(file)),
        [],
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("is listed with the others", () => {
    const { stdout } = spawnSync(process.execPath, [COMMAND, "--help"], { encoding: "utf8" });
    assert.match(stdout, / emulator .* report .* settle /s);
  });
});
