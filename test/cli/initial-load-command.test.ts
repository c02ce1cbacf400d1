import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEFAULT_SERVICE_ID, type Emulator, createServices, startEmulator } from "../../emulator";
import { createProgram, declareCompute } from "../support/program";
import { REPOSITORY } from "../support/project";
import { Running, Stack } from "../support/stack";

const [PIPE_ID = ""] = createServices(1).flatMap(({ clickPipes = [] }) => clickPipes.map(({ id }) => id));

const ORDERS = declareCompute("orders", {
  cores: 2,
  initialLoad: { cores: 24, endBy: "2099-12-01T00:00:00Z" },
  suppressAdvice: ["rarelyNeeded", "initialLoadParallelism", "endByFarAhead"],
});

/** Another resource of the program that is not deployed yet. Its name looks like a URN of this package's resources. */
const PENDING_NAME = "pending-clickpipes:CdcScaling::logs";
const PENDING = `new pulumi.dynamic.Resource({ create: async () => ({ id: "1", outs: {} }) }, "${PENDING_NAME}", {});`;

describe("initial-load on the real CLI", () => {
  let emulator: Emulator;
  let stack: Stack;

  beforeEach(async () => {
    emulator = await startEmulator({ convergenceMs: 2_000, rateLimit: "none" });
    emulator.cloud.setPipeState(DEFAULT_SERVICE_ID, PIPE_ID, "Snapshot");
    stack = await Stack.create(emulator, createProgram(ORDERS, PENDING));
  });
  afterEach(() => emulator.close());

  function start(...options: string[]): Running {
    const command = [join(REPOSITORY, "dist", "cli", "main.js"), "initial-load", "--every", "1s", ...options];
    const child = spawn(process.execPath, command, {
      cwd: stack.folder,
      env: stack.variables,
      stdio: ["ignore", "pipe", "pipe"],
    });
    return new Running(child);
  }

  const endLoad = () => emulator.cloud.setPipeState(DEFAULT_SERVICE_ID, PIPE_ID, "Running");
  const listRequestedCores = () =>
    emulator.journal
      .filter("PATCH")
      .map(({ body }) => (body as { replicaMemoryGb: number }).replicaMemoryGb / 4);

  it("scales up, watches, scales down, prints the cost, and deploys nothing else", async () => {
    const running = start("--yes");
    await running.waitForOutput(/^ {2}pipe-1: Snapshot/m);
    assert.equal(emulator.cloud.getCores(DEFAULT_SERVICE_ID), 24);
    endLoad();
    const { code, output } = await running.ended;
    assert.equal(code, 0, output);
    assert.deepEqual(listRequestedCores(), [24, 2]);
    assert.equal(emulator.cloud.getCores(DEFAULT_SERVICE_ID), 2);
    assert.match(output, /phase +: "initialLoad"/); // in the preview
    assert.match(output, /orders: the initial load of pipe-1 is done/);
    assert.match(
      output,
      /orders: 24 cores for \d+s .*, 1 started hour, \$2\.40; 2 cores at \$0\.20\/h since/,
    );
    const { resources } = await stack.exportState();
    assert.ok(!resources.some(({ urn }) => urn.endsWith(PENDING_NAME)));
  });

  it("writes nothing but lines of JSON to stdout with --json", async () => {
    const running = start("--yes", "--json");
    await running.waitForOutput(/"state":"Snapshot"/);
    endLoad();
    const { code, stdout, output } = await running.ended;
    assert.equal(code, 0, output);
    const lines = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { event: string; usd?: number });
    assert.deepEqual([lines.at(-1)?.event, lines.at(-1)?.usd], ["done", 2.4]);
    assert.ok(lines.some(({ event }) => event === "status"));
    assert.match(output, /Previewing update/, "Pulumi's output is on stderr");
  });

  it("stops before an up that differs from what was confirmed, and names the size that stays", async () => {
    const running = start("--yes");
    await running.waitForOutput(/^ {2}pipe-1: Snapshot/m);
    stack.write(createProgram(ORDERS.replace('"cores":2,', '"cores":20,'), PENDING));
    endLoad();
    const { code, output } = await running.ended;
    assert.equal(code, 1, output);
    assert.match(output, /would not do what you confirmed: orders has cores 20 instead of 2/);
    assert.match(output, /orders stays at 24 cores, and keeps costing/);
    assert.deepEqual(listRequestedCores(), [24]);
  });

  it("asks for confirmation, and changes nothing without a terminal", async () => {
    const { code, output } = await start().ended;
    assert.equal(code, 1);
    assert.match(output, /This runs `pulumi up` on the resources above.*Pass --yes to confirm/);
    assert.deepEqual(listRequestedCores(), []);
  });

  it("asks for nothing and prints the cost again if there is nothing left to do", async () => {
    const running = start("--yes");
    await running.waitForOutput(/^ {2}pipe-1: Snapshot/m);
    endLoad();
    await running.ended;
    const { code, output } = await start().ended;
    assert.equal(code, 0, output);
    assert.match(output, /Nothing to do: the preview has no changes.*1 started hour, \$2\.40/s);
  });

  for (const [what, variables] of [
    ["without a key, although the Pulumi CLI may have one", { CLICKHOUSE_CLOUD_API_KEY: "" }],
    ["with a key that the API rejects", { CLICKHOUSE_CLOUD_API_SECRET: "another" }],
  ] as const) {
    it(`changes nothing ${what}, because it could not see the load end`, async () => {
      Object.assign(stack.variables, variables);
      const { code, output } = await start("--yes").ended;
      assert.equal(code, 1);
      assert.match(output, /Reading ClickPipes failed: no API key|HTTP 401/);
      assert.deepEqual(listRequestedCores(), []);
    });
  }

  /** Resolves when that many changes have their response. */
  const waitForChanges = (count: number): Promise<void> =>
    new Promise((resolve) => {
      const stop = emulator.watch((moment) => {
        if (moment !== "after" || emulator.journal.count("PATCH") < count) return;
        stop();
        resolve();
      });
    });

  async function killAt(running: Running, moment: Promise<void>): Promise<void> {
    await moment;
    running.signal("SIGKILL");
    await running.ended;
  }

  it("continues after kills in its first up, its watch and its last up, with the same two changes and the same cost", async () => {
    await killAt(start("--yes"), waitForChanges(1));
    const second = restart();
    await killAt(second, second.waitForOutput(/^ {2}pipe-1: Snapshot/m));
    const third = restart();
    await third.waitForOutput(/^ {2}pipe-1: Snapshot/m);
    const last = waitForChanges(2);
    endLoad();
    await killAt(third, last);
    const { code, output } = await restart().ended;
    assert.equal(code, 0, output);
    assert.deepEqual(listRequestedCores(), [24, 2]);
    assert.match(output, /1 started hour, \$2\.40/);
  });

  it("stops on Ctrl-C, keeps the burst, and says how to continue", async () => {
    const running = start("--yes");
    await running.waitForOutput(/^ {2}pipe-1: Snapshot/m);
    running.signal("SIGINT");
    const { code, output } = await running.ended;
    assert.equal(code, 1);
    assert.match(
      output,
      /interrupted\norders stays at 24 cores, and keeps costing\.\nTo continue, run `pulumi-clickpipes initial-load`/,
    );
    assert.match(await stack.runSuccessfully("preview"), /2 unchanged|4 unchanged|3 unchanged/);
  });

  it("reports a stack that does not exist", async () => {
    const { code, output } = await start("--yes", "--stack", "nothing").ended;
    assert.equal(code, 1);
    assert.match(output, /no stack named 'nothing' found/);
    assert.doesNotMatch(output, / {4}at /);
  });

  it("reports that there is no Pulumi CLI", async () => {
    Object.assign(stack.variables, { PATH: tmpdir() });
    const { code, output } = await start("--yes").ended;
    assert.equal(code, 1);
    assert.match(output, /^There is no Pulumi CLI on the PATH\. Install it: https:/);
  });

  it("reports a folder without a project", async () => {
    const { code, output } = await start("--yes", "--cwd", tmpdir()).ended;
    assert.equal(code, 1);
    assert.match(output, /^error: could not detect current project: no Pulumi\.yaml project file found/);
  });

  /** Starts the command again. If a killed CLI left the stack locked, runs `pulumi cancel` as the output says. */
  function restart(): Running {
    const running = start("--yes");
    running
      .waitForOutput(/run `pulumi cancel` in another terminal/)
      .then(() => stack.runSuccessfully("cancel"))
      .catch(() => undefined); // it was not locked
    return running;
  }
});
