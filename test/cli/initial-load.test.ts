import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { DEFAULT_ORGANIZATION_ID, DEFAULT_SERVICE_ID, type Emulator, startEmulator } from "../../emulator";
import { REPOSITORY } from "../support/project";
import { createProgram, declareCompute } from "../support/program";
import { Stack } from "../support/stack";
import { createSeedWithPipes } from "../../simulation/seed-with-pipes";

const BURST = { cores: 24, endBy: "2099-12-01T00:00:00Z" };
const QUIET = ["rarelyNeeded", "endByFarAhead", "initialLoadParallelism"];
const ORDERS = declareCompute("orders", { cores: 2, initialLoad: BURST, suppressAdvice: QUIET });

/** A resource that creates a ClickPipe as other providers do, over the API. */
const PIPE = `
const create = async ({ url, key }) => {
  const answer = await fetch(url, {
    method: "POST",
    headers: { authorization: "Basic " + btoa(key), "content-type": "application/json" },
    body: JSON.stringify({ name: "orders", source: { postgres: {} } }),
  });
  return { id: (await answer.json()).result.id };
};
class Pipe extends pulumi.dynamic.Resource {
  constructor(name, props, opts) { super({ create }, name, props, opts); }
}
`;

describe("an initial load on the real CLI", () => {
  let emulator: Emulator;
  let nowMs = Date.now();

  beforeEach(async () => {
    nowMs = Date.now();
    const clock = { now: () => nowMs };
    emulator = await startEmulator({
      clock,
      convergenceMs: 0,
      rateLimit: "none",
      snapshotMs: 3_600_000,
      seed: createSeedWithPipes([]),
    });
  });
  afterEach(() => emulator.close());

  it("of a pipe that the same program creates has the burst size after one up, and the steady size after the load", async () => {
    const url = `${emulator.url}/organizations/${DEFAULT_ORGANIZATION_ID}/services/${DEFAULT_SERVICE_ID}/clickpipes`;
    const pipe = `const pipe = new Pipe("pipe", ${JSON.stringify({ url, key: "emulator-key:emulator-secret" })});`;
    const args = { serviceId: DEFAULT_SERVICE_ID, cores: 2, initialLoad: BURST, suppressAdvice: QUIET };
    const dependent = `const orders = new CdcCompute("orders", ${JSON.stringify(args)}, { dependsOn: [pipe] });`;
    const exported = "exports.phase = orders.phase; exports.usdPerHour = orders.usdPerHour;";
    const stack = await Stack.create(emulator, createProgram(PIPE, pipe, dependent, exported));

    const preview = await stack.runSuccessfully("preview", "--diff");
    assert.match(preview, /currentCores +: 24/);
    assert.match(preview, /phase +: "initialLoad"/);
    assert.match(await stack.runSuccessfully("up"), /usdPerHour: 2\.4/);
    assert.equal(emulator.cloud.getCores(DEFAULT_SERVICE_ID), 24);

    nowMs += 2 * 3_600_000;
    const diff = await stack.runSuccessfully("preview", "--diff");
    assert.match(diff, /currentCores +: 24 => 2/);
    assert.match(diff, /phase +: "initialLoad" => "steady"/);
    assert.match(diff, /phaseReason +: ".*" => "the initial load of orders is done"/);
    await stack.runSuccessfully("up");
    assert.equal(emulator.cloud.getCores(DEFAULT_SERVICE_ID), 2);
    assert.equal(emulator.journal.count("PATCH"), 2);
  });

  it("of a pipe whose id the preview doesn't know yet plans the burst, which the report's limit refuses", async () => {
    const url = `${emulator.url}/organizations/${DEFAULT_ORGANIZATION_ID}/services/${DEFAULT_SERVICE_ID}/clickpipes`;
    const pipe = `const pipe = new Pipe("pipe", ${JSON.stringify({ url, key: "emulator-key:emulator-secret" })});`;
    const load = `{ cores: 8, endBy: "${BURST.endBy}", pipes: [pipe.id] }`;
    const args = `{ serviceId: "${DEFAULT_SERVICE_ID}", cores: 2, initialLoad: ${load} }`;
    const stack = await Stack.create(
      emulator,
      createProgram(PIPE, pipe, `new CdcCompute("orders", ${args});`),
    );
    const { stdout } = await stack.run("preview", "--json");
    const main = join(REPOSITORY, "dist", "cli", "main.js");
    const reportWith = (limit: string) =>
      spawnSync(process.execPath, [main, "report", "--max-usd-per-month", limit], {
        input: stdout,
        encoding: "utf8",
      });
    const report = reportWith("300");
    assert.match(report.stdout, /=> 8 \(32 GB\)/);
    assert.match(report.stdout, /\$584\.00/);
    assert.deepEqual([report.status, reportWith("600").status], [1, 0]);
    await stack.runSuccessfully("up");
    assert.equal(emulator.cloud.getCores(DEFAULT_SERVICE_ID), 8);
  });

  it("starts ahead of a pipe that depends on the size, which then loads without a resize", async () => {
    const url = `${emulator.url}/organizations/${DEFAULT_ORGANIZATION_ID}/services/${DEFAULT_SERVICE_ID}/clickpipes`;
    emulator.cloud.addPipe(DEFAULT_SERVICE_ID, { id: DEFAULT_SERVICE_ID, name: "seed", kind: "postgres" });
    const load = JSON.stringify({ ...BURST, startAhead: true });
    const args = `{ serviceId: "${DEFAULT_SERVICE_ID}", cores: 2, initialLoad: ${load} }`;
    const compute = `const compute = new CdcCompute("orders", ${args});`;
    const props = JSON.stringify({ url, key: "emulator-key:emulator-secret" });
    const pipe = `new Pipe("pipe", ${props}, { dependsOn: compute });`;
    const stack = await Stack.create(emulator, createProgram(PIPE, compute, pipe));
    assert.match(await stack.runSuccessfully("preview", "--diff"), /phase +: "prepared"/);
    await stack.runSuccessfully("up");
    const [change, created] = emulator.journal.entries.filter(({ method }) => method !== "GET");
    assert.deepEqual([change?.method, created?.method], ["PATCH", "POST"]);

    nowMs += 2 * 3_600_000;
    const diff = await stack.runSuccessfully("preview", "--diff");
    assert.match(diff, /phase +: "prepared" => "steady"/);
    assert.doesNotMatch(diff, /__pipesBefore/);
    await stack.runSuccessfully("up");
    assert.equal(emulator.cloud.getCores(DEFAULT_SERVICE_ID), 2);
    assert.equal(emulator.journal.count("PATCH"), 2);
  });

  it("scales to the steady size if the load ends between the preview and the update", async () => {
    emulator.cloud.addPipe(DEFAULT_SERVICE_ID, {
      id: DEFAULT_SERVICE_ID,
      name: "orders",
      kind: "postgres",
      state: "Snapshot",
    });
    const stack = await Stack.create(emulator, createProgram(ORDERS));
    assert.match(await stack.runSuccessfully("preview", "--diff"), /phase +: "initialLoad"/);
    emulator.cloud.setPipeState(DEFAULT_SERVICE_ID, DEFAULT_SERVICE_ID, "Running");
    await stack.runSuccessfully("up");
    assert.match(await stack.runSuccessfully("stack", "export"), /"phase": "steady"/);
    assert.equal(emulator.journal.count("PATCH"), 0);
  });

  it("warns on the row of the resource, names the existing pipes, and reports all failures at once", async () => {
    emulator.cloud.addPipe(DEFAULT_SERVICE_ID, {
      id: DEFAULT_SERVICE_ID,
      name: "orders",
      kind: "postgres",
      state: "Snapshot",
    });
    const endless = declareCompute("orders", { cores: 2, initialLoad: { cores: 24 } });
    const stack = await Stack.create(emulator, createProgram(endless));
    const output = await stack.runSuccessfully("preview");
    assert.match(
      output,
      /clickpipes:CdcScaling \(orders\):\n +warning: the default size is enough for most workloads/,
    );
    assert.match(output, /warning: without initialLoad\.endBy, 24 cores \(\$1,752\.00 a month\) stay/);
    assert.match(output, /warning: .*initialLoadParallelism has its default of 4 for orders/);

    const faulty = { cores: 0, endBy: "2026-12-01T00:00:00", pipes: ["orders"] };
    stack.write(
      createProgram(declareCompute("orders", { cores: 2, initialLoad: faulty, maxUsdPerHour: 0.05 })),
    );
    const refused = await stack.runFailing("preview");
    assert.match(refused, /initialLoad\.endBy value .* \(nearest: "2026-12-01T00:00:00Z"\)/);
    assert.match(refused, /initialLoad\.pipes\[?.?0\]? .* must be a UUID, got "orders"/);
    assert.match(refused, /initialLoad\.cores .* from 1 to 24, got 0 \(nearest: 1\)/);
    assert.match(refused, /maxUsdPerHour .*2 cores cost \$0\.20\/h/);
  });

  it("that is unknown keeps what follows from it unknown", async () => {
    const later = [
      'class Later extends pulumi.dynamic.Resource { constructor(n) { super({ create: async () => ({ id: "1", ',
      "outs: { cores: 24 } }) }, n, { cores: undefined }) } }",
      'const later = new Later("later");',
      `new CdcCompute("orders", { serviceId: "${DEFAULT_SERVICE_ID}", cores: 2, initialLoad: { cores: later.cores } });`,
    ].join("\n");
    const stack = await Stack.create(emulator, createProgram(later));
    const output = await stack.runSuccessfully("preview", "--diff");
    assert.match(output, / currentCores +: (output<string>|\[unknown\]|<unknown>)/);
    assert.match(output, /phase +: (output<string>|\[unknown\]|<unknown>)/);
    assert.match(output, / cores +: 2/);
  });
});
