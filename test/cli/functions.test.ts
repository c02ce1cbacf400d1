import assert from "node:assert/strict";
import { DEFAULT_SEED, DEFAULT_SERVICE_ID, type Emulator, startEmulator } from "../../emulator";
import { createProgram, declareCompute } from "../support/program";
import { Stack } from "../support/stack";

const [ORGANIZATION] = DEFAULT_SEED.organizations;
const SERVICE = `{ serviceId: "${DEFAULT_SERVICE_ID}" }`;

/** A service whose one pipe takes its initial load. */
const LOADING = {
  organizations: [
    {
      ...ORGANIZATION!,
      services: [
        {
          id: DEFAULT_SERVICE_ID,
          name: "orders",
          cores: 2,
          clickPipes: [{ id: "1", name: "orders", kind: "postgres", state: "Snapshot" }],
        },
      ],
    },
  ],
} as const;

const createFunctionsProgram = (...statements: string[]) =>
  createProgram('const clickpipes = require("pulumi-clickpipes");', ...statements);

describe("a program that calls the functions", () => {
  let emulator: Emulator;
  let stack: Stack;

  before(async () => {
    emulator = await startEmulator({ convergenceMs: 0, rateLimit: "none", seed: LOADING });
    stack = await Stack.create(emulator, createFunctionsProgram());
  });
  after(() => emulator.close());

  const readOutputs = async () =>
    JSON.parse((await stack.run("stack", "output", "--json")).stdout) as Record<string, unknown>;

  it("exports the states of the pipes, and the cost of the size that the same up set", async () => {
    stack.write(
      createFunctionsProgram(
        declareCompute("orders", { cores: 8 }).replace("new", "const orders = new"),
        `const { clickPipes } = clickpipes.getDbClickPipesOutput(${SERVICE});`,
        "exports.states = clickPipes.apply((pipes) => pipes.map(({ name, state }) => `${name}: ${state}`));",
        `const size = clickpipes.getCdcScalingOutput(${SERVICE}, { dependsOn: orders });`,
        "exports.usdPerMonth = size.usdPerMonth;",
      ),
    );
    assert.match(
      await stack.runSuccessfully("preview"),
      /usdPerMonth: (output<string>|\[unknown\]|<unknown>)/,
    );
    await stack.runSuccessfully("up");
    assert.deepEqual(await readOutputs(), { states: ["orders: Snapshot"], usdPerMonth: 584 });
  });

  it("passes a preview with an unknown service", async () => {
    stack.write(
      createFunctionsProgram(
        'class Later extends pulumi.dynamic.Resource { constructor(n) { super({ create: async () => ({ id: "1", ',
        `outs: { serviceId: "${DEFAULT_SERVICE_ID}" } }) }, n, { serviceId: undefined }) } }`,
        'const { serviceId } = new Later("later");',
        "exports.cores = clickpipes.getCdcScalingOutput({ serviceId }).cores;",
      ),
    );
    emulator.journal.clear();
    assert.match(await stack.runSuccessfully("preview"), /cores +: (output<string>|\[unknown\]|<unknown>)/);
    assert.equal(emulator.journal.count(), 0);
  });

  it("may call them in its body, with the key in its config", async () => {
    const { CLICKHOUSE_CLOUD_API_SECRET: secret = "", ...variables } = stack.variables;
    const keyed = stack.variables;
    stack.variables = variables;
    await stack.runSuccessfully("config", "set", "--secret", "clickhouse:tokenSecret", secret);
    stack.write(
      createFunctionsProgram(
        `module.exports = async () => {`,
        `const { clickPipes } = await clickpipes.getDbClickPipes(${SERVICE});`,
        "return { isLoading: clickPipes.some((pipe) => pipe.isInInitialLoad) };",
        "};",
      ),
    );
    const output = await stack.runSuccessfully("preview");
    assert.match(output, /isLoading +: true/);
    assert.doesNotMatch(output, /warning/i);
    await stack.runSuccessfully("config", "rm", "clickhouse:tokenSecret");
    stack.variables = keyed;
  });

  describe("and fails", () => {
    /** What Pulumi prints in the end. */
    const readDiagnostics = async (...statements: string[]) => {
      stack.write(createFunctionsProgram(...statements));
      const [, said = ""] = (await stack.runFailing("preview")).split("Diagnostics:");
      assert.doesNotMatch(said, /\n +at |unhandled exception/, "no stack trace");
      return said;
    };

    for (const [form, statement] of [
      ["that it exports", `exports.cores = clickpipes.getCdcScalingOutput({ serviceId: "orders" }).cores;`],
      ["that nothing uses", `clickpipes.getCdcScalingOutput({ serviceId: "orders" });`],
      ["in its plain form", `clickpipes.getCdcScaling({ serviceId: "orders" });`],
    ] as const) {
      it(`prints the reason once, without a stack trace, within seconds, for a result ${form}`, async () => {
        const beganAtMs = Date.now();
        const said = await readDiagnostics(statement);
        assert.equal(
          said.match(/error: Calling getCdcScaling failed: serviceId is "orders"\./g)?.length,
          1,
          said,
        );
        assert.ok(Date.now() - beganAtMs < 15_000, "it hangs where Pulumi prints a stack in colour");
      });
    }

    it("prints it on the row of its parent", async () => {
      const said = await readDiagnostics(
        'const part = new pulumi.ComponentResource("my:index:Part", "part");',
        'clickpipes.getDbClickPipesOutput({ serviceId: "orders" }, { parent: part });',
      );
      assert.match(
        said,
        /my:index:Part \(part\):\s+error: Calling getDbClickPipes failed: serviceId is "orders"/,
      );
    });

    it("prints that the service is idle", async () => {
      emulator.cloud.setServiceState(DEFAULT_SERVICE_ID, "idle");
      const said = await readDiagnostics(`exports.cores = clickpipes.getCdcScalingOutput(${SERVICE}).cores;`);
      emulator.cloud.setServiceState(DEFAULT_SERVICE_ID, "running");
      assert.match(said, /HTTP 424 "Current state: idle" \(request ID .*Start or wake the service/);
    });
  });
});
