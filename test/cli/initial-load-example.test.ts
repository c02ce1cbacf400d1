import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { DEFAULT_SERVICE_ID, type Emulator, createSeed, createServices, startEmulator } from "../../emulator";
import { REPOSITORY } from "../support/project";
import { type Run, Running, Stack } from "../support/stack";

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>>;
}

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const WORKFLOW = "examples/initial-load/.github/workflows/scale-down.yml";
const { on, permissions, jobs } = load(readFileSync(join(REPOSITORY, WORKFLOW), "utf8")) as Workflow;
const STEPS = Object.values(jobs).flatMap(({ steps }) => steps);
const [, SALES = ""] = createServices(2).map(({ id }) => id);

const MINUTE_MS = 60_000;
const SNAPSHOT_MS = 6 * 60 * MINUTE_MS;

/** What waits in the checkout: another size of ours, and a resource of others. */
const PENDING = `
new CdcCompute("sales", { serviceId: "${SALES}", cores: 4 });
new pulumi.ComponentResource("shop:index:Store", "store");
`;

describe("the example initial-load", () => {
  let emulator: Emulator;
  let stack: Stack;
  let nowMs = Date.now();
  const getCores = () => [DEFAULT_SERVICE_ID, SALES].map((id) => emulator.cloud.getCores(id));

  before(async () => {
    const [organization] = createSeed(2).organizations;
    const [orders, ...others] = organization!.services;
    const settings = { initialLoadParallelism: 16, snapshotNumberOfParallelTables: 2 };
    const pipe = {
      id: "00000000-0000-4000-9000-000000000001",
      name: "orders",
      kind: "postgres",
      snapshotMs: SNAPSHOT_MS,
      settings,
    } as const;
    emulator = await startEmulator({
      clock: { now: () => nowMs },
      convergenceMs: 0,
      rateLimit: "none",
      seed: {
        organizations: [{ ...organization!, services: [{ ...orders!, clickPipes: [pipe] }, ...others] }],
      },
    });
    const endBy = new Date(nowMs + 2 * 24 * 60 * MINUTE_MS).toISOString();
    const config = { "initial-load:serviceId": DEFAULT_SERVICE_ID, "initial-load:endBy": endBy };
    stack = await Stack.createFromExample("initial-load", emulator, config);
    nowMs += 2 * MINUTE_MS; // provisioned and set up
  });
  after(() => emulator.close());

  /** The workflow's own command, in the shell that GitHub runs it in. */
  async function runSchedule(): Promise<Run> {
    const { run = assert.fail(), env } = STEPS.find((step) => step.run?.includes("pulumi up")) ?? {};
    const child = spawn("bash", ["-e", "-c", run], {
      cwd: stack.folder,
      env: { ...env, ...stack.variables },
      stdio: ["ignore", "pipe", "pipe"],
    });
    return new Running(child).ended;
  }

  async function runScheduleSuccessfully(): Promise<Run> {
    const ended = await runSchedule();
    assert.equal(ended.code, 0, ended.output);
    return ended;
  }

  it("shows the burst, its reason and its cost in the preview", async () => {
    const preview = await stack.runSuccessfully("preview", "--diff");
    assert.match(preview, /currentCores +: 24\n/);
    assert.match(preview, /phase +: "initialLoad"/);
    assert.match(preview, /phaseReason +: "orders loads, until \S+ at the latest; \$2\.40\/h"/);
    assert.match(preview, /the burst of 24 cores costs at most \$/);
    const warnings = preview.match(/^ *warning: .*$/gm) ?? [];
    assert.equal(warnings.length, 1, preview);
    assert.match(warnings.join(), /orders is in Snapshot, .* survives a resize/);
    assert.equal(emulator.journal.count("PATCH"), 0);
  });

  it("has the burst size after an up during the snapshot", async () => {
    await stack.runSuccessfully("up");
    assert.deepEqual(getCores(), [24, 2]);
  });

  it("is not changed by the schedule while the snapshot lasts, and neither is any other pending change", async () => {
    appendFileSync(join(stack.folder, "index.ts"), PENDING);
    assert.match((await runScheduleSuccessfully()).output, /unchanged/);
    assert.deepEqual(getCores(), [24, 2]);
    assert.equal(emulator.journal.count("PATCH"), 1);
  });

  it("is scaled down by the schedule after the snapshot, and nothing else is changed", async () => {
    nowMs += SNAPSHOT_MS;
    await runScheduleSuccessfully();
    assert.deepEqual(getCores(), [2, 2]);
    const { resources } = await stack.exportState();
    assert.deepEqual(
      resources.filter(({ urn }) => /::(sales|store)$/.test(urn)),
      [],
    );
    assert.equal((await stack.findScaling())?.outputs.phase, "steady");
  });

  it("stays there with the next run of the schedule: two changes in total", async () => {
    await runScheduleSuccessfully();
    assert.equal(emulator.journal.count("PATCH"), 2);
  });

  it("is never scaled up by the schedule, whatever the program says by then", async () => {
    const file = join(stack.folder, "index.ts");
    writeFileSync(file, readFileSync(file, "utf8").replace(/cores: 2,/, "cores: 20,"));
    const { code } = await runSchedule();
    assert.notEqual(code, 0);
    assert.deepEqual([getCores(), emulator.journal.count("PATCH")], [[2, 2], 2]);
  });
});

describe("the example's workflow", () => {
  it("runs on a schedule, and by hand", () => {
    assert.deepEqual(Object.keys(on), ["schedule", "workflow_dispatch"]);
  });

  it("may only read the repository", () => assert.deepEqual(permissions, { contents: "read" }));

  it("pins each action to its major version", () => {
    const used = STEPS.flatMap(({ uses }) => uses ?? []);
    assert.ok(used.length > 0);
    assert.deepEqual(
      used.filter((action) => !/^[\w-]+\/[\w-]+@v\d+$/.test(action)),
      [],
    );
  });

  it("takes its keys from the secrets of the repository", () => {
    const variables = STEPS.flatMap(({ env = {} }) => Object.entries(env));
    assert.deepEqual(
      variables.filter(([name, value]) => value !== `\${{ secrets.${name} }}`).map(([name]) => name),
      ["URN"],
    );
  });
});
