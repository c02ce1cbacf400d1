import assert from "node:assert/strict";
import { DEFAULT_ORGANIZATION_ID, DEFAULT_SERVICE_ID, createServices } from "../../emulator";
import { UNKNOWN } from "../../provider/state/unknown";
import { type Properties, type ProviderProcess } from "../support/provider-process";
import {
  createInputs,
  PROVIDER,
  type ProviderHarness,
  startProviderHarness,
  URN,
} from "../support/provider-harness";

const ID = DEFAULT_SERVICE_ID;

describe("the provider in Pulumi's dynamic-provider process", () => {
  let on: ProviderHarness;
  let provider: ProviderProcess;
  /** What create left; a request counts here in real time, so one stands for all. */
  let stateAt8: Properties;

  before(async () => {
    on = await startProviderHarness();
    provider = await on.start();
    stateAt8 = (await provider.create(await check())).state;
  });
  beforeEach(() => {
    on.emulator.reset();
    on.engine.rows.length = 0;
  });
  after(() => on.close());

  /** The service and its state as create left them. */
  function restoreService(): Properties {
    on.emulator.cloud.setCores(ID, 8);
    return stateAt8;
  }

  async function check(inputs: Properties = {}, olds: Properties = {}): Promise<Properties> {
    const result = await provider.check(olds, createInputs(inputs));
    assert.deepEqual(result.failures, []);
    return result.inputs;
  }

  const listPatches = () => on.emulator.journal.filter("PATCH").map(({ body }) => body);
  const pickRow = ({ severity, urn, message }: (typeof on.engine.rows)[number]) => ({
    severity,
    urn,
    message,
  });

  describe("check", () => {
    afterEach(() => assert.equal(on.emulator.journal.count(), 0, "it sent a request"));

    it("adds size, units and cost for reviewers", async () => {
      const { replicaCpuMillicores, replicaMemoryGb, computeUnits, usdPerHour, usdPerMonth } = await check();
      assert.deepEqual(
        { replicaCpuMillicores, replicaMemoryGb, computeUnits, usdPerHour, usdPerMonth },
        {
          replicaCpuMillicores: 8_000,
          replicaMemoryGb: 32,
          computeUnits: 4,
          usdPerHour: 0.8,
          usdPerMonth: 584,
        },
      );
    });

    it("reports all failures at once, each with its path", async () => {
      const { failures } = await provider.check({}, createInputs({ cores: 25, serviceId: "a/b", coars: 1 }));
      assert.deepEqual(failures.map((failure) => failure.split(":")[0]).sort(), [
        "coars",
        "cores",
        "serviceId",
      ]);
    });

    it("accepts unknown values, and returns what follows from them as unknown", async () => {
      const { failures, inputs } = await provider.check(
        {},
        createInputs({ cores: UNKNOWN, serviceId: UNKNOWN }),
      );
      assert.deepEqual(failures, []);
      const { cores, serviceId, usdPerHour } = inputs;
      assert.deepEqual(
        { cores, serviceId, usdPerHour },
        { cores: UNKNOWN, serviceId: UNKNOWN, usdPerHour: UNKNOWN },
      );
    });

    it("keeps the provider's module as the program passed it", async () => {
      assert.equal((await check()).__provider, PROVIDER);
    });
  });

  describe("create", () => {
    it("changes the size with one PATCH and returns the observed size", async () => {
      const { id, state } = await provider.create(await check());
      assert.equal(id, ID);
      const { severity, urn, message, ephemeral } = on.engine.rows.at(-1) ?? assert.fail("no row");
      assert.match(message, /^8 cores \(32 GB\) after \d+s$/);
      assert.deepEqual({ severity, urn, ephemeral }, { severity: "info", urn: URN, ephemeral: true });
      assert.deepEqual(listPatches(), [{ replicaCpuMillicores: 8_000, replicaMemoryGb: 32 }]);
      const { cores, baselineCores, pendingCores, __provider } = state;
      assert.deepEqual(
        { cores, baselineCores, pendingCores, __provider },
        { cores: 8, baselineCores: 2, pendingCores: undefined, __provider: PROVIDER },
      );
    });

    it("finds the organization of the key if the program declares none", async () => {
      on.emulator.cloud.setCores(ID, 8);
      const { state } = await provider.create(await check({ organizationId: undefined }));
      assert.equal(state.organizationId, DEFAULT_ORGANIZATION_ID);
    });

    it("adopts an existing size without a PATCH and without a baseline", async () => {
      on.emulator.cloud.setCores(ID, 8);
      const { state } = await provider.create(await check());
      assert.deepEqual(listPatches(), []);
      assert.equal(state.baselineCores, undefined);
      assert.match(on.engine.rows.at(-1)?.message ?? "", /8 cores \(32 GB\) found: nothing to change/);
    });
  });

  describe("diff", () => {
    const diffCreated = async (news: Properties) => {
      const state = restoreService();
      const inputs = await check(news, state);
      on.emulator.journal.clear(); // check may read the pipes
      const answer = await provider.diff(ID, state, inputs);
      assert.equal(on.emulator.journal.count(), 0, "it sent a request");
      return answer;
    };

    it("is empty for the same inputs", async () => {
      assert.equal((await diffCreated({})).changes, "none");
    });

    it("leaves changed inputs to the engine, which shows them by name", async () => {
      const { changes, replaces } = await diffCreated({ cores: 4 });
      assert.deepEqual({ changes, replaces }, { changes: "the engine's own", replaces: [] });
    });

    it("replaces for another service, the old resource first", async () => {
      const { replaces, deleteBeforeReplace } = await diffCreated({
        serviceId: "00000000-0000-4000-8000-000000000002",
      });
      assert.deepEqual(
        { replaces, deleteBeforeReplace },
        { replaces: ["serviceId"], deleteBeforeReplace: true },
      );
    });

    it("is not empty if a change to another size is pending, and says so", async () => {
      const { changes } = await provider.diff(ID, { ...restoreService(), pendingCores: 24 }, await check());
      assert.equal(changes, "the engine's own");
      assert.deepEqual(on.engine.rows.map(pickRow), [
        {
          severity: "info",
          urn: URN,
          message: "replaces an unfinished change to 24 cores (96 GB); last observed: 8 cores (32 GB)",
        },
      ]);
    });
  });

  describe("update", () => {
    it("changes the size and keeps the baseline of the first change", async () => {
      const state = restoreService();
      const updated = await provider.update(ID, state, await check({ cores: 4 }, state));
      assert.deepEqual(listPatches(), [{ replicaCpuMillicores: 4_000, replicaMemoryGb: 16 }]);
      assert.deepEqual([updated.cores, updated.baselineCores], [4, 2]);
    });

    it("sends nothing for a setting that needs no request", async () => {
      const state = restoreService();
      const updated = await provider.update(ID, state, await check({ coresAfterDestroy: 1 }, state));
      assert.equal(on.emulator.journal.count(), 0);
      assert.equal(updated.coresAfterDestroy, 1);
    });
  });

  describe("read", () => {
    it("shows a size that somebody changed, in the inputs too", async () => {
      const state = restoreService();
      on.emulator.cloud.setCores(ID, 16);
      const read = await provider.read(ID, state);
      assert.deepEqual([read.id, read.state.cores, read.inputs.cores], [ID, 16, 16]);
      assert.deepEqual([read.state.usdPerHour, read.inputs.usdPerHour], [1.6, 1.6]);
      assert.equal(read.state.baselineCores, 2);
    });

    it("returns no id if the last database pipe was deleted", async () => {
      const state = restoreService();
      const [pipe] = createServices(1)[0]?.clickPipes ?? [];
      on.emulator.cloud.removePipe(ID, pipe?.id ?? "");
      assert.equal((await provider.read(ID, state)).id, "");
    });

    it("fails if the key has no access to the service, and does not forget it", async () => {
      const state = restoreService();
      on.emulator.faults.add({ fault: { kind: "status", status: 403 }, times: Infinity });
      await assert.rejects(provider.read(ID, state), /role/);
    });
  });

  describe("delete", () => {
    it("keeps the size if another resource of the program declares the service, as after a rename", async () => {
      await provider.delete(ID, restoreService());
      assert.equal(on.emulator.journal.count(), 0);
      assert.match(on.engine.rows[0]?.message ?? "", /another resource .* declares .* unchanged/);
    });

    it("restores the size from before the first change", async () => {
      const destroying = await on.start();
      await destroying.delete(ID, restoreService());
      assert.equal(on.emulator.cloud.getCores(ID), 2);
    });

    it("keeps an adopted size, and names its cost", async () => {
      const destroying = await on.start();
      await destroying.delete(ID, { ...restoreService(), baselineCores: undefined });
      assert.equal(on.emulator.journal.count(), 0);
      const [row] = on.engine.rows;
      assert.equal(row?.severity, "warning");
      assert.match(row.message, /keeps 8 cores \(32 GB\) at \$0\.80\/h/);
    });
  });

  describe("the output of the process", () => {
    it("names only the resource after a failure, because its own row has the message", async () => {
      const state = restoreService();
      on.emulator.faults.add({ fault: { kind: "status", status: 401 }, times: Infinity });
      const refreshing = await on.start();
      await assert.rejects(refreshing.read(ID, state));
      await refreshing.end();
      assert.equal(refreshing.output, "orders: failed; its own row has the reason\n");
    });
  });
});
