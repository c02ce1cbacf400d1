import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { DEFAULT_SERVICE_ID, type Emulator, services, startEmulator } from "../../emulator";
import { compute, program } from "../support/program";
import { REPOSITORY } from "../support/project";
import { Running, Stack } from "../support/stack";

const [PIPE_ID = ""] = services(1).flatMap(({ clickPipes = [] }) => clickPipes.map(({ id }) => id));

const ORDERS = compute("orders", {
  cores: 2,
  initialLoad: { cores: 24, endBy: "2099-12-01T00:00:00Z" },
  quietAdvice: ["rarelyNeeded", "initialLoadParallelism", "endByFarAhead"],
});

/** Something else in the program that waits to be deployed. */
const PENDING = `new pulumi.dynamic.Resource({ create: async () => ({ id: "1", outs: {} }) }, "pending", {});`;

describe("settle on the real CLI", function () {
  this.timeout(180_000);
  let emulator: Emulator;
  let stack: Stack;

  beforeEach(async () => {
    emulator = await startEmulator({ convergenceMs: 2_000, limit: "none" });
    emulator.cloud.setPipeState(DEFAULT_SERVICE_ID, PIPE_ID, "Snapshot");
    stack = await Stack.of(emulator, program(ORDERS, PENDING));
  });
  afterEach(() => emulator.close());

  function settle(...options: string[]): Running {
    const command = [join(REPOSITORY, "dist", "cli", "main.js"), "settle", "--every", "1s", ...options];
    const child = spawn(process.execPath, command, {
      cwd: stack.folder,
      env: stack.variables,
      stdio: ["ignore", "pipe", "pipe"],
    });
    return new Running(child);
  }

  const loadEnds = () => emulator.cloud.setPipeState(DEFAULT_SERVICE_ID, PIPE_ID, "Running");
  const asked = () =>
    emulator.journal.of("PATCH").map(({ body }) => (body as { replicaMemoryGb: number }).replicaMemoryGb / 4);

  it("goes up, watches, goes down, says what it cost, and ships nothing else", async () => {
    const running = settle("--yes");
    await running.says(/^ {2}pipe-1: Snapshot/m);
    assert.equal(emulator.cloud.coresOf(DEFAULT_SERVICE_ID), 24);
    loadEnds();
    const { code, output } = await running.ended;
    assert.equal(code, 0, output);
    assert.deepEqual(asked(), [24, 2]);
    assert.equal(emulator.cloud.coresOf(DEFAULT_SERVICE_ID), 2);
    assert.match(output, /phase +: "initialLoad"/); // of the preview
    assert.match(output, /orders: the initial load of pipe-1 \(Running\) is over/);
    assert.match(output, /orders: 24 cores for \d+s .*, 1 begun hours, \$2\.40; 2 cores at \$0\.20\/h since/);
    const { resources } = await stack.exported();
    assert.ok(!resources.some(({ urn }) => urn.endsWith("::pending")));
  });

  it("asks before it changes anything, and changes nothing where nobody can be asked", async () => {
    const { code, output } = await settle().ended;
    assert.equal(code, 1);
    assert.match(output, /This runs `pulumi up` on the resources above.*Say so with --yes/);
    assert.deepEqual(asked(), []);
  });

  for (const [moment, says] of [
    ["its first up", /waiting: 2 => 24/],
    ["its watch", /^ {2}pipe-1: Snapshot/m],
  ] as const) {
    it(`killed during ${moment} and started again goes on with the same two changes`, async () => {
      const running = settle("--yes");
      await running.says(says);
      running.signal("SIGKILL");
      await running.ended;
      await again();
      assert.deepEqual(asked(), [24, 2]);
    });
  }

  it("killed during its last up and started again ends with the same two changes, and the same bill", async () => {
    const running = settle("--yes");
    await running.says(/^ {2}pipe-1: Snapshot/m);
    loadEnds();
    await running.says(/updating \(/);
    running.signal("SIGKILL");
    await running.ended;
    const output = await again();
    assert.deepEqual(asked(), [24, 2]);
    assert.match(output, /1 begun hours, \$2\.40/);
  });

  it("ends its watch on Ctrl-C, keeps the burst, and says how to go on", async () => {
    const running = settle("--yes");
    await running.says(/^ {2}pipe-1: Snapshot/m);
    running.signal("SIGINT");
    const { code, output } = await running.ended;
    assert.equal(code, 1);
    assert.match(
      output,
      /interrupted\norders stays at 24 cores, and goes on costing\.\nGo on with `pulumi-clickpipes settle`/,
    );
    assert.match(await stack.succeeds("preview"), /2 unchanged|4 unchanged|3 unchanged/);
  });

  it("says that there is no stack", async () => {
    const { code, output } = await settle("--yes", "--stack", "nothing").ended;
    assert.equal(code, 1);
    assert.match(output, /no stack named 'nothing' found/);
    assert.doesNotMatch(output, / {4}at /);
  });

  /** Another settle, until it succeeds: what the killed one began ends as a process of its own, and holds the stack meanwhile. */
  async function again(): Promise<string> {
    const running = settle("--yes");
    const isLocked = running.says(/run `pulumi cancel` beside this/).then(() => stack.succeeds("cancel"));
    isLocked.catch(() => undefined); // it was not
    await running.says(/^ {2}pipe-1: Snapshot|begun hours/m);
    loadEnds();
    const { code, output } = await running.ended;
    assert.equal(code, 0, output);
    return output;
  }
});
