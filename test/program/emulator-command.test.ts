import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEFAULT_ORGANIZATION_ID, seedOf } from "../../emulator";
import { REPOSITORY } from "../support/project";

const COMMAND = [join(REPOSITORY, "dist", "cli", "main.js"), "emulator"];

describe("the command `pulumi-clickpipes emulator`", () => {
  const folder = mkdtempSync(join(tmpdir(), "pulumi-clickpipes-"));
  const seed = join(folder, "seed.json");
  after(() => rmSync(folder, { recursive: true }));

  it("serves what its seed says, until it is interrupted", async () => {
    writeFileSync(seed, JSON.stringify(seedOf(1, 6)));
    const child = spawn(process.execPath, [...COMMAND, "--seed", seed], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      const [text] = (await once(child.stdout, "data")) as [Buffer];
      const [, url = assert.fail("no address")] = /CLICKHOUSE_API_URL=(\S+)/.exec(text.toString()) ?? [];
      const path = `services/${seedOf(1).organizations[0]?.services[0]?.id}/clickpipesCdcScaling`;
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

  for (const [what, options, message] of [
    ["a port that is none", ["--port", "99999"], /whole number from 0 to 65535/],
    ["a time without its unit", ["--convergence", "3"], /seconds, such as 3s/],
    ["a guess that there is none of", ["--guess", "patchAnswers=maybe"], /patchAnswers=old\|new/],
    ["a seed with a fault, by its path", ["--seed", seed], /organizations\[0\]\.id/],
  ] as const) {
    it(`refuses ${what}`, () => {
      writeFileSync(seed, '{ "organizations": [{ "id": "x" }] }');
      const { status, stderr } = spawnSync(process.execPath, [...COMMAND, ...options], { encoding: "utf8" });
      assert.equal(status, 1);
      assert.match(stderr, message);
    });
  }
});
