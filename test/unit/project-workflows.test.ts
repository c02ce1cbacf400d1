import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { listWorkflows } from "../../tools/actionlint/run";
import { REPOSITORY } from "../support/project";
import { type Job, listSteps, type Workflow } from "../support/workflow";

const FILES = listWorkflows().map((file) => {
  const text = readFileSync(join(REPOSITORY, file), "utf8");
  const workflow = load(text) as Workflow;
  // A job that calls another workflow has no steps.
  const jobs = Object.entries(workflow.jobs).map(([name, job]) => [name, Object.assign({ steps: [] }, job)]);
  return { file, text, workflow: { ...workflow, jobs: Object.fromEntries(jobs) as Workflow["jobs"] } };
});

const OWN = FILES.filter(({ file }) => file.startsWith(".github"));

function getJob(file: string, name: string): Job {
  const found = OWN.find((own) => own.file.endsWith(file))?.workflow.jobs[name];
  return found ?? assert.fail(`no job ${name} in ${file}`);
}

describe("the project's workflows", () => {
  it("give permissions to jobs only", () => {
    assert.equal(OWN.length, 3);
    for (const { file, workflow } of OWN) {
      assert.deepEqual(workflow.permissions, {}, file);
      for (const [name, job] of Object.entries(workflow.jobs)) assert.ok(job.permissions, `${file}: ${name}`);
    }
  });

  it("give write permissions to what publishes only", () => {
    const jobs = OWN.flatMap(({ workflow }) => Object.entries(workflow.jobs));
    const writing = jobs.filter(([, { permissions }]) => Object.values(permissions ?? {}).includes("write"));
    assert.deepEqual(
      writing.map(([name, { permissions }]) => [name, permissions]),
      [
        ["deploy", { pages: "write", "id-token": "write" }],
        ["publish", { "id-token": "write" }],
        ["github-release", { contents: "write" }],
      ],
    );
  });

  it("run no code of the repository in a job that may write", () => {
    for (const job of [
      getJob("release.yml", "publish"),
      getJob("release.yml", "github-release"),
      getJob("docs.yml", "deploy"),
    ]) {
      assert.doesNotMatch(JSON.stringify(job), /actions\/checkout|npm (ci|run|install)/);
    }
  });

  it("publish the tarball that was checked, with its provenance, from a tag only", () => {
    const publish = getJob("release.yml", "publish");
    assert.deepEqual(publish.needs, ["ci", "check"]);
    assert.equal(publish.if, "github.ref_type == 'tag'");
    assert.equal(
      publish.steps.find(({ name }) => name === "Publish")?.run,
      "npm publish ./release/*.tgz --provenance --access public --ignore-scripts",
    );
  });

  it("pin each action to a commit, name its version, and use the same pin as the review example", () => {
    const files = FILES.filter(({ file }) => !file.includes("initial-load"));
    const pins = files.flatMap(({ text }) =>
      [...text.matchAll(/uses: (?!\.\/)(.*)/g)].map(([, pin = ""]) => pin),
    );
    assert.ok(pins.length > 20);
    for (const pin of pins) assert.match(pin, /^[\w/-]+@[\da-f]{40} # v\d+\.\d+\.\d+/);
    const commits = new Set(pins.map((pin) => pin.split(" ")[0]));
    assert.equal(commits.size, new Set(pins.map((pin) => pin.split("@")[0])).size);
  });

  it("interpolate no expression into a shell command", () => {
    for (const { file, workflow } of OWN)
      for (const { run = "" } of listSteps(workflow)) assert.doesNotMatch(run, /\$\{\{/, file);
  });

  it("keep no credentials of git and no cache", () => {
    for (const { file, workflow } of OWN) {
      for (const { uses = "", with: inputs } of listSteps(workflow)) {
        if (uses.startsWith("actions/checkout@")) assert.equal(inputs?.["persist-credentials"], false, file);
        if (uses.startsWith("actions/setup-node@"))
          assert.equal(inputs?.["package-manager-cache"], false, file);
      }
    }
  });

  it("count a job that did not succeed as a failure of the required check", () => {
    const { jobs } = OWN.find(({ file }) => file.endsWith("ci.yml"))?.workflow ?? assert.fail();
    const others = Object.keys(jobs).filter((name) => name !== "ci");
    assert.deepEqual(jobs.ci?.needs, others);
    assert.equal(jobs.ci.if, "always()");
    assert.ok(jobs.ci.steps[0]?.run?.includes(`= "${others.map(() => "success").join(" ")}"`));
  });
});
