import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  createSeed,
  DEFAULT_KEY,
  DEFAULT_ORGANIZATION_ID,
  DEFAULT_SERVICE_ID,
  type Emulator,
  startEmulator,
} from "../../emulator";
import { createProgram, declareCompute } from "../support/program";
import { Stack } from "../support/stack";

/** Everything that would give the key away. */
const SECRETS = [
  DEFAULT_KEY.id,
  DEFAULT_KEY.secret,
  Buffer.from(`${DEFAULT_KEY.id}:${DEFAULT_KEY.secret}`).toString("base64"),
  encodeURIComponent(DEFAULT_KEY.secret),
].filter((secret, index, all) => all.indexOf(secret) === index);

const [PIPE] = createSeed(1).organizations[0]!.services[0]!.clickPipes!;

const PROGRAM = createProgram(declareCompute("orders", { cores: 8 }));

/** As an API that tells too much has it. */
const REPEATED = JSON.stringify({ error: `no such key: ${SECRETS.join(" ")}` });

async function createKeylessStack(emulator: Emulator): Promise<Stack> {
  const stack = await Stack.create(emulator, PROGRAM);
  const { CLICKHOUSE_CLOUD_API_KEY, CLICKHOUSE_CLOUD_API_SECRET, ...variables } = stack.variables;
  stack.variables = variables;
  return stack;
}

describe("the secret of a key in the stack config", () => {
  let emulator: Emulator;
  let stack: Stack;
  let seen = "";

  before(async () => {
    emulator = await startEmulator({ convergenceMs: 0 });
    stack = await createKeylessStack(emulator);
    await stack.runSuccessfully("config", "set", "--secret", "clickhouse:tokenKey", DEFAULT_KEY.id);
    await stack.runSuccessfully("config", "set", "--secret", "clickhouse:tokenSecret", DEFAULT_KEY.secret);
  });
  after(() => emulator.close());

  const runAndCollect = async (...command: [string, ...string[]]) => {
    const { output } = await stack.run(...command);
    seen += output;
    return output;
  };

  it("works encrypted, without a warning", async () => {
    await runAndCollect("preview", "--diff");
    const output = await runAndCollect("up", "--diff");
    assert.equal(emulator.cloud.getCores(DEFAULT_SERVICE_ID), 8);
    assert.doesNotMatch(output, /plain text/);
  });

  /** An `up` to that size at the highest verbosity: what it said, and that it sent something. */
  async function upVerbosely(cores: number): Promise<string> {
    stack.write(createProgram(declareCompute("orders", { cores })));
    emulator.journal.clear();
    const { output } = await stack.run("up", "--logtostderr", "--verbose=11", "--logflow");
    assert.ok(output.length > 50_000, `only ${output.length} characters were searched`);
    assert.ok(emulator.journal.count("GET", "clickpipesCdcScaling") > 0, "nothing was sent");
    // Pulumi logs what it configures its own default provider with: nothing of that is ours to hide.
    const ours = output.split("\n").filter((line) => !line.includes(".Configure().inputs]"));
    assert.deepEqual(
      ours.filter((line) => SECRETS.some((secret) => line.includes(secret))),
      [],
    );
    return output;
  }

  it("is in none of our output at the highest verbosity if an up changes the size", async () => {
    await upVerbosely(6);
    assert.equal(emulator.cloud.getCores(DEFAULT_SERVICE_ID), 6);
  });

  it("is in none of our output at the highest verbosity if the API rejects it and repeats it", async () => {
    const path = /clickpipesCdcScaling$/;
    emulator.faults.add({ path, fault: { kind: "status", status: 401, body: REPEATED } });
    const output = await upVerbosely(8);
    assert.match(output, /HTTP 401/);
    assert.doesNotMatch(output, /no such key/, "the body of a response that refuses the key");
    await stack.runSuccessfully("up");
  });

  function replaceKey(key: typeof DEFAULT_KEY): void {
    const [organization] = emulator.cloud.organizations.values();
    organization?.keys.splice(0, 1, key);
  }

  for (const command of ["refresh", "destroy"]) {
    it(`is named by its source, with the remedies, by a ${command} after a rotation, which keeps the state`, async () => {
      replaceKey({ id: DEFAULT_KEY.id, secret: "another-secret" });
      const output = await runAndCollect(command);
      assert.match(output, /The key from stack config clickhouse:tokenKey/);
      assert.match(
        output,
        /run `pulumi up` first, or pass `--run-program`. A key in the environment takes effect after the next/,
      );
      assert.equal((await stack.findScaling())?.outputs.cores, 8);
    });
  }

  it("does not come from the environment in a refresh after a rotation", async () => {
    await stack.runSuccessfully("config", "rm", "clickhouse:tokenSecret");
    await stack.runSuccessfully("config", "rm", "clickhouse:tokenKey");
    const rotated = { ...emulator.environment, CLICKHOUSE_CLOUD_API_SECRET: "another-secret" };
    const { variables } = stack;
    stack.variables = { ...variables, ...rotated };
    assert.match(await stack.runFailing("refresh"), /The key from stack config clickhouse:tokenKey/);
    stack.variables = variables;
  });

  it("works after a rotation for a refresh that runs the program", async () => {
    await stack.runSuccessfully("config", "set", "--secret", "clickhouse:tokenKey", DEFAULT_KEY.id);
    await stack.runSuccessfully("config", "set", "--secret", "clickhouse:tokenSecret", "another-secret");
    await stack.runFailing("refresh");
    await stack.runSuccessfully("refresh", "--run-program");
  });

  it("works after a rotation for a refresh after an up with the new one", async () => {
    await stack.runSuccessfully("up");
    await stack.runSuccessfully("refresh");
  });

  it("is not in the exported state, nor in any output", async () => {
    const { text, resources } = await stack.exportState();
    for (const secret of SECRETS) {
      assert.ok(!text.includes(secret), "in the exported state");
      assert.ok(!seen.includes(secret), "in the output");
    }
    assert.ok(resources.length > 2, "the state that was searched is not empty");
  });

  it("triggers one warning as plain text, with what to do", async () => {
    stack.write(
      createProgram(
        declareCompute("orders", { cores: 8 }),
        `new CdcCompute("more", { serviceId: "${OTHER}", cores: 2 });`,
      ),
    );
    await stack.runSuccessfully("config", "set", "--plaintext", "clickhouse:tokenSecret", DEFAULT_KEY.secret);
    const { output } = await stack.run("preview");
    // Pulumi says each message twice: on the row while it runs, and in the end.
    const [, diagnostics = ""] = output.split("Diagnostics:");
    const warnings = diagnostics.split("\n").filter((line) => line.includes("plain text"));
    assert.equal(warnings.length, 1, output);
    assert.match(
      warnings[0] ?? "",
      /contains clickhouse:tokenSecret as plain text.*pulumi config set --secret clickhouse:tokenSecret/,
    );
    assert.ok(!output.includes(DEFAULT_KEY.secret));
    assert.match(
      readFileSync(join(stack.folder, "Pulumi.dev.yaml"), "utf8"),
      /emulator-secret/,
      "it is plain text",
    );
  });
});

const OTHER = "00000000-0000-4000-8000-000000000002";

describe("an organization and a price that are secrets of the stack config", () => {
  let emulator: Emulator;
  let stack: Stack;
  let seen = "";

  /** What would reveal them: the organization, and amounts at a price of $0.17. */
  const REVEALING = [DEFAULT_ORGANIZATION_ID, "0.68", "496.4", "1.02", "744.6"];

  before(async () => {
    emulator = await startEmulator({ convergenceMs: 0, rateLimit: "none" });
    emulator.cloud.setPipeState(DEFAULT_SERVICE_ID, PIPE!.id, "Snapshot");
    stack = await Stack.create(emulator, createBurstProgram(8));
    await stack.runSuccessfully(
      "config",
      "set",
      "--secret",
      "clickhouse:organizationId",
      DEFAULT_ORGANIZATION_ID,
    );
    await stack.runSuccessfully("config", "set", "--secret", "clickpipes:usdPerComputeUnitHour", "0.17");
  });
  after(() => emulator.close());

  function createBurstProgram(burst: number): string {
    const initialLoad = { cores: burst, endBy: "2099-12-01T00:00:00Z" };
    return createProgram(
      `const orders = ${declareCompute("orders", { cores: 2, initialLoad })}`,
      "exports.organization = orders.organizationId; exports.usdPerMonth = orders.usdPerMonth;",
    );
  }

  const run = async (...command: [string, ...string[]]) => {
    seen += (await stack.run(...command)).output;
    const { stdout } = await stack.run("stack", "export");
    seen += stdout;
  };
  const assertHidden = () => {
    const withoutTimes = seen.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "(time)");
    for (const text of REVEALING) assert.ok(!withoutTimes.includes(text), `${text} is visible in\n${seen}`);
  };

  it("stay secret in previews, updates and the state", async () => {
    await run("preview", "--diff");
    await run("up", "--diff");
    assertHidden();
    assert.equal(emulator.cloud.getCores(DEFAULT_SERVICE_ID), 8);
  });

  it("make no diff", async () => {
    assert.match(await stack.runSuccessfully("preview", "--expect-no-changes"), /unchanged/);
  });

  it("stay secret after an update that timed out", async () => {
    emulator.cloud.convergenceMs = 3_600_000;
    stack.write(createBurstProgram(12).replace("{});", `{ customTimeouts: { update: "3s" } });`));
    await run("up");
    assert.match(seen, /Timed out after/);
    assertHidden();
  });

  it("stay secret after a refresh", async () => {
    emulator.cloud.setCores(DEFAULT_SERVICE_ID, 12);
    await run("refresh");
    assertHidden();
  });

  it("are read by a destroy", async () => {
    emulator.cloud.convergenceMs = 0;
    await stack.runSuccessfully("destroy");
    assert.equal(emulator.cloud.getCores(DEFAULT_SERVICE_ID), 2);
  });
});
