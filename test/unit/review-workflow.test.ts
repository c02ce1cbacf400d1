import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { scriptOf, WORKFLOW } from "../support/workflow";

interface Comment {
  readonly id: number;
  readonly body?: string;
  readonly user: { readonly login: string } | null;
}

/** Runs the script of the step `Comment` as actions/github-script does, and returns its API calls. */
async function runCommentScript(report: string, existing: readonly Comment[]): Promise<unknown[]> {
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
      "require",
      "github",
      "context",
      `return (async () => {${scriptOf("Comment", "script")}})()`,
    );
    await (run as (...given: unknown[]) => Promise<void>)(require, github, context);
  } finally {
    process.chdir(before);
    rmSync(folder, { recursive: true });
  }
  return calls;
}

describe("GitHub workflow of the review example", () => {
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

  it("fails if the file is not a report", async () => {
    await assert.rejects(runCommentScript("anything", []), /report\.md is not a report/);
  });

  it("interpolates no expression into a shell command or a script", () => {
    for (const [step, key] of [
      ["Install", "run"],
      ["Report", "run"],
      ["Comment", "script"],
    ] as const) {
      assert.notEqual(scriptOf(step, key), "");
      assert.doesNotMatch(scriptOf(step, key), /\$\{\{/);
    }
    assert.doesNotMatch(WORKFLOW, /run: .*\$\{\{/);
  });

  it("runs on pull_request only, with minimal permissions for each job", () => {
    assert.match(WORKFLOW, /^on:\n {2}pull_request:\n\n/m);
    assert.match(WORKFLOW, /^permissions: \{\}$/m);
    assert.deepEqual(WORKFLOW.match(/^ +[\w-]+: (read|write)$/gm), [
      "      contents: read",
      "      pull-requests: write",
    ]);
  });

  it("runs no code of the pull request in the job that can write comments", () => {
    const writing = WORKFLOW.slice(WORKFLOW.indexOf("\n  comment:\n"));
    assert.doesNotMatch(writing, /actions\/checkout|\brun:|secrets\./);
  });

  it("pins each action to a major version", () => {
    const used = [...WORKFLOW.matchAll(/uses: (\S+)/g)].map(([, action = ""]) => action);
    assert.ok(used.length >= 6);
    assert.deepEqual(
      used.filter((action) => !/@v\d+$/.test(action)),
      [],
    );
  });
});
