import assert from "node:assert/strict";
import {
  DEFAULT_KEY,
  DEFAULT_ORGANIZATION_ID,
  DEFAULT_SEED,
  DEFAULT_SERVICE_ID,
  type Emulator,
  type EmulatorOptions,
  type PipeSeed,
  startEmulator,
} from "../../emulator";
import { ServiceQueries } from "../../provider/queries/service-queries";
import { Transport } from "../../provider/cloud/transport";
import {
  ApiError,
  ArgumentsError,
  EndpointNotFoundError,
  ServiceNotAwakeError,
  SettingsError,
  TimeoutError,
} from "../../provider/errors";
import { FUNCTION_REMEDIES } from "../../functions/remedies";
import { describeError } from "../../provider/remedies";
import { FakeClock } from "../../simulation/fake-clock";
import { captureError, StandingClock } from "./client";

const SERVICE = { serviceId: DEFAULT_SERVICE_ID };
const SCALING = /clickpipesCdcScaling$/;
const FOREVER = Infinity;

const describeFailure = (error: Error) => describeError(error, FUNCTION_REMEDIES);

type Settings = Readonly<Record<string, string>>;

/** A program's process on an emulated cloud: real requests, in virtual time. */
class Program {
  readonly shown: string[] = [];
  private readonly reader: ServiceQueries;

  private constructor(
    readonly emulator: Emulator,
    readonly clock: FakeClock,
  ) {
    this.reader = new ServiceQueries(this.clock, (url, key) => {
      const transport = new Transport(url, key, new StandingClock());
      return {
        redact: (text) => transport.redact(text),
        send: (request, signal) => this.clock.hold(transport.send(request, signal)),
      };
    });
  }

  static async start(options: EmulatorOptions = {}): Promise<Program> {
    const clock = new FakeClock();
    return new Program(await startEmulator({ clock, ...options }), clock);
  }

  readScaling(args: { serviceId: string; organizationId?: string } = SERVICE, config: Settings = {}) {
    return this.clock.run(this.reader.scaling(args, this.createSurroundings(config)));
  }

  async listPipes(config: Settings = {}) {
    const { clickPipes } = await this.clock.run(
      this.reader.dbClickPipes(SERVICE, this.createSurroundings(config)),
    );
    return clickPipes;
  }

  get sent(): string[] {
    return this.emulator.journal.entries.map(({ path }) => path.split("/").at(-1) ?? "");
  }

  private createSurroundings(config: Settings) {
    const all: Settings = {
      "clickhouse:apiUrl": this.emulator.url,
      "clickhouse:tokenKey": DEFAULT_KEY.id,
      "clickhouse:tokenSecret": DEFAULT_KEY.secret,
      ...config,
    };
    return {
      config: { get: (name: string) => all[name] },
      showStatus: (status: string) => void this.shown.push(status),
    };
  }
}

describe("a function for programs", () => {
  let program: Program;
  const begin = async (options?: EmulatorOptions) => (program = await Program.start(options));
  beforeEach(() => begin());
  afterEach(async () => {
    assert.equal(program.emulator.journal.count("PATCH"), 0, "a function changes nothing");
    await program.emulator.close();
  });
  /** Begins again, on another cloud. */
  const beginAgain = async (options: EmulatorOptions) => {
    await program.emulator.close();
    return begin(options);
  };
  const beginWithPipes = (...clickPipes: PipeSeed[]) => {
    const [organization] = DEFAULT_SEED.organizations;
    const [service] = organization!.services;
    return beginAgain({
      seed: { organizations: [{ ...organization!, services: [{ ...service!, clickPipes }] }] },
    });
  };

  describe("getCdcScaling", () => {
    it("returns the size with its units and cost", async () => {
      assert.deepEqual(await program.readScaling(), {
        serviceId: DEFAULT_SERVICE_ID,
        organizationId: DEFAULT_ORGANIZATION_ID,
        cores: 2,
        replicaCpuMillicores: 2_000,
        replicaMemoryGb: 8,
        computeUnits: 1,
        usdPerHour: 0.2,
        usdPerMonth: 146,
      });
    });

    it("uses the price of the stack config", async () => {
      const { usdPerHour } = await program.readScaling(SERVICE, {
        "clickpipes:usdPerComputeUnitHour": "0.5",
      });
      assert.equal(usdPerHour, 0.5);
    });

    for (const status of [404, 400] as const) {
      it(`says what is missing if the service has no database pipe and the API responds with ${status}`, async () => {
        await beginAgain({ guesses: { statusBeforeFirstPipe: status } });
        program.emulator.cloud.removePipe(DEFAULT_SERVICE_ID, "00000000-0000-4000-9000-000000000001");
        const failure = await captureError(program.readScaling());
        assert.ok(failure instanceof EndpointNotFoundError);
        assert.match(
          describeFailure(failure),
          /has no database ClickPipe, and the endpoint exists only with one.*Create a Postgres, .*`getCdcScalingOutput` with `dependsOn`/,
        );
      });
    }

    it("distinguishes a 404 of the API from a service without a pipe", async () => {
      program.emulator.faults.add({ path: SCALING, times: FOREVER, fault: { kind: "status", status: 404 } });
      const failure = await captureError(program.readScaling());
      assert.ok(failure instanceof ApiError);
      assert.equal(failure.status, 404);
    });

    it("fails for ids that don't exist", async () => {
      const serviceId = "00000000-0000-4000-8000-0000000000ff";
      assert.match(
        describeFailure(await captureError(program.readScaling({ serviceId }))),
        /service 00000000-0000-4000-8000-0000000000ff failed: HTTP 404.*Check the ids of the service and the organization/,
      );
    });
  });

  describe("getDbClickPipes", () => {
    it("returns each database pipe with the settings of its load, sorted by name, and no other pipe", async () => {
      const settings = {
        replicationMode: "snapshot",
        initialLoadParallelism: 4,
        snapshotNumRowsPerPartition: 100_000,
        snapshotNumberOfParallelTables: 2,
      } as const;
      await beginWithPipes(
        { id: "5", name: "users", kind: "mysql", state: "Paused" },
        { id: "4", name: "events", kind: "mongodb" },
        { id: "3", name: "clicks", kind: "kafka" },
        { id: "2", name: "orders", kind: "postgres", state: "Snapshot", settings },
        { id: "1", name: "orders", kind: "bigquery", state: "Completed" },
      );
      assert.deepEqual(await program.listPipes(), [
        createPipe({ id: "4", name: "events", source: "mongodb", state: "Running", loadStatus: "done" }),
        createPipe({
          id: "1",
          name: "orders",
          source: "bigquery",
          state: "Completed",
          loadStatus: "done",
          replicationMode: "snapshot",
        }),
        createPipe({
          ...{ id: "2", name: "orders", source: "postgres", state: "Snapshot", loadStatus: "loading" },
          ...{ isInInitialLoad: true, ...settings },
        }),
        createPipe({ id: "5", name: "users", source: "mysql", state: "Paused", loadStatus: "unclear" }),
      ]);
    });

    function createPipe(properties: object) {
      return { isInInitialLoad: false, replicationMode: "cdc", ...properties };
    }

    it("returns an empty list if the service has none", async () => {
      await beginWithPipes({ id: "3", name: "clicks", kind: "kafka" });
      assert.deepEqual(await program.listPipes(), []);
    });

    it("reports a pipe without an initial load as done", async () => {
      const settings = { replicationMode: "cdc_only" } as const;
      await beginWithPipes({ id: "1", name: "orders", kind: "postgres", state: "Setup", settings });
      const [orders] = await program.listPipes();
      assert.deepEqual([orders?.loadStatus, orders?.isInInitialLoad], ["done", false]);
    });

    it("names a pipe without a name by its id, and omits undocumented values", async () => {
      const source = { mysql: { settings: { replicationMode: "new", initialLoadParallelism: null } } };
      const rewrite = () => JSON.stringify({ result: [{ id: "1", state: "Running", source }] });
      program.emulator.faults.add({ path: /clickpipes$/, fault: { kind: "rewrite", rewrite } });
      assert.deepEqual(await program.listPipes(), [
        { id: "1", name: "1", source: "mysql", state: "Running", loadStatus: "done", isInInitialLoad: false },
      ]);
    });
  });

  for (const [ask, read] of [
    ["scaling", () => program.readScaling()],
    ["pipes", () => program.listPipes()],
  ] as const) {
    it(`fails if the service is idle, and does not wake it (${ask})`, async () => {
      program.emulator.cloud.setServiceState(DEFAULT_SERVICE_ID, "idle");
      const failure = await captureError(read());
      assert.ok(failure instanceof ServiceNotAwakeError);
      assert.match(describeFailure(failure), /424 "Current state: idle".*Start or wake the service first/);
      assert.doesNotMatch(describeFailure(failure), /wakeService/);
    });
  }

  for (const [status, said] of [
    [401, /was not accepted/],
    [403, /needs the Admin role/],
  ] as const) {
    it(`fails at once with the remedy for a ${status}`, async () => {
      program.emulator.faults.add({ times: FOREVER, fault: { kind: "status", status } });
      assert.match(describeFailure(await captureError(program.readScaling())), said);
      assert.equal(program.sent.length, 1);
    });
  }

  describe("the organization of a function", () => {
    it("comes from the arguments", async () => {
      await program.readScaling({ ...SERVICE, organizationId: DEFAULT_ORGANIZATION_ID.toUpperCase() });
      assert.deepEqual(program.sent, ["clickpipesCdcScaling"]);
    });

    it("comes from the stack config", async () => {
      await program.readScaling(SERVICE, { "clickhouse:organizationId": DEFAULT_ORGANIZATION_ID });
      assert.deepEqual(program.sent, ["clickpipesCdcScaling"]);
    });

    it("is the key's only one, which is read once", async () => {
      await Promise.all([program.readScaling(), program.listPipes()]);
      await program.readScaling();
      assert.equal(program.sent.filter((part) => part === "organizations").length, 1);
    });

    it("is read again after a failure", async () => {
      program.emulator.faults.add({ path: /organizations$/, fault: { kind: "status", status: 403 } });
      await captureError(program.readScaling());
      assert.equal((await program.readScaling()).organizationId, DEFAULT_ORGANIZATION_ID);
    });
  });

  describe("a call that can't succeed sends nothing", () => {
    afterEach(() => assert.deepEqual(program.sent, []));

    it("if ids are not UUIDs, and names all of them", async () => {
      const failure = await captureError(program.readScaling({ serviceId: "a/b", organizationId: "acme" }));
      assert.ok(failure instanceof ArgumentsError);
      assert.match(
        describeFailure(failure),
        /^Calling getCdcScaling failed: serviceId is "a\/b", organizationId is "acme"\. Each id is a UUID/,
      );
    });

    it("if the service is missing", async () => {
      const failure = await captureError(program.readScaling({} as { serviceId: string }));
      assert.match(describeFailure(failure), /^Calling getCdcScaling failed: serviceId is missing\. Each id/);
    });

    it("without a key, and names the sources that it checked", async () => {
      const failure = await captureError(
        program.readScaling(SERVICE, { "clickhouse:tokenKey": "", "clickhouse:tokenSecret": "" }),
      );
      assert.ok(failure instanceof SettingsError);
      assert.match(
        failure.message,
        /^Calling getCdcScaling failed: no API key: .*CLICKHOUSE_CLOUD_API_SECRET/,
      );
    });

    it("if the price is not a number", async () => {
      const failure = await captureError(
        program.readScaling(SERVICE, { "clickpipes:usdPerComputeUnitHour": "cheap" }),
      );
      assert.match(failure.message, /clickpipes:usdPerComputeUnitHour is "cheap"/);
    });
  });

  it("retries transient errors, and shows that it does", async () => {
    program.emulator.faults.add({ path: SCALING, times: 2, fault: { kind: "status", status: 503 } });
    assert.equal((await program.readScaling()).cores, 2);
    assert.deepEqual(program.shown, Array<string>(2).fill('getCdcScaling retries: HTTP 503 "scripted"'));
  });

  it("gives up after about a minute of errors", async () => {
    program.emulator.faults.add({ path: SCALING, times: FOREVER, fault: { kind: "status", status: 503 } });
    assert.match((await captureError(program.readScaling())).message, /HTTP 503/);
    assert.equal(program.emulator.journal.filter("GET", "clickpipesCdcScaling").length, 6);
    assert.ok(program.clock.nowMs() < 100_000, `${program.clock.nowMs()} ms`);
  });

  it("waits for the rate limit, and shows that once", async () => {
    const headers = { "X-RateLimit-Reset": "7" };
    program.emulator.faults.add({ times: 2, fault: { kind: "status", status: 429, headers } });
    assert.equal((await program.readScaling()).cores, 2);
    assert.deepEqual(program.shown, ["getCdcScaling waits for the API's rate limit"]);
    assert.ok(program.clock.nowMs() >= 14_000);
  });

  it("times out after 10 minutes of refusals, and reports them", async () => {
    program.emulator.faults.add({ times: FOREVER, fault: { kind: "status", status: 429 } });
    const failure = await captureError(program.readScaling());
    assert.ok(failure instanceof TimeoutError);
    assert.match(
      failure.message,
      /^Timed out after 10m while calling getCdcScaling\. The API refused \d+ requests for its rate limit \(429\)\./,
    );
    assert.ok(program.clock.nowMs() < 10 * 60_000 + 1_000);
  });

  it("leaves no timer behind", async () => {
    await program.readScaling();
    assert.equal(program.clock.pendingTimers, 0);
  });

  it("shares the limit of 10 requests in 10 seconds with all other calls of the process", async () => {
    await Promise.all(
      Array.from({ length: 40 }, (_, index): Promise<unknown> =>
        index % 2 ? program.readScaling() : program.listPipes(),
      ),
    );
    assert.equal(program.sent.length, 41);
    assert.ok(program.emulator.journal.entries.every(({ status }) => status === 200));
  });
});
