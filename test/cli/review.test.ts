import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { load } from "js-yaml";
import { DEFAULT_SERVICE_ID, type Emulator, createServices, startEmulator } from "../../emulator";
import { findPolicyPackObstacle } from "../support/policy-packs";
import { REPOSITORY } from "../support/project";
import { Running, Stack } from "../support/stack";
import { getScript } from "../support/workflow";

describe("review example on the real CLI", () => {
  let emulator: Emulator;
  /** The checkout of the change, in the folder `change` of a runner. */
  let stack: Stack;
  /** The checkout of the base branch, beside it. */
  let base: string;

  before(async () => {
    emulator = await startEmulator({ convergenceMs: 0 });
    stack = await Stack.createFromExample("review", emulator, {
      "review:serviceId": DEFAULT_SERVICE_ID,
      "review:cores": 4,
    });
    base = join(dirname(stack.folder), "base");
    cpSync(join(REPOSITORY, "examples", "review", "policy-pack"), join(base, "policy-pack"), {
      recursive: true,
      filter: (path) => !path.includes("node_modules"),
    });
    cpSync(join(REPOSITORY, "examples", "review", "Pulumi.yaml"), join(base, "Pulumi.yaml"));
    const commands = join(base, "node_modules", ".bin");
    mkdirSync(commands, { recursive: true });
    const main = join(REPOSITORY, "dist", "cli", "main.js");
    writeFileSync(join(commands, "pulumi-clickpipes"), `#!/bin/sh\nexec node "${main}" "$@"\n`);
    chmodSync(join(commands, "pulumi-clickpipes"), 0o755);
  });
  after(() => emulator.close());

  function runBash(script: string, variables: NodeJS.ProcessEnv = {}, cwd = stack.folder) {
    const child = spawn("bash", ["-e", "-c", script], {
      cwd,
      env: { ...stack.variables, ...variables },
      stdio: ["ignore", "pipe", "pipe"],
    });
    return new Running(child).ended;
  }

  /** Runs the step `Preview` in the change, and with what it leaves the step `Report` in the base, as GitHub's runners do. */
  async function runReportStep(maxUsdPerMonth = 2_000, variables: NodeJS.ProcessEnv = {}) {
    const runner = dirname(stack.folder);
    const [summary, outputs] = ["summary", "outputs"].map((name) => join(runner, name)) as [string, string];
    for (const file of [summary, outputs]) writeFileSync(file, "");
    const limits = { "monthly-cost": { maxUsdPerMonth, usdPerComputeUnitHour: 0.2 } };
    writeFileSync(join(base, "policy-pack", "limits.json"), JSON.stringify(limits));
    const preview = await runBash(getScript("Preview", "run"), { STACK: "dev", ...variables });
    cpSync(join(runner, "preview.json"), join(runner, "preview", "preview.json"));
    const files = { GITHUB_STEP_SUMMARY: summary, GITHUB_OUTPUT: outputs };
    const { code, output } = await runBash(getScript("Report", "run"), files, base);
    return {
      previewCode: preview.code,
      code,
      output: preview.output + output,
      report: readFileSync(summary, "utf8"),
      outputs: readFileSync(outputs, "utf8"),
    };
  }

  it("reports a new service without sending a request", async () => {
    const { code, output, report, outputs } = await runReportStep();
    assert.equal(code, 0, output);
    assert.match(report, /^<!-- pulumi-clickpipes report of review\/dev -->\n/);
    assert.match(report, /\| create \| \*\*orders\*\* \(.*1\) \| \? => 4 \(16 GB\) \|.*\| \+\$292\.00 \|/);
    assert.equal(outputs, "project=review\nreported=true\n");
    assert.equal(emulator.journal.count(), 0);
  });

  it("reports an unchanged service and counts its cost", async () => {
    await stack.runSuccessfully("up");
    const { code, report } = await runReportStep();
    assert.equal(code, 0);
    assert.match(report, /### ClickPipes compute: \$292\.00\/month \(unchanged\)/);
    assert.match(report, /\| unchanged \| 1 service \|/);
    assert.doesNotMatch(report, /This preview omits/);
  });

  it("reports a change and fails above the limit", async () => {
    await stack.runSuccessfully("config", "set", "cores", "24");
    const { code, output, report, outputs } = await runReportStep(1_000);
    assert.equal(code, 1);
    assert.match(output, /\$1,752\.00\/month after this change is above --max-usd-per-month \(\$1,000\.00\)/);
    assert.match(report, /292\.00 => 1,752\.00 \| \+\$1,460\.00/);
    assert.match(report, /\*\*Cost check failed\*\*: \$1,752\.00/);
    assert.equal(outputs, "project=review\nreported=true\n");
    assert.equal((await runReportStep(1_752)).code, 0);
  });

  it("reports the same in the GitLab pipeline", async () => {
    const github = await runReportStep(1_000);
    const project = join(dirname(stack.folder), "gitlab");
    cpSync(join(dirname(stack.folder), "preview.json"), join(project, "preview.json"));
    const text = readFileSync(join(REPOSITORY, "examples", "review", ".gitlab-ci.yml"), "utf8");
    const { gate } = load(text) as { gate: { script: string[] } };
    const { code } = await runBash(gate.script.at(-1) ?? "", { CI_PROJECT_DIR: project }, base);
    assert.equal(code, github.code);
    assert.equal(readFileSync(join(project, "report.md"), "utf8"), github.report);
    assert.equal(readFileSync(join(project, "project.txt"), "utf8"), "review\n");
  });

  it("fails if the preview is a stream of events", async () => {
    const { code, output, report } = await runReportStep(2_000, {
      PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true",
    });
    assert.equal(code, 2);
    assert.match(output, /stdin is a stream of events, which is not supported/);
    assert.equal(report, "");
  });

  it("reports why a preview fails, and fails both jobs", async () => {
    await stack.runSuccessfully("config", "set", "cores", "25");
    const { previewCode, code, report, outputs } = await runReportStep();
    await stack.runSuccessfully("config", "set", "cores", "24");
    assert.notEqual(previewCode, 0);
    assert.equal(code, 1);
    assert.match(
      report,
      /\*\*orders\*\*: property cores value \{25\} has a problem: must be a whole number from 1 to 24, got 25/,
    );
    assert.equal(outputs, "project=review\nreported=true\n");
  });

  it("reports nothing if there is no preview", async () => {
    const { code, output, report, outputs } = await runReportStep(2_000, { STACK: "none" });
    assert.equal(code, 2);
    assert.match(output, /no stack named 'none' found.*stdin is empty/s);
    assert.deepEqual([report, outputs], ["", "project=review\n"]);
  });

  it("reports a burst with its phase, its end and the steady size", async () => {
    const pipe = createServices(1)[0]?.clickPipes?.[0]?.id ?? assert.fail("no pipe");
    emulator.cloud.setPipeState(DEFAULT_SERVICE_ID, pipe, "Snapshot");
    for (const [path, value] of [
      ["cores", "2"],
      ["initialLoad.cores", "24"],
      ["initialLoad.endBy", "2999-12-01T00:00:00Z"],
    ] as const) {
      await stack.runSuccessfully("config", "set", "--path", path, value);
    }
    const { report } = await runReportStep();
    assert.match(report, /\| 4 \(16 GB\) => 24 \(96 GB\) \|/);
    assert.match(report, /\| initial load until 2999-12-01T00:00:00Z, then 2 cores \(\$146\.00\/month\) \|/);
    assert.match(report, /- \*\*orders\*\*: pipe-1 loads, until/);
    await stack.runSuccessfully("config", "rm", "initialLoad");
  });

  it("reports the size after destroy", async () => {
    const report = join(base, "node_modules", ".bin", "pulumi-clickpipes");
    const command = `pulumi destroy --preview-only --json --non-interactive | "${report}" report`;
    const { stdout } = await runBash(command);
    assert.match(stdout, /\| delete \| \*\*orders\*\* .* 292\.00 => 146\.00 \| -\$146\.00 \|/);
  });

  it("enforces the policies with --policy-pack", async function () {
    const why = await findPolicyPackObstacle();
    if (why !== undefined) {
      process.stdout.write(`skipped: policies through the CLI: ${why}\n`);
      this.skip();
    }
    symlinkSync(join(REPOSITORY, "node_modules"), join(base, "policy-pack", "node_modules"));
    writeFileSync(
      join(base, "policy-pack", "limits.json"),
      JSON.stringify({ "largest-size": { maxCores: 16 } }),
    );
    await stack.runSuccessfully("config", "set", "cores", "24");
    const refused = await runBash(getScript("Policies", "run"), { STACK: "dev" });
    assert.notEqual(refused.code, 0);
    assert.match(refused.output, /orders may use 24 cores\. The limit is 16\./);
    await stack.runSuccessfully("config", "set", "cores", "8");
    const allowed = await runBash(getScript("Policies", "run"), { STACK: "dev" });
    assert.equal(allowed.code, 0, allowed.output);
  });
});
