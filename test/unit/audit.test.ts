import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

const SCRIPT = join(__dirname, "../../tools/audit.mjs");

const NONE = JSON.stringify({ vulnerabilities: {}, metadata: { vulnerabilities: { total: 0 } } });
const ONE = JSON.stringify({
  vulnerabilities: { "left-pad": { range: "<1.3.0", severity: "high" } },
  metadata: { vulnerabilities: { total: 1 } },
});
/** As npm 11 prints it for a registry that does not have the endpoint. */
const UNSUPPORTED = JSON.stringify({
  message: "405 Method Not Allowed - POST https://registry.example/-/npm/v1/security/advisories/bulk",
  statusCode: 405,
  error: { summary: "", detail: "" },
});
const NO_LOCKFILE = JSON.stringify({
  error: { code: "ENOLOCK", summary: "It needs a lockfile.", detail: "" },
});

interface Run {
  readonly options?: readonly string[];
  readonly required?: string;
}

describe("the audit of dependencies", () => {
  const folder = mkdtempSync(join(tmpdir(), "pulumi-clickpipes-"));
  after(() => rmSync(folder, { recursive: true }));

  /** Runs the script with an npm that prints the text and fails, as npm does for vulnerabilities and for errors. */
  function audit(answer: string, { options = [], required }: Run = {}) {
    writeFileSync(join(folder, "answer"), answer);
    writeFileSync(
      join(folder, "npm"),
      `#!/bin/sh\necho "$*" > ${folder}/arguments\ncat ${folder}/answer\nexit 1\n`,
      {
        mode: 0o755,
      },
    );
    return run(
      { PATH: [folder, process.env.PATH].join(delimiter) },
      { options, ...(required && { required }) },
    );
  }

  function run(variables: NodeJS.ProcessEnv, { options = [], required }: Run = {}) {
    const { NPM_AUDIT_REQUIRED: _, ...environment } = process.env;
    const env = { ...environment, ...variables, ...(required && { NPM_AUDIT_REQUIRED: required }) };
    const { status, stdout, stderr } = spawnSync(process.execPath, [SCRIPT, ...options], {
      encoding: "utf8",
      env,
    });
    return { status, stdout, stderr };
  }

  it("passes without vulnerabilities", () => {
    const stdout = "dependencies audited: 0 known vulnerabilities\n";
    assert.deepEqual(audit(NONE), { status: 0, stdout, stderr: "" });
  });

  it("passes without vulnerabilities if it is required", () => {
    assert.equal(audit(NONE, { options: ["--required"] }).status, 0);
  });

  it("fails for a vulnerability, and names the package", () => {
    const stdout = "dependencies audited: 1 known vulnerabilities\n  left-pad <1.3.0: high\n";
    assert.deepEqual(audit(ONE), { status: 1, stdout, stderr: "" });
  });

  const UNCHECKED =
    "dependencies not audited: npm got no audit (405 Method Not Allowed); nothing was checked\n";

  it("says that nothing was checked if the registry answers no audit, and passes", () => {
    assert.deepEqual(audit(UNSUPPORTED), { status: 0, stdout: UNCHECKED, stderr: "" });
  });

  it("says why npm gives no report", () => {
    assert.match(audit(NO_LOCKFILE).stdout, /not audited: .*\(It needs a lockfile\.\); nothing was checked/);
  });

  for (const [how, options] of [
    ["--required", { options: ["--required"] }],
    ["NPM_AUDIT_REQUIRED=true", { required: "true" }],
  ] as const) {
    it(`fails with ${how} if the registry answers no audit`, () => {
      const { status, stdout, stderr } = audit(UNSUPPORTED, options);
      assert.deepEqual([status, stdout], [1, UNCHECKED]);
      assert.match(stderr, /^A release requires this audit\. .*registry that supports audits\.\n$/);
    });
  }

  it("is not required with NPM_AUDIT_REQUIRED=false", () => {
    assert.equal(audit(UNSUPPORTED, { required: "false" }).status, 0);
  });

  for (const [what, answer] of [
    ["no output", ""],
    ["text", "npm error code E500"],
    ["half a report", ONE.slice(0, -10)],
    ["null", "null"],
    ["a list", "[]"],
    ["a report without a total", '{"metadata":{"vulnerabilities":{}}}'],
    ["a total in a string", '{"metadata":{"vulnerabilities":{"total":"0"}}}'],
  ] as const) {
    it(`checked nothing if npm prints ${what}, without a stack trace`, () => {
      const { status, stdout, stderr } = audit(answer);
      assert.deepEqual([status, stderr], [0, ""]);
      assert.match(stdout, /^dependencies not audited: .*; nothing was checked\n$/);
      assert.equal(audit(answer, { options: ["--required"] }).status, 1);
    });
  }

  it("fails for vulnerabilities that npm only counts, without a stack trace", () => {
    const { status, stderr } = audit('{"metadata":{"vulnerabilities":{"total":2}}}');
    assert.deepEqual([status, stderr], [1, ""]);
  });

  it("checked nothing without npm, without a stack trace", () => {
    const { status, stdout, stderr } = run({ PATH: join(folder, "empty") });
    assert.deepEqual([status, stderr], [0, ""]);
    assert.match(stdout, /npm did not run: .*; nothing was checked/);
  });

  it("asks about the packages that users install only", () => {
    audit(NONE);
    assert.equal(readFileSync(join(folder, "arguments"), "utf8"), "audit --omit=dev --json\n");
  });
});
