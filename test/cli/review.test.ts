import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DEFAULT_SERVICE_ID, type Emulator, createServices, startEmulator } from "../../emulator";
import { whyNoPolicyPacks } from "../support/policy-packs";
import { REPOSITORY } from "../support/project";
import { Running, Stack } from "../support/stack";
import { scriptOf } from "../support/workflow";

describe("review example on the real CLI", () => {
  let emulator: Emulator;
  let stack: Stack;

  before(async () => {
    emulator = await startEmulator({ convergenceMs: 0 });
    stack = await Stack.ofExample("review", emulator, {
      "review:serviceId": DEFAULT_SERVICE_ID,
      "review:cores": 4,
    });
    const commands = join(stack.folder, "node_modules", ".bin");
    mkdirSync(commands, { recursive: true });
    const main = join(REPOSITORY, "dist", "cli", "main.js");
    writeFileSync(join(commands, "pulumi-clickpipes"), `#!/bin/sh\nexec node "${main}" "$@"\n`);
    chmodSync(join(commands, "pulumi-clickpipes"), 0o755);
  });
  after(() => emulator.close());

  function bash(script: string, variables: NodeJS.ProcessEnv = {}) {
    const child = spawn("bash", ["-e", "-c", script], {
      cwd: stack.folder,
      env: { ...stack.variables, ...variables },
      stdio: ["ignore", "pipe", "pipe"],
    });
    return new Running(child).ended;
  }

  /** Runs the step `Report` of the workflow as a GitHub runner does. */
  async function runReportStep(maxUsdPerMonth = "2000", variables: NodeJS.ProcessEnv = {}) {
    const [summary, outputs] = ["summary", "outputs"].map((name) => join(stack.folder, name)) as [
      string,
      string,
    ];
    for (const file of [summary, outputs]) writeFileSync(file, "");
    const { code, output } = await bash(scriptOf("Report", "run"), {
      STACK: "dev",
      MAX_USD_PER_MONTH: maxUsdPerMonth,
      GITHUB_STEP_SUMMARY: summary,
      GITHUB_OUTPUT: outputs,
      ...variables,
    });
    return {
      code,
      output,
      report: readFileSync(summary, "utf8"),
      outputs: readFileSync(outputs, "utf8"),
    };
  }

  it("reports a new service without sending a request", async () => {
    const { code, output, report, outputs } = await runReportStep();
    assert.equal(code, 0, output);
    assert.match(report, /^<!-- pulumi-clickpipes report of review\/dev -->\n/);
    assert.match(report, /\| create \| \*\*orders\*\* \(.*1\) \| \? => 4 \(16 GB\) \|.*\| \+\$292\.00 \|/);
    assert.equal(outputs, "reported=true\n");
    assert.equal(emulator.journal.count(), 0);
  });

  it("reports an unchanged service and counts its cost", async () => {
    await stack.succeeds("up");
    const { code, report } = await runReportStep();
    assert.equal(code, 0);
    assert.match(report, /### ClickPipes compute: \$292\.00\/month \(unchanged\)/);
    assert.match(report, /\| unchanged \| 1 service \|/);
    assert.doesNotMatch(report, /This preview omits/);
  });

  it("reports a change and fails above the limit", async () => {
    await stack.succeeds("config", "set", "cores", "24");
    const { code, output, report, outputs } = await runReportStep("1000");
    assert.equal(code, 1);
    assert.match(output, /\$1,752\.00\/month after this change is above --max-usd-per-month \(\$1,000\.00\)/);
    assert.match(report, /292\.00 => 1,752\.00 \| \+\$1,460\.00/);
    assert.match(report, /\*\*Cost check failed\*\*: \$1,752\.00/);
    assert.equal(outputs, "reported=true\n");
    assert.equal((await runReportStep("1752")).code, 0);
  });

  it("fails if the preview is a stream of events", async () => {
    const { code, output, report } = await runReportStep("2000", {
      PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true",
    });
    assert.equal(code, 2);
    assert.match(output, /stdin is a stream of events, which is not supported/);
    assert.equal(report, "");
  });

  it("reports why a preview fails", async () => {
    await stack.succeeds("config", "set", "cores", "25");
    const { code, report, outputs } = await runReportStep();
    await stack.succeeds("config", "set", "cores", "24");
    assert.equal(code, 1);
    assert.match(
      report,
      /\*\*orders\*\*: property cores value \{25\} has a problem: must be a whole number from 1 to 24, got 25/,
    );
    assert.equal(outputs, "reported=true\n");
  });

  it("reports nothing if there is no preview", async () => {
    const { code, output, report, outputs } = await runReportStep("2000", { STACK: "none" });
    assert.equal(code, 2);
    assert.match(output, /no stack named 'none' found.*stdin is empty/s);
    assert.deepEqual([report, outputs], ["", ""]);
  });

  it("reports a burst with its phase, its end and the steady size", async () => {
    const pipe = createServices(1)[0]?.clickPipes?.[0]?.id ?? assert.fail("no pipe");
    emulator.cloud.setPipeState(DEFAULT_SERVICE_ID, pipe, "Snapshot");
    for (const [path, value] of [
      ["cores", "2"],
      ["initialLoad.cores", "24"],
      ["initialLoad.endBy", "2999-12-01T00:00:00Z"],
    ] as const) {
      await stack.succeeds("config", "set", "--path", path, value);
    }
    const { report } = await runReportStep();
    assert.match(report, /\| 4 \(16 GB\) => 24 \(96 GB\) \|/);
    assert.match(report, /\| initial load until 2999-12-01T00:00:00Z, then 2 cores \(\$146\.00\/month\) \|/);
    assert.match(report, /- \*\*orders\*\*: pipe-1 loads, until/);
    await stack.succeeds("config", "rm", "initialLoad");
  });

  it("reports the size after destroy", async () => {
    const command =
      "pulumi destroy --preview-only --json --non-interactive | npx --no pulumi-clickpipes report";
    const { stdout } = await bash(command);
    assert.match(stdout, /\| delete \| \*\*orders\*\* .* 292\.00 => 146\.00 \| -\$146\.00 \|/);
  });

  it("enforces the policies with --policy-pack", async function () {
    const why = await whyNoPolicyPacks();
    if (why !== undefined) {
      process.stdout.write(`skipped: policies through the CLI: ${why}\n`);
      this.skip();
    }
    const policy = join(REPOSITORY, "node_modules", "@pulumi", "policy");
    symlinkSync(policy, join(stack.folder, "node_modules", "@pulumi", "policy"));
    symlinkSync(join("..", "node_modules"), join(stack.folder, "policy-pack", "node_modules"));
    await stack.succeeds("config", "set", "cores", "24");
    const refused = await stack.fails("preview", "--policy-pack", "policy-pack");
    assert.match(refused, /24 cores is above the allowed maximum of 16/);
    await stack.succeeds("config", "set", "cores", "8");
    await stack.succeeds("preview", "--policy-pack", "policy-pack");
  });
});
