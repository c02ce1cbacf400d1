import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import {
  createMessage,
  createPreview,
  createProperties,
  createStep,
  readFixture,
} from "../support/preview-json";
import { REPOSITORY } from "../support/project";

const COMMAND = join(REPOSITORY, "dist", "cli", "main.js");

describe("pulumi-clickpipes report", () => {
  function runReport(input: string, options: readonly string[] = [], node: readonly string[] = []) {
    return spawnSync(process.execPath, [...node, COMMAND, "report", ...options], { input, encoding: "utf8" });
  }

  it("writes Markdown that starts with the hidden marker, and nothing else", () => {
    const { status, stdout, stderr } = runReport(readFixture("update.json"));
    assert.deepEqual([status, stderr], [0, ""]);
    assert.match(stdout, /^<!-- pulumi-clickpipes report of shop\/dev -->\n\n### ClickPipes compute: /);
    assert.match(stdout, /[^\n]\n$/);
  });

  it("exits with 0 within --max-usd-per-month and with 1 above it, with the reason on stderr", () => {
    const json = createPreview([createStep("create", { new: createProperties(8) })]);
    const within = runReport(json, ["--max-usd-per-month", "584"]);
    assert.deepEqual(
      [within.status, within.stderr],
      [0, "$584.00/month after this change is within --max-usd-per-month ($584.00)\n"],
    );
    const above = runReport(json, ["--max-usd-per-month=500"]);
    assert.equal(above.status, 1);
    assert.equal(above.stderr, "$584.00/month after this change is above --max-usd-per-month ($500.00)\n");
    assert.match(above.stdout, /\*\*Cost check failed\*\*: \$584\.00/);
  });

  it("starts no line of stderr with a name's text, which a CI system could take for a command", () => {
    const name = "orders\n::add-mask::x";
    const json = createPreview([
      createStep("create", {
        name,
        new: createProperties(8, { currentCores: "?", replicaCpuMillicores: "?", computeUnits: "?" }),
      }),
    ]);
    const { stderr } = runReport(json, ["--max-usd-per-month", "1"]);
    assert.match(stderr, /orders.*add-mask/);
    assert.doesNotMatch(stderr, /^::/m);
  });

  it("ends for a message of 300,000 line breaks, because it takes linear time", () => {
    const json = createPreview(
      [createStep("create", { new: createProperties(8) })],
      [createMessage("warning", "\n".repeat(300_000))],
    );
    assert.equal(runReport(json).status, 0);
  });

  it("writes JSON on demand, with the same exit codes", () => {
    const json = createPreview([createStep("create", { new: createProperties(8) })]);
    const { status, stdout, stderr } = runReport(json, ["--json", "--max-usd-per-month=500"]);
    assert.equal(status, 1);
    assert.match(stderr, /is above --max-usd-per-month/);
    const { usdPerMonth, check } = JSON.parse(stdout) as { usdPerMonth: number; check: object };
    assert.equal(usdPerMonth, 584);
    assert.deepEqual(check, { isWithinLimit: false, reason: stderr.trim() });
  });

  for (const options of [[], ["--json"]]) {
    it(`never colors what it writes with ${options.join() || "no options"}, but a failed check on stderr`, () => {
      const json = createPreview([createStep("create", { new: createProperties(8) })]);
      const { FORCE_COLOR, NO_COLOR, ...others } = process.env;
      const { stdout, stderr } = spawnSync(
        process.execPath,
        [COMMAND, "report", "--max-usd-per-month=500", ...options],
        { input: json, encoding: "utf8", env: { ...others, FORCE_COLOR: "1" } },
      );
      assert.doesNotMatch(stdout, /\u001b/);
      assert.match(stderr, /^\u001b\[31m.*\u001b\[39m\n$/);
    });
  }

  it("exits with 1 if the preview failed, and reports the rest", () => {
    const { status, stdout, stderr } = runReport(readFixture("refused.json"));
    assert.deepEqual([status, stderr], [1, "the preview failed\n"]);
    assert.match(stdout, /\*\*The preview failed\*\*, so/);
  });

  for (const [kind, input, expected] of [
    ["empty input", "", /stdin is empty/],
    ["JSON that is not a preview", "{}", /not the output of `pulumi preview --json`/],
    [
      "a stream of events",
      '{"sequence":0,"cancelEvent":{}}\n{"sequence":1,"summaryEvent":{}}\n',
      /stream of events, which is not supported\. Unset PULUMI_ENABLE_STREAMING_JSON_PREVIEW/,
    ],
    ["a truncated preview", readFixture("update.json").slice(0, 500), /Expected the complete output/],
  ] as const) {
    it(`exits with 2 for ${kind}, without a report`, () => {
      const { status, stdout, stderr } = runReport(input);
      assert.deepEqual([status, stdout], [2, ""]);
      assert.match(stderr, expected);
      assert.doesNotMatch(stderr, /\n +at /, "no stack trace");
    });
  }

  for (const limit of ["", "0", "-5", "much", "1e999"]) {
    it(`exits with 2 if the limit is ${JSON.stringify(limit)}`, () => {
      const { status, stderr } = runReport(readFixture("update.json"), [`--max-usd-per-month=${limit}`]);
      assert.equal(status, 2);
      assert.equal(stderr, `--max-usd-per-month must be a number above 0, got ${JSON.stringify(limit)}\n`);
    });
  }

  it("does not load the provider or the emulator", () => {
    const folder = mkdtempSync(join(tmpdir(), "pulumi-clickpipes-"));
    try {
      const [hook, list] = [join(folder, "hook.cjs"), join(folder, "list.json")];
      const saving = `JSON.stringify(Object.keys(require.cache))`;
      writeFileSync(
        hook,
        `process.on("exit", () => require("fs").writeFileSync(${JSON.stringify(list)}, ${saving}));`,
      );
      assert.equal(runReport(readFixture("update.json"), [], ["--require", hook]).status, 0);
      const files = (JSON.parse(readFileSync(list, "utf8")) as string[]).map((file) =>
        relative(REPOSITORY, file),
      );
      assert.ok(files.includes("dist/cli/report/command.js"));
      // The cleaning of text from elsewhere is a leaf that imports nothing.
      assert.deepEqual(
        files.filter((file) =>
          /^dist\/(provider\/(?!text\/)|emulator\/|component\/)|node-fetch|hono/.test(file),
        ),
        [],
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("is part of a CLI that prints the version of the package", () => {
    const manifest = JSON.parse(readFileSync(join(REPOSITORY, "package.json"), "utf8")) as {
      version: string;
    };
    const { stdout } = spawnSync(process.execPath, [COMMAND, "--version"], { encoding: "utf8" });
    assert.equal(stdout, `${manifest.version}\n`);
  });

  it("is listed in the help of the CLI", () => {
    const { stdout } = spawnSync(process.execPath, [COMMAND, "--help"], { encoding: "utf8" });
    assert.match(stdout, / emulator .* initial-load .* report /s);
  });
});
