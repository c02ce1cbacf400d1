import { type DynamicInputs } from "../../provider/dynamic/provider";
import assert from "node:assert/strict";
import { DEFAULT_SERVICE_ID } from "../../emulator";
import type { Fault } from "../../emulator";
import { InitializationError, TimeoutError } from "../../provider/errors";
import { createSimulation } from "../../simulation/simulation";

const URN = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/clickpipes:CdcScaling::orders";
const TOO_MANY: Fault = { kind: "status", status: 429 };

const TIMEOUT_MS = 60_000;
/** Within the part of the timeout that is left for the last read. */
const AFTER_DEADLINE_S = 56;

describe("an operation whose requests are refused permanently", () => {
  const createInputs = (cores: number): DynamicInputs => ({
    serviceId: DEFAULT_SERVICE_ID,
    cores,
    __urn: URN,
    __timeouts: { create: "1m", update: "1m", delete: "1m", read: "1m" },
  });

  async function createWorld() {
    const world = createSimulation({ convergenceMs: 1_000 });
    const { inputs } = await world.provider.check({}, createInputs(8));
    const checked = inputs!;
    return { ...world, checked };
  }

  async function createResource() {
    const world = await createWorld();
    const { outs } = await world.clock.run(world.provider.create(world.checked));
    return { ...world, state: outs!, createdAtMs: world.clock.nowMs() };
  }

  const captureRefusal = (work: Promise<unknown>) =>
    work.then(
      () => assert.fail("it succeeded"),
      (error: unknown) => error,
    );

  it("ends a create that looks for the organization", async () => {
    const { provider, clock, faults, checked } = await createWorld();
    faults.add({ fault: TOO_MANY, times: Infinity });
    const error = await captureRefusal(clock.run(provider.create(checked)));
    assert.ok(error instanceof TimeoutError, String(error));
    assert.ok(clock.nowMs() <= TIMEOUT_MS, `${clock.nowMs()} ms`);
  });

  it("ends a create that can't send its change, and says that nothing was changed", async () => {
    const { provider, clock, faults, checked } = await createWorld();
    faults.add({ method: "PATCH", fault: TOO_MANY, times: Infinity });
    const error = await captureRefusal(clock.run(provider.create(checked)));
    assert.match(
      (error as Error).message,
      /Last observed: 2 cores .*Nothing was changed\. Run `pulumi up` again later/,
    );
  });

  it("does not send a change whose turn comes when only the last read is left", async () => {
    const { provider, clock, faults, journal, checked } = await createWorld();
    const headers = { "X-RateLimit-Reset": String(AFTER_DEADLINE_S) };
    faults.add({ method: "PATCH", fault: { kind: "status", status: 429, headers } });
    const error = await captureRefusal(clock.run(provider.create(checked)));
    assert.match(
      (error as Error).message,
      /the time is over, so the change was not sent.*Nothing was changed/,
    );
    assert.equal(journal.count("PATCH"), 1); // the refused one
  });

  it("ends a create that can't read any more, and keeps what may have been accepted", async () => {
    const { provider, clock, faults, checked } = await createWorld();
    faults.add({ method: "GET", after: 2, fault: TOO_MANY, times: Infinity }); // organizations and the first look
    const error = await captureRefusal(clock.run(provider.create(checked)));
    assert.ok(error instanceof InitializationError, String(error));
    assert.deepEqual([error.properties.cores, error.properties.pendingCores], [2, 8]);
  });

  for (const [what, fault] of [
    ["responds with 429", TOO_MANY],
    ["responds with 503", { kind: "status", status: 503 }],
  ] as const) {
    it(`ends a create within customTimeouts of 12 s while the API ${what}`, async () => {
      const { provider, clock, faults } = await createWorld();
      const { inputs } = await provider.check({}, { ...createInputs(8), __timeouts: { create: "12s" } });
      faults.add({ fault, times: Infinity });
      const error = await captureRefusal(clock.run(provider.create(inputs ?? assert.fail())));
      assert.ok(error instanceof TimeoutError, String(error));
      assert.match(error.message, /^Timed out after 12s of 12s /);
      assert.equal(clock.nowMs(), 12_000);
    });
  }

  it("ends a refresh", async () => {
    const { provider, clock, faults, state, createdAtMs } = await createResource();
    faults.add({ fault: TOO_MANY, times: Infinity });
    const error = await captureRefusal(clock.run(provider.read(DEFAULT_SERVICE_ID, state)));
    assert.ok(error instanceof TimeoutError, String(error));
    assert.ok(clock.nowMs() - createdAtMs <= TIMEOUT_MS, `${clock.nowMs() - createdAtMs} ms`);
  });

  it("ends a destroy, and says how to continue", async () => {
    const { startRun, clock, faults, state } = await createResource();
    faults.add({ method: "PATCH", fault: TOO_MANY, times: Infinity });
    const error = await captureRefusal(clock.run(startRun().delete(DEFAULT_SERVICE_ID, state)));
    assert.match((error as Error).message, /Run `pulumi destroy` again later/);
  });
});
