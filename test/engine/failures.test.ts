import assert from "node:assert/strict";
import { once } from "node:events";
import { DEFAULT_SERVICE_ID, createSeed, createServices } from "../../emulator";
import { type Properties, type ProviderProcess, Refusal } from "../support/provider-process";
import {
  createInputs,
  createUrn,
  PROVIDER,
  type ProviderHarness,
  startProviderHarness,
} from "../support/provider-harness";

const ID = DEFAULT_SERVICE_ID;
const FOR_EVER = 3_600_000;

describe("a provider process whose operation fails", () => {
  let on: ProviderHarness;

  beforeEach(async () => (on = await startProviderHarness({ convergenceMs: FOR_EVER })));
  afterEach(() => on.close());

  async function check(provider: ProviderProcess, inputs: Properties = {}): Promise<Properties> {
    return (await provider.check({}, createInputs(inputs))).inputs;
  }

  async function captureRefusal(work: Promise<unknown>): Promise<Refusal> {
    const error: unknown = await work.then(
      () => assert.fail("it succeeded"),
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof Refusal, String(error));
    return error;
  }

  /** Resolves when the change has its response. */
  function waitForPatch(): Promise<void> {
    return new Promise((resolve) => {
      const stop = on.emulator.watch((moment, { method }) => {
        if (moment !== "after" || method !== "PATCH") return;
        stop();
        resolve();
      });
    });
  }

  it("finds its engine behind the flags for logs and traces", async () => {
    on.emulator.cloud.convergenceMs = 0;
    const flags = ["--logtostderr", "-v=11", "--tracing", "tcp://127.0.0.1:9"];
    const provider = await on.start(on.emulator.environment, ...flags);
    const { state } = await provider.create(await check(provider));
    assert.equal(state.cores, 8);
    assert.match(on.engine.rows.at(-1)?.message ?? "", /^8 cores \(32 GB\) after/);
  });

  it("ends within the timeouts of the engine's requests, which hold what transformations add", async () => {
    const provider = await on.start();
    const own = { __timeouts: { create: "40m", update: "40m" } };
    const inputs = await check(provider, own);
    const { message, kept } = await captureRefusal(provider.create(inputs, 2));
    assert.match(message, /Timed out after \ds of 2s/);
    const update = await captureRefusal(provider.update(ID, kept!.properties, inputs, 3));
    assert.match(update.message, /Timed out after \ds of 3s/);
    const destroying = await on.start();
    const state = update.kept!.properties;
    await destroying.diff(ID, state, inputs); // the first request of a process is decoded before its provider is loaded
    await assert.rejects(destroying.delete(ID, state, 4), /Timed out after \ds of 4s/);
  });

  describe("after a timeout", () => {
    const HASTY = { __timeouts: { create: "2s", update: "30s" } };
    let refusal: Refusal;
    let kept: Properties;

    beforeEach(async () => {
      const provider = await on.start();
      refusal = await captureRefusal(provider.create(await check(provider, HASTY)));
      kept = refusal.kept?.properties ?? assert.fail("nothing kept");
    });

    it("keeps the resource with the observed size and the pending change, and says why", () => {
      assert.equal(refusal.kept?.id, ID);
      assert.deepEqual(refusal.kept.reasons, [refusal.message]);
      assert.match(refusal.message, /from 2 to 8 cores\. Last observed: 2 cores/);
      const { cores, pendingCores, baselineCores, __provider } = kept;
      assert.deepEqual(
        { cores, pendingCores, baselineCores, __provider },
        { cores: 2, pendingCores: 8, baselineCores: 2, __provider: PROVIDER },
      );
    });

    it("resumes waiting in the next run, without another PATCH", async () => {
      const provider = await on.start();
      const resumed = provider.update(ID, kept, await check(provider, HASTY));
      await on.engine.waitForRow(/^2 → 8 cores, \d+s of 30s$/);
      on.emulator.cloud.setCores(ID, 8);
      const state = await resumed;
      assert.equal(on.emulator.journal.count("PATCH"), 1);
      assert.deepEqual([state.cores, state.pendingCores, state.baselineCores], [8, undefined, 2]);
    });
  });

  describe("after the CLI was killed", () => {
    it("sends no PATCH if it was not sent before", async () => {
      const provider = await on.start();
      const inputs = await check(provider);
      const gone = once(provider.child, "exit");
      const stop = on.emulator.watch((moment, { method }) => {
        if (moment === "before" && method === "GET") on.engine.kill();
      });
      await captureRefusal(provider.create(inputs));
      await gone;
      stop();
      assert.equal(on.emulator.journal.count("PATCH"), 0);
    });

    /** Resolves when the provider's process has ended. */
    async function killEngineAfterPatch(): Promise<void> {
      const provider = await on.start();
      const inputs = await check(provider);
      const gone = once(provider.child, "exit");
      const answered = waitForPatch();
      const ending = captureRefusal(provider.create(inputs));
      await answered;
      on.engine.kill();
      await gone;
      await ending;
    }

    it("does not send the PATCH again while it waits for the rate limit", async () => {
      const headers = { "X-RateLimit-Reset": "2" }; // sooner than the engine is asked without a reason
      on.emulator.faults.add({ method: "PATCH", fault: { kind: "status", status: 429, headers } });
      await killEngineAfterPatch();
      assert.equal(on.emulator.journal.count("PATCH"), 1);
    });

    it("ends during the wait", async () => {
      await killEngineAfterPatch();
      assert.equal(on.emulator.journal.count("PATCH"), 1);
    });
  });

  it("lets the next run adopt what it has sent", async () => {
    const killed = await on.start();
    const sent = waitForPatch();
    const ending = captureRefusal(killed.create(await check(killed)));
    await sent;
    await killed.end("SIGKILL");
    await ending;
    on.emulator.cloud.setCores(ID, 8);
    const next = await on.start();
    const { state } = await next.create(await check(next));
    assert.equal(on.emulator.journal.count("PATCH"), 1);
    assert.deepEqual([state.cores, state.baselineCores], [8, undefined]);
  });
});

describe("twelve resources of one run", () => {
  const COUNT = 12;
  let on: ProviderHarness;

  before(async () => (on = await startProviderHarness({ seed: createSeed(COUNT, 8) })));
  after(() => on.close());

  it("share one rate limit, and no request is refused", async () => {
    const provider = await on.start();
    await Promise.all(
      createServices(COUNT).map(async ({ id }, index) => {
        const { inputs } = await provider.check(
          {},
          createInputs({ serviceId: id, __urn: createUrn(`tenant-${index}`) }),
        );
        await provider.create(inputs);
      }),
    );
    const statuses = on.emulator.journal.entries.map(({ status }) => status);
    assert.deepEqual(statuses, Array<number>(COUNT).fill(200));
  });
});
