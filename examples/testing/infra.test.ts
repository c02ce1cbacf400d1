/* eslint-disable @typescript-eslint/no-floating-promises -- node:test waits for its tests itself */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation";
import { type Emulator, startEmulator } from "pulumi-clickpipes/emulator";
import { declare } from "./infra";

const serviceId = "00000000-0000-4000-8000-000000000001"; // the emulator's

/** Fast, and without a Pulumi CLI. Mocks check no arguments: `cores: 100` would pass. */
describe("the stack under mocks", () => {
  before(() =>
    pulumi.runtime.setMocks({
      newResource: ({ name, inputs }) => ({ id: name, state: inputs as Record<string, unknown> }),
      call: () => ({}),
    }),
  );

  it("costs $584 a month with 8 cores", async () => {
    const { usdPerMonth } = declare({ serviceId, cores: 8 });
    assert.equal(await new Promise((resolve) => usdPerMonth.apply(resolve)), 584);
  });
});

/** The real CLI and provider, with a backend in a temporary folder: no account and no key. */
describe("the stack against the emulator", () => {
  const backend = mkdtempSync(join(tmpdir(), "testing-"));
  let emulator: Emulator;
  let stack: Stack;
  let settings = { serviceId, cores: 8 };

  before(async () => {
    emulator = await startEmulator({ convergenceMs: 100 });
    Object.assign(process.env, emulator.environment);
    stack = await LocalWorkspace.createOrSelectStack(
      { stackName: "test", projectName: "testing", program: () => Promise.resolve(declare(settings)) },
      {
        envVars: {
          PULUMI_BACKEND_URL: `file://${backend}`,
          PULUMI_CONFIG_PASSPHRASE: "passphrase-of-a-test",
        },
      },
    );
  });
  beforeEach(() => {
    settings = { serviceId, cores: 8 };
  });
  after(async () => {
    await emulator.close();
    rmSync(backend, { recursive: true, force: true });
  });

  it("scales the service to 8 cores with one change, and back", async () => {
    const { outputs } = await stack.up();
    assert.equal(outputs.currentCores?.value, 8);
    assert.equal(emulator.cloud.getCores(serviceId), 8);
    assert.equal(emulator.journal.count("PATCH"), 1);
    await stack.destroy();
    assert.equal(emulator.cloud.getCores(serviceId), 2);
  });

  it("does not pass its preview above $1 an hour, and sends no change", async () => {
    const sent = emulator.journal.count("PATCH");
    settings = { serviceId, cores: 12 };
    await assert.rejects(stack.preview(), /12 cores cost \$1\.20\/h, above the limit of \$1\.00\/h/);
    assert.equal(emulator.journal.count("PATCH"), sent);
  });
});
