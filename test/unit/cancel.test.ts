import assert from "node:assert/strict";
import { DEFAULT_KEY, DEFAULT_SERVICE_ID } from "../../emulator";
import { StackSettings } from "../../provider/cloud/stack-settings";
import { Core } from "../../provider/core";
import { CanceledError, InitializationError } from "../../provider/errors";
import { describeError } from "../../provider/remedies";
import { ProviderContext } from "../../provider/operation/context";
import { createSimulation } from "../../simulation/simulation";

const URN = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/clickpipes:CdcScaling::orders";
const CONFIG: Readonly<Record<string, string>> = {
  "clickhouse:tokenKey": DEFAULT_KEY.id,
  "clickhouse:tokenSecret": DEFAULT_KEY.secret,
};

/** A create that waits for a change of four minutes, and is canceled after one. */
async function cancelCreate() {
  const { clock, engine, transport, journal, provider } = createSimulation({ convergenceMs: 240_000 });
  const core = new Core(new ProviderContext(engine, clock, () => transport));
  core.configure(new StackSettings({ get: (name) => CONFIG[name] }, {}));
  const declared = { serviceId: DEFAULT_SERVICE_ID, cores: 8, __urn: URN };
  const { inputs = assert.fail() } = await provider.check({}, declared);
  clock.scheduleAt(60_000, () => core.cancel("the command was canceled"));
  const create = core.create({ urn: URN, inputs });
  const error: unknown = await clock.run(create.catch((reason: unknown) => reason));
  return { core, clock, error, journal, inputs };
}

describe("cancel", () => {
  it("ends a wait at once", async () => {
    const { clock } = await cancelCreate();
    assert.equal(clock.nowMs(), 60_000);
  });

  it("keeps the resource with its pending change", async () => {
    const { error } = await cancelCreate();
    assert.ok(error instanceof InitializationError, String(error));
    assert.ok(error.cause.cause instanceof CanceledError, String(error.cause));
    assert.deepEqual([error.properties.cores, error.properties.pendingCores], [2, 8]);
  });

  it("says how to resume", async () => {
    const { error } = await cancelCreate();
    assert.match(describeError(error as Error), /the command was canceled.*`pulumi up`/);
  });

  it("lets later operations run: the next update resumes without another PATCH", async () => {
    const { core, clock, error, journal, inputs } = await cancelCreate();
    assert.ok(error instanceof InitializationError, String(error));
    const request = { urn: URN, id: DEFAULT_SERVICE_ID, state: error.properties, inputs };
    const state = await clock.run(core.update(request));
    assert.deepEqual([state.cores, state.pendingCores, journal.count("PATCH")], [8, undefined, 1]);
  });
});
