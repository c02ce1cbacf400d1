import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { DEFAULT_KEY, DEFAULT_SERVICE_ID, type Emulator, type PipeSeed, startEmulator } from "../../emulator";
import { REPOSITORY } from "../support/project";
import { toCores, type Size } from "../../sizing";
import { Running, waitForPatch } from "../support/stack";

const COMMAND = ["--require", "ts-node/register", join(REPOSITORY, "tools", "probe", "main.ts")];

const LOADING: PipeSeed = {
  id: "00000000-0000-4000-9000-0000000000b1",
  name: "orders",
  kind: "postgres",
  state: "Snapshot",
};

describe("the command `npm run probe`", () => {
  let emulator: Emulator;

  before(async () => (emulator = await startEmulator()));
  beforeEach(() => emulator.reset());
  after(() => emulator.close());

  function start(options: readonly string[], variables: NodeJS.ProcessEnv = {}): Running {
    const child = spawn(process.execPath, [...COMMAND, ...options], {
      cwd: REPOSITORY,
      env: { PATH: process.env.PATH, ...emulator.environment, ...variables },
      stdio: ["ignore", "pipe", "pipe"],
    });
    return new Running(child);
  }

  const run = (...given: Parameters<typeof start>) => start(...given).ended;

  it("prints a table from reads alone, without an id or a key", async () => {
    const { code, stdout, output } = await run([]);
    assert.equal(code, 0, output);
    assert.match(stdout, /^\| question .*\n\| --- .*\n(\| .* \|\n){10}$/);
    assert.doesNotMatch(output, /[0-9a-f]{8}-[0-9a-f]{4}/);
    assert.ok(!output.includes(DEFAULT_KEY.id) && !output.includes(DEFAULT_KEY.secret));
    assert.equal(emulator.journal.count("PATCH"), 0);
  });

  it("changes nothing without a terminal for the confirmation, and says what it would do", async () => {
    const { code, output } = await run(["--write", DEFAULT_SERVICE_ID]);
    assert.equal(code, 1);
    assert.match(output, /from 2 to 3 and 4 cores and back.*bills every started hour.*--yes/s);
    assert.equal(emulator.journal.count("PATCH"), 0);
  });

  for (const signal of ["SIGTERM", "SIGHUP"] as const) {
    it(`restores the size after ${signal}`, async () => {
      const running = start(["--write", DEFAULT_SERVICE_ID, "--yes"]);
      await waitForPatch(emulator, running);
      running.signal(signal);
      const { code, output } = await running.ended;
      assert.equal(code, 1);
      assert.match(output, /restoring the size/);
      const last = emulator.journal.filter("PATCH").at(-1)?.body as Size;
      assert.equal(toCores(last), 2);
    });
  }

  it("restores the size after an interruption if a change can't replace another", async () => {
    const slow = await startEmulator({ convergenceMs: 2_000, guesses: { patchDuringChange: "conflicts" } });
    try {
      const running = start(["--write", DEFAULT_SERVICE_ID, "--yes"], slow.environment);
      await waitForPatch(slow, running);
      running.signal("SIGINT");
      const { code, output } = await running.ended;
      assert.equal(code, 1);
      assert.match(
        output,
        /restoring the size; interrupt again to leave it as it is\n.*requested 2 cores again/s,
      );
      const asked = slow.journal.filter("PATCH").map(({ body, status }) => [toCores(body as Size), status]);
      assert.deepEqual(asked, [
        [3, 200],
        [2, 409],
        [2, 200],
      ]);
    } finally {
      await slow.close();
    }
  });

  it("warns before other changes if a Postgres pipe is loading", async () => {
    emulator.cloud.addPipe(DEFAULT_SERVICE_ID, LOADING);
    const { code, output } = await run(["--write", DEFAULT_SERVICE_ID]);
    assert.equal(code, 1);
    assert.match(output, /may break the initial load of orders: Snapshot.*\$0\.10 per GB/);
  });

  it("does not resize during a load without a terminal for the confirmation, and says what that may cost", async () => {
    emulator.cloud.addPipe(DEFAULT_SERVICE_ID, LOADING);
    const { code, output } = await run(["--write", DEFAULT_SERVICE_ID, "--while-loading"]);
    assert.equal(code, 1);
    assert.match(
      output,
      /from 2 to 3 cores and back while the Postgres ClickPipe orders is in its initial load\. The load may be lost.*\$0\.10 per GB.*more than 2h.*3 cores cost \$0\.30 an hour.*--yes/s,
    );
    assert.equal(emulator.journal.count("PATCH"), 0);
  });

  it("says how to prepare a load if there is none", async () => {
    const { code, output } = await run(["--write", DEFAULT_SERVICE_ID, "--while-loading", "--yes"]);
    assert.equal(code, 1);
    assert.match(output, /No Postgres ClickPipe of this service is in Snapshot \(pipe-1: Running\)\. Create/);
    assert.equal(emulator.journal.count("PATCH"), 0);
  });

  it("reports what a resize did to a load, and restores the size", async () => {
    const fast = await startEmulator({ convergenceMs: 2_000, guesses: { resizeDuringSnapshot: "fails" } });
    try {
      fast.cloud.addPipe(DEFAULT_SERVICE_ID, LOADING);
      const options = ["--write", DEFAULT_SERVICE_ID, "--while-loading", "--yes"];
      const { code, stdout, output } = await start(options, fast.environment).ended;
      assert.equal(code, 0, output);
      assert.match(stdout, /\| `resizeDuringSnapshot` \| fails \(Failed .*\) \|/);
      assert.match(output, /the load of orders is lost: resync the pipe\nrestoring the size/);
      assert.equal(fast.cloud.getCores(DEFAULT_SERVICE_ID), 2);
    } finally {
      await fast.close();
    }
  });

  it("restores the size if it is interrupted while it watches a load", async () => {
    const fast = await startEmulator({ convergenceMs: 0 });
    try {
      fast.cloud.addPipe(DEFAULT_SERVICE_ID, LOADING);
      const running = start(["--write", DEFAULT_SERVICE_ID, "--while-loading", "--yes"], fast.environment);
      await running.waitForOutput(/the new size has arrived/);
      running.signal("SIGINT");
      const { code, output } = await running.ended;
      assert.equal(code, 1);
      assert.match(output, /orders is still loading.*restoring the size; interrupt again/s);
      assert.equal(fast.cloud.getCores(DEFAULT_SERVICE_ID), 2);
    } finally {
      await fast.close();
    }
  });

  for (const [what, options, message] of [
    ["--while-loading without a service", ["--while-loading"], /--while-loading needs --write SERVICE/],
    ["a limit that is no duration", ["--watch", "soon"], /must be a duration, such as 40m/],
  ] as const) {
    it(`rejects ${what}`, async () => {
      const { code, output } = await run(options);
      assert.equal(code, 1);
      assert.match(output, message);
      assert.equal(emulator.journal.count(), 0);
    });
  }

  it("reports the headers of a 429 with --rate-limit", async () => {
    const { code, stdout, output } = await run(["--rate-limit"]);
    assert.equal(code, 0, output);
    assert.match(stdout, /\| `rateLimit` *\| X-RateLimit-Reset: \d+ *\|/);
    assert.match(stdout, /\| `countRefusedRequests` *\| false *\|/);
    assert.equal(emulator.journal.count("PATCH"), 0);
  });

  it("fails if the service does not exist", async () => {
    const { code, output } = await run(["--write", "00000000-0000-4000-8000-00000000000f", "--yes"]);
    assert.equal(code, 1);
    assert.match(output, /HTTP 404.*Check the ids of the service/);
  });

  it("fails if the API rejects the key, and prints nothing of the key", async () => {
    const { code, output } = await run([], { CLICKHOUSE_CLOUD_API_SECRET: "another-secret" });
    assert.equal(code, 1);
    assert.match(output, /HTTP 401.*Check that it is complete/);
    assert.ok(!output.includes("another-secret"));
  });

  it("names the sources of the key if there is none", async () => {
    const { code, output } = await run([], { CLICKHOUSE_CLOUD_API_KEY: "" });
    assert.equal(code, 1);
    assert.match(output, /no API key: environment CLICKHOUSE_CLOUD_API_KEY is not set/);
  });
});
