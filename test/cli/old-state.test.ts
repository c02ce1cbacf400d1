import assert from "node:assert/strict";
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DEFAULT_SERVICE_ID, type Emulator, startEmulator } from "../../emulator";
import { createOrdersProgram } from "../support/program";
import { type ExportedResource, Stack } from "../support/stack";

/** What another release, or a hand, may have left. */
const FOREIGN = {
  baselineCores: "two",
  pendingCores: null,
  fromTheFuture: { deep: [1] },
  computeUnits: undefined,
};

describe("a state of another release or edited by hand", () => {
  let emulator: Emulator;
  let stack: Stack;

  before(async () => {
    emulator = await startEmulator({ convergenceMs: 0, rateLimit: "none" });
    stack = await Stack.create(emulator, createOrdersProgram(8));
    await stack.runSuccessfully("up");
    await damage(FOREIGN);
    emulator.journal.clear();
  });
  after(() => emulator.close());

  async function damage(outputs: object): Promise<void> {
    const { text } = await stack.exportState();
    const state = JSON.parse(text) as { deployment: { resources: ExportedResource[] } };
    const scaling = state.deployment.resources.find(({ urn }) =>
      urn.endsWith("clickpipes:CdcScaling::orders"),
    );
    Object.assign(scaling?.outputs ?? assert.fail("no resource"), outputs);
    const file = join(stack.folder, "state.json");
    writeFileSync(file, JSON.stringify(state));
    await stack.runSuccessfully("stack", "import", "--file", file);
  }

  it("has no diff and sends nothing", async () => {
    assert.match(await stack.runSuccessfully("preview", "--expect-no-changes"), /unchanged/);
    assert.equal(emulator.journal.count(), 0);
  });

  it("can be refreshed", async () => {
    emulator.cloud.setCores(DEFAULT_SERVICE_ID, 5);
    await stack.runSuccessfully("refresh");
    assert.equal((await stack.findScaling())?.outputs.cores, 5);
  });

  it("can be updated", async () => {
    await stack.runSuccessfully("up");
    assert.equal(emulator.cloud.getCores(DEFAULT_SERVICE_ID), 8);
  });

  it("without a size is reported by an up, and repaired by a refresh", async () => {
    await damage({ currentCores: undefined });
    assert.match(
      await stack.runFailing("up"),
      /the state of orders failed: the property currentCores.*Run `pulumi refresh`/s,
    );
    await stack.runSuccessfully("refresh");
    assert.equal((await stack.findScaling())?.outputs.cores, 8);
  });

  it("with a damaged baseline and other losses restores the size before the next change on destroy", async () => {
    await damage({ currentCores: null, serviceId: undefined });
    await stack.runSuccessfully("destroy");
    assert.equal(emulator.cloud.getCores(DEFAULT_SERVICE_ID), 5);
  });
});

describe("a program that drops the resource and the package at once", () => {
  it("is told to keep the package until the resource is gone, and the size is restored when it is back", async () => {
    const emulator = await startEmulator({ convergenceMs: 0, rateLimit: "none" });
    try {
      const stack = await Stack.create(emulator, createOrdersProgram(8));
      await stack.runSuccessfully("up");
      const installed = join(stack.folder, "node_modules", "pulumi-clickpipes");
      renameSync(installed, `${installed}-removed`);
      stack.write("exports.nothing = 1;");
      const output = await stack.runFailing("up");
      assert.match(
        output,
        /Install pulumi-clickpipes, its resources need it: Cannot find module 'pulumi-clickpipes\/provider'/,
      );
      assert.doesNotMatch(output, /Require stack|\n +at /);
      renameSync(`${installed}-removed`, installed);
      await stack.runSuccessfully("up");
      assert.equal(emulator.cloud.getCores(DEFAULT_SERVICE_ID), 2);
    } finally {
      await emulator.close();
    }
  });
});
