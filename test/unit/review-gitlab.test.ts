import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { load } from "js-yaml";
import { REPOSITORY } from "../support/project";

interface PipelineJob {
  readonly extends?: string;
  readonly needs?: readonly string[];
  readonly rules: readonly { readonly if: string; readonly when?: string }[];
  readonly environment?: string | { readonly name: string; readonly action: string };
  readonly id_tokens?: unknown;
  readonly variables?: Readonly<Record<string, string>>;
  readonly allow_failure?: boolean;
  readonly interruptible?: boolean;
  readonly resource_group?: string;
  readonly artifacts?: { readonly when: string; readonly paths: readonly string[] };
  readonly script: readonly string[];
}

interface Note {
  readonly id: number;
  readonly body: string;
  readonly author: { readonly id: number };
}

const TEXT = readFileSync(join(REPOSITORY, "examples", "review", ".gitlab-ci.yml"), "utf8");
const FILE = load(TEXT) as Record<string, unknown>;

/** https://docs.gitlab.com/ci/yaml/, read in November 2026: the keywords that this file may use. */
const GLOBAL_KEYWORDS = ["workflow", "stages", "default"];
const JOB_KEYWORDS = [
  ..."allow_failure artifacts before_script environment extends id_tokens image interruptible".split(" "),
  ..."needs resource_group rules script stage variables".split(" "),
];

const JOBS = ["preview", "gate", "note", "fork", "deploy"] as const;
const getJob = (name: (typeof JOBS)[number]) => FILE[name] as PipelineJob;
const [preview, gate, note, fork, deploy] = [
  getJob("preview"),
  getJob("gate"),
  getJob("note"),
  getJob("fork"),
  getJob("deploy"),
];
const CLONE = (FILE[".base"] as { before_script: readonly string[] }).before_script;

const SELF = 42;
const TOKEN = "token-of-the-note";
const VARIABLES = {
  CI_MERGE_REQUEST_PROJECT_ID: "7",
  CI_MERGE_REQUEST_IID: "3",
  PULUMI_STACK: "acme/shop/dev",
};
const MARKER = "<!-- pulumi-clickpipes report of shop/dev -->";
const REPORT = `${MARKER}\n\n### ClickPipes compute: …\n`;

/** Runs the job `note` in a folder with the gate's artifacts, against a server that has these notes. Returns what it wrote. */
async function runNote(report: string | undefined, existing: readonly Note[] = [], variables = VARIABLES) {
  const calls: unknown[] = [];
  const server = createServer((request, response) => {
    const { method, url = "" } = request;
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      assert.equal(request.headers["private-token"], TOKEN);
      const { pathname, searchParams } = new URL(url, "http://localhost");
      if (method !== "GET") calls.push([method, pathname, (JSON.parse(body) as { body: string }).body]);
      const from = (Number(searchParams.get("page")) - 1) * 100;
      const answer = pathname.endsWith("/user") ? { id: SELF } : existing.slice(from, from + 100);
      response.setHeader("Content-Type", "application/json").end(JSON.stringify(answer));
    });
  });
  const folder = mkdtempSync(join(tmpdir(), "pulumi-clickpipes-"));
  try {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v4`;
    if (report !== undefined) writeFileSync(join(folder, "report.md"), report);
    writeFileSync(join(folder, "project.txt"), "shop\n");
    const child = spawn("bash", ["-e", "-c", note.script.join("\n")], {
      cwd: folder,
      env: { PATH: process.env.PATH, ...variables, CI_API_V4_URL: url, CLICKPIPES_NOTE_TOKEN: TOKEN },
      stdio: ["ignore", "ignore", "pipe"],
    });
    let errors = "";
    child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
    const code = await new Promise((resolve) => child.once("close", resolve));
    return { calls, code, errors };
  } finally {
    server.close();
    rmSync(folder, { recursive: true });
  }
}

describe("the GitLab pipeline of the review example", () => {
  it("uses documented keywords only, and stages that it declares", () => {
    const jobs = Object.keys(FILE).filter((name) => !GLOBAL_KEYWORDS.includes(name));
    assert.deepEqual(jobs.sort(), [".base", ...JOBS].sort());
    for (const name of jobs) {
      const { stage, ...job } = FILE[name] as { stage?: string };
      if (stage !== undefined) assert.ok((FILE.stages as string[]).includes(stage), stage);
      assert.deepEqual(
        Object.keys(job).filter((keyword) => !JOB_KEYWORDS.includes(keyword)),
        [],
      );
    }
  });

  it("runs for merge requests and for pushes to the default branch", () => {
    assert.deepEqual((FILE.workflow as { rules: unknown }).rules, [
      { if: '$CI_PIPELINE_SOURCE == "merge_request_event"' },
      { if: '$CI_PIPELINE_SOURCE == "push" && $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH' },
    ]);
  });

  /** Evaluates a condition as GitLab does, for the operators that the file has. */
  function isIncluded({ rules }: PipelineJob, variables: Readonly<Record<string, string>>): boolean {
    const expression = (rules[0]?.if ?? "")
      .replaceAll("!=", "!==")
      .replaceAll(/(?<![!=])==(?!=)/g, "===")
      .replaceAll(/\$(\w+)/g, "variables.$1");
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the pipeline's own condition
    return (new Function("variables", `return ${expression}`) as (given: object) => boolean)(variables);
  }

  const request = (source: string) => ({
    CI_PIPELINE_SOURCE: "merge_request_event",
    CI_MERGE_REQUEST_SOURCE_PROJECT_ID: source,
    CI_MERGE_REQUEST_PROJECT_ID: "7",
  });
  const push = (branch: string) => ({
    CI_PIPELINE_SOURCE: "push",
    CI_COMMIT_BRANCH: branch,
    CI_DEFAULT_BRANCH: "main",
  });

  for (const [what, variables, expected] of [
    ["a merge request of the project", request("7"), ["preview", "gate", "note"]],
    ["a merge request from a fork", request("8"), ["fork"]],
    ["a push to the default branch", push("main"), ["deploy"]],
    ["a push to another branch", push("feature"), []],
  ] as const) {
    it(`has ${expected.join(", ") || "no job"} for ${what}`, () => {
      const included = JOBS.filter((name) => isIncluded(getJob(name), variables));
      assert.deepEqual(included, expected);
    });
  }

  it("fails for a fork, says why, and has nothing that a fork could take", () => {
    const { status, stdout } = spawnSync("bash", ["-e", "-c", fork.script.join("\n")], { encoding: "utf8" });
    assert.equal(status, 1);
    assert.match(stdout, /^No preview, because forks get no credentials\./);
    assert.deepEqual([fork.environment, fork.id_tokens], [undefined, undefined]);
  });

  describe("preview", () => {
    it("is the only job of a merge request that has its files, a token of Pulumi Cloud or a key", () => {
      assert.deepEqual(preview.environment, { name: "preview", action: "access" });
      assert.ok(preview.id_tokens);
      assert.equal(preview.variables, undefined);
      for (const job of [gate, note, fork]) {
        assert.equal(job.variables?.GIT_STRATEGY, "empty");
        assert.equal(job.id_tokens, undefined);
        assert.doesNotMatch(JSON.stringify(job), /pulumi (preview|up|login)|CLICKHOUSE/);
      }
    });

    it("takes policies and limits from the target branch", () => {
      assert.equal(preview.extends, ".base");
      assert.match(
        CLONE.join("\n"),
        /^git clone .*--branch "\$CI_MERGE_REQUEST_TARGET_BRANCH_NAME" .* "\$BASE"$/m,
      );
      assert.match(
        preview.script.join("\n"),
        / --policy-pack "\$BASE\/policy-pack" --policy-pack-config "\$BASE\/policy-pack\/limits\.json" /,
      );
    });

    it("clones from the project of the merge request", () => {
      assert.match(
        CLONE.join("\n"),
        /@\$CI_SERVER_HOST:\$CI_SERVER_PORT\/\$CI_MERGE_REQUEST_PROJECT_PATH\.git"/,
      );
    });

    for (const [failing, code] of [
      ["--json", 4],
      ["--policy-pack", 4],
      ["neither", 0],
    ] as const) {
      it(`ends with ${code} if ${failing} fails, and always runs both previews`, () => {
        const folder = mkdtempSync(join(tmpdir(), "pulumi-clickpipes-"));
        try {
          const pulumi = `#!/bin/sh\necho "$@" >> ${folder}/calls\ncase "$*" in *${failing}*) exit 4 ;; esac\n`;
          writeFileSync(join(folder, "pulumi"), pulumi, { mode: 0o755 });
          const { status } = spawnSync("bash", ["-e", "-c", preview.script.at(-1) ?? ""], {
            cwd: folder,
            env: { PATH: `${folder}:${process.env.PATH ?? ""}`, PULUMI_STACK: "dev", BASE: "/base" },
          });
          assert.equal(status, code);
          assert.equal(readFileSync(join(folder, "calls"), "utf8").trim().split("\n").length, 2);
        } finally {
          rmSync(folder, { recursive: true });
        }
      });
    }

    it("installs before it signs in, without scripts of packages", () => {
      for (const { script } of [preview, deploy]) {
        assert.match(script[0] ?? "", /^npm ci --ignore-scripts$/);
        assert.ok(script.findIndex((line) => line.startsWith("pulumi login")) === 2);
      }
      assert.doesNotMatch(TEXT, /npm (install|i)\b|npm ci(?! --ignore-scripts)/);
    });
  });

  describe("gate", () => {
    it("runs after a failed preview too, and gets nothing from it but the preview", () => {
      assert.deepEqual([gate.needs, gate.rules[0]?.when], [["preview"], "always"]);
      assert.deepEqual(preview.artifacts?.paths, ["preview.json"]);
      assert.equal(preview.artifacts.when, "always");
      assert.deepEqual([gate.environment, gate.allow_failure], [undefined, undefined]);
    });

    it("reads limits, price, project and the report command from the target branch", () => {
      const folder = mkdtempSync(join(tmpdir(), "pulumi-clickpipes-"));
      try {
        for (const name of ["base/policy-pack", "project", "bin"])
          mkdirSync(join(folder, name), { recursive: true });
        const limits = { "monthly-cost": { maxUsdPerMonth: 77, usdPerComputeUnitHour: 0.3 } };
        writeFileSync(join(folder, "base/policy-pack/limits.json"), JSON.stringify(limits));
        writeFileSync(join(folder, "base/Pulumi.yaml"), 'runtime: nodejs\nname: "shop"\n');
        writeFileSync(join(folder, "project/preview.json"), "the preview");
        writeFileSync(join(folder, "bin/npm"), "#!/bin/sh\npwd\n", { mode: 0o755 });
        writeFileSync(join(folder, "bin/npx"), '#!/bin/sh\npwd; echo "$@"; cat; exit 3\n', { mode: 0o755 });
        const { status } = spawnSync("bash", ["-e", "-c", gate.script.join("\n")], {
          cwd: join(folder, "project"),
          env: {
            PATH: `${join(folder, "bin")}:${process.env.PATH ?? ""}`,
            BASE: join(folder, "base"),
            CI_PROJECT_DIR: join(folder, "project"),
          },
        });
        assert.equal(status, 3);
        assert.equal(readFileSync(join(folder, "project/project.txt"), "utf8"), "shop\n");
        assert.equal(
          readFileSync(join(folder, "project/report.md"), "utf8").replace(/^.*\n/, ""),
          "--no pulumi-clickpipes report --max-usd-per-month 77 --usd-per-compute-unit-hour 0.3\nthe preview",
        );
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  });

  describe("note", () => {
    const path = "/api/v4/projects/7/merge_requests/3/notes";
    const by = (id: number, body: string, author = SELF): Note => ({ id, body, author: { id: author } });

    it("is created if no earlier one has the marker and the same author", async () => {
      const others = [by(1, `${MARKER.replace("dev", "prod")}\nx`), by(2, `> ${MARKER}\n`), by(3, REPORT, 5)];
      assert.deepEqual((await runNote(REPORT, others)).calls, [["POST", path, REPORT]]);
    });

    it("is updated on a later page of notes", async () => {
      const others = Array.from({ length: 100 }, (_, index) => by(index, "x"));
      const { calls } = await runNote(REPORT, [...others, by(105, `${MARKER}\nold`)]);
      assert.deepEqual(calls, [["PUT", `${path}/105`, REPORT]]);
    });

    it("has no HTML, no mention and no quick action", async () => {
      const { calls } = await runNote(`${MARKER}\n<img src=x> @all a@&#8203;b\n/merge\n  /approve\na/b\n`);
      const expected = `${MARKER}\n&lt;img src=x> @&#8203;all a@&#8203;b\n&#47;merge\n  &#47;approve\na/b\n`;
      assert.deepEqual(calls, [["POST", path, expected]]);
    });

    it("is not written for another stack's report", async () => {
      const { calls, code, errors } = await runNote(REPORT.replace("dev", "prod"));
      assert.deepEqual([calls, code], [[], 1]);
      assert.match(errors, /report\.md is not a report of shop\/dev/);
    });

    it("has the stack's marker if the report names no stack", async () => {
      const { calls } = await runNote("<!-- pulumi-clickpipes report -->\nThe preview failed\n");
      assert.deepEqual(calls, [["POST", path, `${MARKER}\nThe preview failed\n`]]);
    });

    it("is not written if it is longer than GitLab allows", async () => {
      const { calls, errors } = await runNote(`${MARKER}\n${"x".repeat(1_000_000)}`);
      assert.deepEqual(calls, []);
      assert.match(errors, /too long for a note: 1000\d+ characters/);
    });

    it("is not written without a report, and that is no failure", async () => {
      assert.deepEqual(await runNote(undefined), { calls: [], code: 0, errors: "" });
    });

    it("takes nothing but the gate's report, and can't fail the pipeline", () => {
      assert.deepEqual([note.needs, note.extends, note.allow_failure], [["gate"], undefined, true]);
      assert.deepEqual(note.environment, { name: "clickpipes-note", action: "access" });
      assert.doesNotMatch(note.script.join("\n"), /npm|npx|git /);
    });
  });

  describe("deploy", () => {
    it("waits for a person, one at a time, and is not cancelled", () => {
      assert.deepEqual(deploy.rules[0], {
        if: '$CI_PIPELINE_SOURCE == "push" && $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH',
        when: "manual",
        allow_failure: false,
      });
      assert.deepEqual([deploy.environment, deploy.resource_group], ["production", "production"]);
      assert.equal(deploy.interruptible, false);
    });

    it("previews, reports and checks the policies before it updates", () => {
      assert.match(
        deploy.script.at(-1) ?? "",
        /^pulumi preview --json [^]*^npx --no pulumi-clickpipes report --max-usd-per-month [^]*^pulumi preview .* --policy-pack policy-pack [^]*^pulumi up .* --policy-pack policy-pack --policy-pack-config /m,
      );
    });

    it("does not update if a check fails", () => {
      assert.doesNotMatch(deploy.script.join("\n"), /\|\||; *true|set \+e/);
    });
  });

  it("names the same versions of Pulumi in both jobs, and no stored token of Pulumi Cloud", () => {
    assert.deepEqual(TEXT.match(/image: pulumi.*/g), Array(2).fill("image: pulumi/pulumi-nodejs-22:3.259.0"));
    assert.doesNotMatch(TEXT, /PULUMI_ACCESS_TOKEN/);
  });
});
