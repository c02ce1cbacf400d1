import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { DEFAULT_KEY, DEFAULT_SERVICE_ID, type Emulator, startEmulator } from "../../emulator";
import { keysOf } from "../support/keys";
import { REPOSITORY } from "../support/project";
import { Running } from "../support/stack";

const COMMAND = [join(REPOSITORY, "dist", "cli", "main.js"), "probe"];

describe("the command `pulumi-clickpipes probe`", function () {
  this.timeout(30_000);
  let emulator: Emulator;

  before(async () => (emulator = await startEmulator()));
  beforeEach(() => emulator.reset());
  after(() => emulator.close());

  function run(options: readonly string[], variables: NodeJS.ProcessEnv = {}) {
    const child = spawn(process.execPath, [...COMMAND, ...options], {
      env: { PATH: process.env.PATH, ...keysOf(emulator), ...variables },
      stdio: ["ignore", "pipe", "pipe"],
    });
    return new Running(child).ended;
  }

  it("prints a table from reads alone, without an id or a key", async () => {
    const { code, stdout, output } = await run([]);
    assert.equal(code, 0, output);
    assert.match(stdout, /^\| question .*\n\| --- .*\n(\| .* \|\n){9}$/);
    assert.doesNotMatch(output, /[0-9a-f]{8}-[0-9a-f]{4}/);
    assert.ok(!output.includes(DEFAULT_KEY.id) && !output.includes(DEFAULT_KEY.secret));
    assert.equal(emulator.journal.count("PATCH"), 0);
  });

  it("changes nothing where nobody can be asked, and says what it would do", async () => {
    const { code, output } = await run(["--write", DEFAULT_SERVICE_ID]);
    assert.equal(code, 1);
    assert.match(output, /from 2 to 3 and 4 cores and back.*bills each begun hour.*--yes/s);
    assert.equal(emulator.journal.count("PATCH"), 0);
  });

  it("says that a service is not there", async () => {
    const { code, output } = await run(["--write", "00000000-0000-4000-8000-00000000000f", "--yes"]);
    assert.equal(code, 1);
    assert.match(output, /answered 404.*Check the service's id/);
  });

  it("says that the key is not accepted, and nothing of the key", async () => {
    const { code, output } = await run([], { CLICKHOUSE_CLOUD_API_SECRET: "another-secret" });
    assert.equal(code, 1);
    assert.match(output, /answered 401.*Check the key/);
    assert.ok(!output.includes("another-secret"));
  });

  it("says where it looked for a key, without one", async () => {
    const { code, output } = await run([], { CLICKHOUSE_CLOUD_API_KEY: "" });
    assert.equal(code, 1);
    assert.match(output, /nothing in .*CLICKHOUSE_CLOUD_API_KEY/);
  });
});
