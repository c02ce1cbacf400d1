import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEPLOY, getScript, type Job, listSteps, REVIEW, TEXTS, type Workflow } from "../support/workflow";

interface Comment {
  readonly id: number;
  readonly body?: string;
  readonly user: { readonly login: string } | null;
}

const STACK = { PROJECT: "shop", STACK: "acme/shop/dev" };

/** Runs the script of the step `Comment` as actions/github-script does, and returns its API calls. */
async function runCommentScript(
  report: string,
  existing: readonly Comment[] = [],
  variables: Readonly<Record<string, string>> = STACK,
): Promise<unknown[]> {
  const calls: unknown[] = [];
  const issues = {
    listComments: "listComments",
    createComment: (options: unknown) => Promise.resolve(calls.push(["create", options])),
    updateComment: (options: unknown) => Promise.resolve(calls.push(["update", options])),
  };
  const github = {
    rest: { issues },
    paginate: (method: unknown) => Promise.resolve(method === issues.listComments ? existing : []),
  };
  const context = { repo: { owner: "acme", repo: "shop" }, issue: { number: 7 } };
  const folder = mkdtempSync(join(tmpdir(), "pulumi-clickpipes-"));
  const before = process.cwd();
  try {
    writeFileSync(join(folder, "report.md"), report);
    process.chdir(folder);
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- actions/github-script does the same
    const run = new Function(
      ...["require", "process", "github", "context"],
      `return (async () => {${getScript("Comment", "script")}})()`,
    );
    await (run as (...given: unknown[]) => Promise<void>)(require, { env: variables }, github, context);
  } finally {
    process.chdir(before);
    rmSync(folder, { recursive: true });
  }
  return calls;
}

/** Runs a step's script as a GitHub runner does. */
function runBash(script: string, env: Readonly<Record<string, string>>, cwd?: string) {
  const { status, stdout } = spawnSync("bash", ["-e", "-c", script], {
    cwd,
    env: { PATH: process.env.PATH, ...env },
    encoding: "utf8",
  });
  return { status, stdout };
}

function getJob(workflow: Workflow, name: string): Job {
  return workflow.jobs[name] ?? assert.fail(`no job ${name}`);
}

describe("GitHub workflows of the review example", () => {
  const names = ["preview", "gate", "comment", "clickpipes-gate"] as const;
  const [preview, gate, comment, verdict] = names.map((name) => getJob(REVIEW, name)) as [Job, Job, Job, Job];
  const deploy = getJob(DEPLOY, "deploy");
  const textOf = (job: Job) => JSON.stringify(job);

  describe("comment", () => {
    const marker = "<!-- pulumi-clickpipes report of shop/dev -->";
    const report = `${marker}\n\n### ClickPipes compute: …\n`;
    const bot = { login: "github-actions[bot]" };

    it("creates a comment if none has the marker and the right author", async () => {
      const other = { id: 1, body: `${marker.replace("dev", "prod")}\nx`, user: bot };
      const quoted = { id: 2, body: `> ${marker}\n`, user: bot };
      const foreign = { id: 3, body: report, user: { login: "mallory" } };
      const ghost = { id: 4, user: null };
      assert.deepEqual(await runCommentScript(report, [other, quoted, foreign, ghost]), [
        ["create", { owner: "acme", repo: "shop", issue_number: 7, body: report }],
      ]);
    });

    it("updates its earlier comment, found by the marker", async () => {
      assert.deepEqual(await runCommentScript(report, [{ id: 5, body: `${marker}\nold`, user: bot }]), [
        ["update", { owner: "acme", repo: "shop", comment_id: 5, body: report }],
      ]);
    });

    for (const first of [
      "anything",
      "<!-- pulumi-clickpipes report of shop/prod -->",
      "<!-- pulumi-clickpipes report of shop/dev --> ",
      ` ${marker}`,
      `${marker}${marker}`,
    ]) {
      it(`refuses a file that starts with ${JSON.stringify(first)}`, async () => {
        await assert.rejects(runCommentScript(`${first}\n`), /report\.md is not a report of shop\/dev/);
      });
    }

    it("takes the marker from the base branch and a variable, and not from the artifact", () => {
      const step = comment.steps.find(({ name }) => name === "Comment");
      assert.deepEqual(step?.env, {
        PROJECT: "${{ needs.gate.outputs.project }}",
        STACK: "${{ vars.PULUMI_STACK }}",
      });
      assert.equal(gate.outputs?.project, "${{ steps.report.outputs.project }}");
    });

    it("posts a report without a stack under the marker of the stack", async () => {
      const [call] = await runCommentScript("<!-- pulumi-clickpipes report -->\n\nThe preview failed\n");
      const [, { body }] = call as [string, { body: string }];
      assert.equal(body, `${marker}\n\nThe preview failed\n`);
    });

    it("knows the marker of a stack whose name the report escapes", async () => {
      const escaped = "<!-- pulumi-clickpipes report of shop/a_-b -->\n";
      const [call] = await runCommentScript(escaped, [], { PROJECT: "shop", STACK: "a--b" });
      assert.deepEqual(call, ["create", { owner: "acme", repo: "shop", issue_number: 7, body: escaped }]);
    });

    it("posts no HTML, no second marker and no mention", async () => {
      const [call] = await runCommentScript(`${marker}\n<img src=x> <!-- other --> @acme/all a@&#8203;b\n`);
      const [, { body }] = call as [string, { body: string }];
      assert.equal(body, `${marker}\n&lt;img src=x> &lt;!-- other --> @&#8203;acme/all a@&#8203;b\n`);
    });

    it("refuses a report that is longer than a comment may be", async () => {
      const longest = `${marker}\n${"x".repeat(65_536 - marker.length - 1)}`;
      assert.equal((await runCommentScript(longest)).length, 1);
      await assert.rejects(runCommentScript(`${longest}x`), /too long for a comment: 65537 characters/);
    });

    it("has no code of anybody in the job that can write comments", () => {
      assert.ok(comment.steps.every(({ run }) => run === undefined));
      assert.doesNotMatch(textOf(comment), /actions\/checkout|secrets\./);
    });
  });

  describe("gate", () => {
    it("takes everything that judges from the base branch", () => {
      assert.deepEqual(REVIEW.env, {
        BASE: "${{ github.event.pull_request.base.sha || github.event.merge_group.base_sha }}",
      });
      const checkouts = (job: Job) =>
        job.steps.filter(({ uses }) => uses?.startsWith("actions/checkout@")).map((step) => step.with);
      const base = { ref: "${{ env.BASE }}", path: "base", "persist-credentials": false };
      assert.deepEqual(checkouts(gate), [base]);
      assert.deepEqual(checkouts(preview), [{ path: "change", "persist-credentials": false }, base]);
    });

    it("installs and runs the report command in the base checkout", () => {
      assert.equal(getScript("Install the gate", "run"), "npm ci --ignore-scripts --prefix base\n");
      const report = gate.steps.find(({ name }) => name === "Report");
      assert.equal(report?.["working-directory"], "base");
      assert.match(report.run ?? "", /^npx --no pulumi-clickpipes report /m);
      assert.doesNotMatch(textOf(preview), /pulumi-clickpipes report/);
    });

    it("previews the change with the policies and limits of the base branch", () => {
      const step = preview.steps.find(({ name }) => name === "Policies");
      assert.equal(step?.["working-directory"], "change");
      assert.match(
        step.run ?? "",
        / --policy-pack \.\.\/base\/policy-pack --policy-pack-config \.\.\/base\/policy-pack\/limits\.json$/m,
      );
      assert.match(getScript("Install", "run"), /^npm ci --ignore-scripts --prefix base\/policy-pack$/m);
    });

    it("has no secrets and gets nothing but the preview", () => {
      assert.doesNotMatch(textOf(gate), /secrets|id-token|pulumi\/|vars\./);
      assert.equal(gate.environment, undefined);
      const inputs = gate.steps.filter(({ uses }) => uses?.startsWith("actions/download-artifact@"));
      assert.deepEqual(
        inputs.map((step) => step.with),
        [{ name: "clickpipes-preview", path: "preview" }],
      );
      const upload = preview.steps.find(({ uses }) => uses?.startsWith("actions/upload-artifact@"));
      assert.equal(upload?.with?.path, "preview.json");
    });

    it("reads limits, price and project from the base checkout", () => {
      const folder = mkdtempSync(join(tmpdir(), "pulumi-clickpipes-"));
      try {
        for (const name of ["base/policy-pack", "preview", "bin"])
          mkdirSync(join(folder, name), { recursive: true });
        const limits = { "monthly-cost": { maxUsdPerMonth: 77, usdPerComputeUnitHour: 0.3 } };
        writeFileSync(join(folder, "base/policy-pack/limits.json"), JSON.stringify(limits));
        writeFileSync(join(folder, "base/Pulumi.yaml"), 'runtime: nodejs\nname: "shop"\n');
        writeFileSync(join(folder, "preview/preview.json"), "the preview");
        writeFileSync(join(folder, "bin/npx"), '#!/bin/sh\necho "$@"; cat; exit 3\n', { mode: 0o755 });
        const outputs = join(folder, "outputs");
        const { status } = runBash(
          getScript("Report", "run"),
          {
            PATH: `${join(folder, "bin")}:${process.env.PATH ?? ""}`,
            GITHUB_OUTPUT: outputs,
            GITHUB_STEP_SUMMARY: "/dev/null",
          },
          join(folder, "base"),
        );
        assert.equal(status, 3);
        assert.equal(readFileSync(outputs, "utf8"), "project=shop\nreported=true\n");
        assert.equal(
          readFileSync(join(folder, "report.md"), "utf8"),
          "--no pulumi-clickpipes report --max-usd-per-month 77 --usd-per-compute-unit-hour 0.3\nthe preview",
        );
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  });

  describe("preview", () => {
    it("is the only job that runs the pull request's code", () => {
      for (const name of ["gate", "comment", "clickpipes-gate"]) {
        assert.doesNotMatch(textOf(getJob(REVIEW, name)), /change\b|pulumi (preview|up)/);
      }
    });

    it("has no key that can change anything, and no stored token", () => {
      const secrets = TEXTS.review.match(/secrets\.\w+/g) ?? [];
      assert.deepEqual([...new Set(secrets)].sort(), [
        "secrets.CLICKHOUSE_CLOUD_READ_ONLY_API_KEY",
        "secrets.CLICKHOUSE_CLOUD_READ_ONLY_API_SECRET",
      ]);
      assert.equal(preview.environment, "preview");
    });

    it("installs before it gets a token, without scripts of packages", () => {
      for (const job of [preview, deploy]) {
        const steps = job.steps.map(({ name, uses }) => name ?? uses?.split("@")[0]);
        assert.ok(steps.includes("Install"));
        assert.ok(steps.indexOf("Install") < steps.indexOf("pulumi/auth-actions"));
      }
      for (const { run = "" } of [...listSteps(REVIEW), ...listSteps(DEPLOY)]) {
        assert.doesNotMatch(run, /npm (install|i)\b|npm ci(?! --ignore-scripts)/);
      }
    });

    it("is skipped for forks and Dependabot, but not in the merge queue", () => {
      const expression = (preview.if ?? "").replaceAll(/(?<![=!])==(?!=)/g, "===").replaceAll("!=", "!==");
      // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the workflow's own condition
      const run = new Function("github", `return ${expression}`) as (github: object) => boolean;
      const of = (repo: string, login: string) =>
        run({
          event_name: "pull_request",
          repository: "acme/shop",
          event: { pull_request: { head: { repo: { full_name: repo } }, user: { login } } },
        });
      assert.equal(of("acme/shop", "alice"), true);
      assert.equal(of("mallory/shop", "mallory"), false);
      assert.equal(of("acme/shop", "dependabot[bot]"), false);
      assert.equal(run({ event_name: "merge_group" }), true);
    });
  });

  describe("clickpipes-gate", () => {
    it("always runs, and needs the preview and the gate", () => {
      assert.equal(verdict.if, "always()");
      assert.deepEqual(verdict.needs, ["preview", "gate"]);
      assert.deepEqual(
        verdict.steps.map(({ env }) => env),
        [{ RESULTS: "${{ join(needs.*.result, ' ') }}" }],
      );
    });

    it("succeeds if both succeeded", () => {
      assert.equal(runBash(getScript("Verdict", "run"), { RESULTS: "success success" }).status, 0);
    });

    for (const RESULTS of [
      "failure success",
      "success failure",
      "success skipped",
      "cancelled success",
      "",
    ]) {
      it(`fails with the results ${JSON.stringify(RESULTS)}`, () => {
        const { status, stdout } = runBash(getScript("Verdict", "run"), { RESULTS });
        assert.equal(status, 1);
        assert.match(stdout, /^::error::The preview, the policies or the cost check did not succeed: /);
      });
    }

    it("fails for a fork, and says why", () => {
      const { status, stdout } = runBash(getScript("Verdict", "run"), { RESULTS: "skipped skipped" });
      assert.equal(status, 1);
      assert.match(stdout, /^::error::No preview: forks and Dependabot get no credentials\./);
    });
  });

  describe("deploy", () => {
    it("runs on main only, in an environment that can have reviewers", () => {
      assert.deepEqual(DEPLOY.on, { push: { branches: ["main"] } });
      assert.deepEqual(Object.keys(DEPLOY.jobs), ["deploy"]);
      assert.equal(deploy.environment, "production");
    });

    it("previews, reports and checks the policies before it updates", () => {
      const named = deploy.steps.filter(({ name }) => name !== undefined);
      assert.deepEqual(
        named.map(({ name }) => name),
        ["Install", "Gate", "Update"],
      );
      const [, check, update] = named;
      assert.match(
        check?.run ?? "",
        /^pulumi preview --json [^]*^npx --no pulumi-clickpipes report --max-usd-per-month [^]*^pulumi preview .* --policy-pack policy-pack/m,
      );
      assert.match(update?.run ?? "", /^pulumi up .* --policy-pack policy-pack --policy-pack-config /);
      assert.ok(
        named.every((step) => step.if === undefined),
        "a failed gate stops the job",
      );
    });
  });

  describe("both workflows", () => {
    const both = [REVIEW, DEPLOY];

    it("run on pull requests, in the merge queue and on main", () => {
      assert.deepEqual(Object.keys(REVIEW.on), ["pull_request", "merge_group"]);
    });

    it("give each job its own permissions, and no job more than it needs", () => {
      assert.deepEqual(
        both.map(({ permissions }) => permissions),
        [{}, {}],
      );
      assert.deepEqual(
        both.flatMap(({ jobs }) => Object.entries(jobs).map(([name, job]) => [name, job.permissions])),
        [
          ["preview", { contents: "read", "id-token": "write" }],
          ["gate", { contents: "read" }],
          ["comment", { "pull-requests": "write" }],
          ["clickpipes-gate", {}],
          ["deploy", { contents: "read", "id-token": "write" }],
        ],
      );
    });

    it("sign in to Pulumi Cloud with a short-lived token of a team", () => {
      const tokens = both.flatMap(listSteps).filter(({ uses }) => uses?.startsWith("pulumi/auth-actions@"));
      assert.deepEqual(
        tokens.map((step) => step.with),
        ["PREVIEW", "DEPLOY"].map((role) => ({
          organization: "${{ vars.PULUMI_ORGANIZATION }}",
          "requested-token-type": "urn:pulumi:token-type:access_token:team",
          scope: `team:\${{ vars.PULUMI_${role}_TEAM }}`,
        })),
      );
      assert.doesNotMatch(TEXTS.review + TEXTS.deploy, /secrets\.PULUMI_ACCESS_TOKEN/);
    });

    it("pin each action to a commit, and name its version", () => {
      for (const text of Object.values(TEXTS)) {
        const used = text.match(/uses: .*/g) ?? [];
        assert.ok(used.length >= 4);
        assert.deepEqual(
          used.filter((line) => !/^uses: [\w/-]+@[\da-f]{40} # v\d+\.\d+\.\d+/.test(line)),
          [],
        );
      }
    });

    it("pin an action to the same commit everywhere", () => {
      const pins = both.flatMap(listSteps).flatMap(({ uses = "" }) => (uses === "" ? [] : [uses]));
      const actions = new Set(pins.map((pin) => pin.split("@")[0]));
      assert.equal(new Set(pins).size, actions.size);
    });

    it("interpolate no expression into a shell command or a script", () => {
      const scripts = both.flatMap(listSteps).flatMap((step) => [step.run, step.with?.script]);
      assert.ok(scripts.filter((script) => typeof script === "string").length >= 9);
      for (const script of scripts) assert.doesNotMatch(String(script), /\$\{\{/);
    });

    it("keep no credentials of git and no cache", () => {
      for (const { uses = "", with: inputs } of both.flatMap(listSteps)) {
        if (uses.startsWith("actions/checkout@")) assert.equal(inputs?.["persist-credentials"], false);
        if (uses.startsWith("actions/setup-node@")) assert.equal(inputs?.["package-manager-cache"], false);
      }
    });
  });
});
