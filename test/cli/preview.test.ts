import assert from "node:assert/strict";
import { writeFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DEFAULT_SERVICE_ID, type Emulator, startEmulator } from "../../emulator";
import { createOrdersProgram, createProgram, declareCompute } from "../support/program";
import { Stack } from "../support/stack";

describe("a preview", () => {
  let emulator: Emulator;
  let stack: Stack;

  before(async () => {
    emulator = await startEmulator({ convergenceMs: 0 });
    stack = await Stack.create(emulator, createOrdersProgram(2));
  });
  afterEach(() => assert.equal(emulator.journal.count(), 0, "a preview sends nothing"));
  after(() => emulator.close());

  it("reports all failures of a resource at once, with value, rule and nearest value", async () => {
    const faulty = { serviceId: "a/b", organizationId: "acme", cores: 25, maxUsdPerHour: 1, coreCount: 1 };
    stack.write(createProgram(declareCompute("orders", faulty)));
    const output = await stack.runFailing("preview");
    assert.match(output, /serviceId.* must be a UUID, got "a\/b"/);
    assert.match(output, /organizationId.* must be a UUID, got "acme"/);
    assert.match(output, /cores.* got 25 \(nearest: 24\).*set `maxCores: 32` to allow it/);
    assert.match(output, /maxUsdPerHour.*25 cores cost \$2\.50\/h, above the limit of \$1\.00\/h/);
    assert.match(output, /coreCount.* unknown argument/);
  });

  for (const [cores, said] of [
    ["NaN", "must be a whole number from 1 to 24, got NaN (nearest: 1)"],
    ['"8"', 'must be a whole number from 1 to 24, got "8" (nearest: 8)'],
  ] as const) {
    it(`rejects ${cores} cores`, async () => {
      stack.write(
        createProgram(`new CdcCompute("orders", { serviceId: "${DEFAULT_SERVICE_ID}", cores: ${cores} });`),
      );
      assert.ok((await stack.runFailing("preview")).includes(said));
    });
  }

  it("names both resources that declare the same service", async () => {
    stack.write(createProgram(declareCompute("orders", { cores: 2 }), declareCompute("sales", { cores: 4 })));
    assert.match(
      await stack.runFailing("preview"),
      /orders and sales both declare|sales and orders both declare/,
    );
  });

  it("accepts unknown inputs, and shows what follows from them as unknown", async () => {
    const unknown = [
      'class Later extends pulumi.dynamic.Resource { constructor(n) { super({ create: async () => ({ id: "1", ',
      `outs: { cores: 4, serviceId: "${DEFAULT_SERVICE_ID}" } }) }, n, { cores: undefined, serviceId: undefined }) } }`,
      'const later = new Later("later");',
      'const orders = new CdcCompute("orders", { serviceId: later.serviceId, cores: later.cores });',
      "exports.usdPerHour = orders.usdPerHour;",
    ].join("\n");
    stack.write(createProgram(unknown));
    const output = await stack.runSuccessfully("preview", "--diff");
    assert.match(output, /cores +: (output<string>|\[unknown\]|<unknown>)/);
    assert.match(output, /usdPerMonth +: (output<string>|\[unknown\]|<unknown>)/);
  });

  it("works without keys", async () => {
    stack.write(createOrdersProgram(8));
    const { CLICKHOUSE_CLOUD_API_KEY, CLICKHOUSE_CLOUD_API_SECRET, ...keyless } = stack.variables;
    const keyed = stack.variables;
    stack.variables = keyless;
    assert.match(await stack.runSuccessfully("preview", "--diff"), /cores +: 8/);
    const refused = await stack.runFailing("up");
    stack.variables = keyed;
    for (const place of [
      "stack config clickhouse:tokenKey",
      "environment CLICKHOUSE_CLOUD_API_KEY",
      "stack config clickhouse:tokenSecret",
      "environment CLICKHOUSE_CLOUD_API_SECRET",
    ]) {
      assert.ok(refused.includes(place), `up without keys names ${place}`);
    }
  });

  it("rejects http to another machine", async () => {
    stack.write(createOrdersProgram(8));
    const { CLICKHOUSE_API_URL } = stack.variables;
    stack.variables = { ...stack.variables, CLICKHOUSE_API_URL: "http://clickhouse.example/v1" };
    const output = await stack.runFailing("preview");
    stack.variables = { ...stack.variables, CLICKHOUSE_API_URL };
    assert.match(output, /environment CLICKHOUSE_API_URL is http:\/\/clickhouse\.example.*Use https/s);
  });

  it("works in a program that changes the working directory", async () => {
    stack.write(`process.chdir(require("node:os").tmpdir());\n${createOrdersProgram(2)}`);
    assert.match(await stack.runSuccessfully("preview", "--diff"), /cores +: 2/);
  });

  it("says where to install the package if it can't be found beside the program", async () => {
    // The program itself finds the package by its path; the provider process has only the folder to go by.
    rmSync(join(stack.folder, "node_modules", "pulumi-clickpipes"));
    const byPath = createOrdersProgram(8).replace(
      'require("pulumi-clickpipes")',
      `require(${JSON.stringify(join(__dirname, "..", ".."))})`,
    );
    writeFileSync(join(stack.folder, "index.js"), byPath);
    const output = await stack.runFailing("preview");
    assert.match(output, /Install pulumi-clickpipes, its resources need it/);
    assert.doesNotMatch(output, /at .*\.js:\d+/, "no stack trace");
  });
});
