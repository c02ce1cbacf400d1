import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  DEFAULT_ORGANIZATION_ID,
  DEFAULT_SERVICE_ID,
  type Emulator,
  createSeed,
  createServices,
  startEmulator,
} from "../../emulator";
import type { EmulatorJson } from "../../emulator/command/emulator-json";
import { SEED_EXAMPLE } from "../../emulator/command/seed-file";
import { Running } from "../support/stack";
import { REPOSITORY } from "../support/project";

const COMMAND = [join(REPOSITORY, "dist", "cli", "main.js"), "emulator"];

describe("the command `pulumi-clickpipes emulator`", () => {
  const folder = mkdtempSync(join(tmpdir(), "pulumi-clickpipes-"));
  const seed = join(folder, "seed.json");
  after(() => rmSync(folder, { recursive: true }));

  it("serves the seed until it is interrupted", async () => {
    writeFileSync(seed, JSON.stringify(createSeed(1, 6)));
    const child = spawn(process.execPath, [...COMMAND, "--seed", seed], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      const [text] = (await once(child.stdout, "data")) as [Buffer];
      const [, url = assert.fail("no address")] = /CLICKHOUSE_API_URL=(\S+)/.exec(text.toString()) ?? [];
      const path = `services/${createSeed(1).organizations[0]?.services[0]?.id}/clickpipesCdcScaling`;
      const response = await fetch(`${url}/organizations/${DEFAULT_ORGANIZATION_ID}/${path}`, {
        headers: { authorization: `Basic ${btoa("emulator-key:emulator-secret")}` },
      });
      const { result } = (await response.json()) as { result: unknown };
      assert.deepEqual(result, { replicaCpuMillicores: 6_000, replicaMemoryGb: 24 });
    } finally {
      child.kill("SIGINT");
    }
    assert.deepEqual(await once(child, "exit"), [0, null]);
  });

  it("prints commands that set the address and the key of a seed", async () => {
    const [organization = assert.fail()] = createSeed(1).organizations;
    const key = { id: "key-of-a-test", secret: "it's $HOME" };
    writeFileSync(seed, JSON.stringify({ organizations: [{ ...organization, keys: [key] }] }));
    const child = spawn(process.execPath, [...COMMAND, "--seed", seed], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const running = new Running(child);
    await running.waitForOutput(/Ctrl-C/).finally(() => child.kill("SIGINT"));
    await running.ended;
    const commands = running.output.match(/^ +export .*$/gm) ?? [];
    const script = `${commands.join("\n")}\nprintf '%s %s' "$CLICKHOUSE_CLOUD_API_KEY" "$CLICKHOUSE_CLOUD_API_SECRET"`;
    const { stdout } = spawnSync("sh", ["-c", script], { encoding: "utf8" });
    assert.equal(stdout, `${key.id} ${key.secret}`);
  });

  it("prints one line of JSON on demand, and requests on stderr", async () => {
    const child = spawn(process.execPath, [...COMMAND, "--json", "--log-requests"], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    const running = new Running(child);
    try {
      await running.waitForOutput(/\n/);
      const { url, environment, services } = JSON.parse(running.stdout) as EmulatorJson;
      assert.equal(environment.CLICKHOUSE_API_URL, url);
      assert.deepEqual(services, [
        {
          id: DEFAULT_SERVICE_ID,
          name: "service-1",
          state: "running",
          cores: 2,
          pipes: [{ id: services[0]?.pipes[0]?.id, name: "pipe-1", kind: "postgres", state: "Running" }],
        },
      ]);
      await fetch(`${url}/organizations`);
      await running.waitForOutput(/GET \/v1\/organizations 401/);
      assert.match(running.stdout, /^.*\n$/);
    } finally {
      child.kill("SIGINT");
    }
    assert.equal((await running.ended).code, 0);
  });

  it("lists the ids of its services and pipes, and logs each request on demand", async () => {
    const child = spawn(process.execPath, [...COMMAND, "--log-requests"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const running = new Running(child);
    try {
      await running.waitForOutput(/Ctrl-C/);
      const [, url = assert.fail("no address")] = /CLICKHOUSE_API_URL=(\S+)/.exec(running.output) ?? [];
      assert.match(
        running.output,
        new RegExp(
          `service .*${DEFAULT_SERVICE_ID}  running, 2 cores\n    pipe pipe-1  \\S+  postgres, Running`,
        ),
      );
      await fetch(`${url}/organizations`);
      await running.waitForOutput(/^\d\d:\d\d:\d\d\.\d{3} GET \/v1\/organizations 401$/m);
    } finally {
      child.kill("SIGINT");
    }
    assert.equal((await running.ended).code, 0);
  });

  it("shows a seed file in its help that it accepts", async () => {
    const { stdout } = spawnSync(process.execPath, [...COMMAND, "--help"], { encoding: "utf8" });
    const [example = assert.fail("no example")] = /^\{[^]*^\}$/m.exec(stdout) ?? [];
    writeFileSync(seed, example);
    const child = spawn(process.execPath, [...COMMAND, "--seed", seed], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const running = new Running(child);
    await running
      .waitForOutput(/pipe orders  \S+  postgres, Provisioning/)
      .finally(() => child.kill("SIGINT"));
    assert.equal((await running.ended).code, 0);
  });

  it("takes how long a new pipe is Provisioning and in Setup", async () => {
    writeFileSync(seed, JSON.stringify(SEED_EXAMPLE));
    const options = ["--seed", seed, "--provisioning", "0s", "--setup", "0s"];
    const child = spawn(process.execPath, [...COMMAND, ...options], { stdio: ["ignore", "pipe", "inherit"] });
    const running = new Running(child);
    await running.waitForOutput(/pipe orders  \S+  postgres, Snapshot/).finally(() => child.kill("SIGINT"));
    assert.equal((await running.ended).code, 0);
  });

  for (const [what, options, message] of [
    ["an invalid port", ["--port", "99999"], /whole number from 0 to 65535/],
    ["a time without a unit", ["--convergence", "3"], /seconds, such as 3s/],
    ["an unknown value of a guess", ["--guess", "patchAnswers=maybe"], /patchAnswers=old\|new/],
    ["an invalid seed and names the path in it", ["--seed", seed], /organizations\[0\]\.id/],
  ] as const) {
    it(`rejects ${what}`, () => {
      writeFileSync(seed, '{ "organizations": [{ "id": "x" }] }');
      const { status, stderr } = spawnSync(process.execPath, [...COMMAND, ...options], { encoding: "utf8" });
      assert.equal(status, 1);
      assert.match(stderr, message);
    });
  }

  describe("and its subcommand `pipe`", () => {
    let emulator: Emulator;
    const [pipe] = createServices(1).flatMap(({ clickPipes = [] }) => clickPipes);
    const pipeId = pipe?.id ?? "";

    before(async () => (emulator = await startEmulator()));
    beforeEach(() => emulator.reset());
    after(() => emulator.close());

    async function runPipeCommand(...options: string[]) {
      const child = spawn(process.execPath, [...COMMAND, "pipe", ...options, "--url", emulator.url], {
        stdio: ["ignore", "pipe", "pipe"],
      });
      return new Running(child).ended;
    }

    const getState = () => emulator.cloud.getPipe(DEFAULT_SERVICE_ID, pipeId).getState(Date.now());

    for (const [action, becomes] of [
      ["pause", "Pausing"],
      ["stop", "Stopping"],
      ["resync", "Snapshot"],
      ["fail", "Failed"],
    ] as const) {
      it(`puts the pipe into the state ${becomes} on ${action}`, async () => {
        const output = `pipe-1 (${pipeId}) is ${becomes}\n`;
        assert.deepEqual(await runPipeCommand(action, pipeId), { code: 0, stdout: output, output });
        assert.equal(getState(), becomes);
      });
    }

    it("starts a failed pipe", async () => {
      emulator.cloud.setPipeState(DEFAULT_SERVICE_ID, pipeId, "Failed");
      await runPipeCommand("start", pipeId);
      assert.equal(getState(), "Running");
    });

    it("removes the pipe", async () => {
      assert.match((await runPipeCommand("remove", pipeId)).output, / is removed\n$/);
      assert.deepEqual(emulator.cloud.getService(DEFAULT_SERVICE_ID).pipes, []);
    });

    it("takes the name of a pipe", async () => {
      await runPipeCommand("fail", pipe?.name ?? "");
      assert.equal(getState(), "Failed");
    });

    it("lists the ids of pipes with the same name", async () => {
      const id = "00000000-0000-4000-9000-0000000000ff";
      emulator.cloud.addPipe(DEFAULT_SERVICE_ID, { id, name: pipe?.name ?? "", kind: "mysql" });
      const { code, output } = await runPipeCommand("fail", pipe?.name ?? "");
      assert.deepEqual(
        [code, output],
        [1, `2 pipes are named pipe-1. Use one of the ids ${pipeId}, ${id}\n`],
      );
    });

    it("says what it tried and what to start if nothing responds", async () => {
      const child = spawn(
        process.execPath,
        [...COMMAND, "pipe", "fail", "x", "--url", "http://127.0.0.1:9/v1"],
        {
          stdio: ["ignore", "pipe", "pipe"],
        },
      );
      const { code, output } = await new Running(child).ended;
      assert.equal(code, 1);
      assert.match(output, /^No emulator responds at http:\/\/127\.0\.0\.1:9\/v1 \(.+\)\. Start one with/);
    });

    it("fails if there is no such pipe", async () => {
      const { code, output } = await runPipeCommand("pause", "nothing");
      assert.deepEqual([code, output], [1, "no service has a pipe with the id or name nothing\n"]);
    });

    it("lists the actions if the action is unknown", async () => {
      const { code, output } = await runPipeCommand("explode", pipeId);
      assert.equal(code, 1);
      assert.match(output, /Allowed choices are pause, start, stop, resync, fail, remove/);
    });
  });
});
