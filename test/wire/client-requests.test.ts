import assert from "node:assert/strict";
import { type Emulator, startEmulator } from "../../emulator";
import type { Client } from "../../provider/cloud/client";
import { Priority } from "../../provider/cloud/rate-limit/limiter";
import { MIN_CORES, OPENAPI_MAX_CORES, toSize } from "../../sizing";
import { findRequestErrors } from "../support/openapi/check";
import { createClient, TARGET } from "./client";

const SIZE = toSize(4);

/** Every method of the client: a new one doesn't compile without its line here. */
const CALLS: Readonly<Record<keyof Client, (client: Client) => Promise<unknown>>> = {
  getScaling: (client) => client.getScaling(TARGET, { priority: Priority.read }),
  patchScaling: (client) => client.patchScaling(TARGET, SIZE),
  getService: (client) => client.getService(TARGET),
  wakeService: (client) => client.wakeService(TARGET),
  listClickPipes: (client) => client.listClickPipes(TARGET),
  readLoadedBytes: (client) => client.readLoadedBytes(TARGET),
  getOrganization: (client) => client.getOrganization(TARGET.organizationId),
  listOrganizations: (client) => client.listOrganizations(),
};

const SERVICE = `/v1/organizations/${TARGET.organizationId}/services/${TARGET.serviceId}`;

/** What each is meant to send: a request may be a right one, and yet another one. */
const SENT: Readonly<Record<keyof Client, readonly [request: string, body?: unknown]>> = {
  getScaling: [`GET ${SERVICE}/clickpipesCdcScaling`],
  patchScaling: [`PATCH ${SERVICE}/clickpipesCdcScaling`, SIZE],
  getService: [`GET ${SERVICE}`],
  wakeService: [`PATCH ${SERVICE}/state`, { command: "awake" }],
  listClickPipes: [`GET ${SERVICE}/clickpipes`],
  readLoadedBytes: [`GET ${SERVICE}/prometheus`],
  getOrganization: [`GET /v1/organizations/${TARGET.organizationId}`],
  listOrganizations: ["GET /v1/organizations"],
};

describe("a request of the client", () => {
  let emulator: Emulator;
  let client: Client;

  before(async () => {
    emulator = await startEmulator({ rateLimit: "none", convergenceMs: 0, guesses: { maxCores: 32 } });
  });
  beforeEach(() => {
    emulator.reset();
    client = createClient(emulator.url);
  });
  after(() => emulator.close());

  for (const [method, call] of Object.entries(CALLS)) {
    it(`for ${method} is valid by ClickHouse Cloud's OpenAPI document`, async () => {
      await call(client);
      assert.deepEqual(emulator.journal.entries.flatMap(findRequestErrors), []);
    });
  }

  for (const [method, sent] of Object.entries(SENT)) {
    it(`for ${method} is the intended one, sent once`, async () => {
      await CALLS[method as keyof Client](client);
      const seen = emulator.journal.entries.map((entry) => [`${entry.method} ${entry.path}`, entry.body]);
      assert.deepEqual(seen, [[sent[0], sent[1]]]);
    });
  }

  it("for any legal size is within the document's limits", async () => {
    for (let cores = MIN_CORES; cores <= OPENAPI_MAX_CORES; cores++) {
      await client.patchScaling(TARGET, toSize(cores));
    }
    assert.equal(emulator.journal.count("PATCH"), OPENAPI_MAX_CORES);
    assert.deepEqual(emulator.journal.entries.flatMap(findRequestErrors), []);
  });
});

describe("a response of the emulator, read by the client,", () => {
  let emulator: Emulator;
  let client: Client;

  before(async () => {
    emulator = await startEmulator({ rateLimit: "none", convergenceMs: 0 });
    client = createClient(emulator.url);
  });
  after(() => emulator.close());

  it("contains the size", async () => {
    const size = await client.getScaling(TARGET, { priority: Priority.poll });
    assert.deepEqual(size, { replicaCpuMillicores: 2_000, replicaMemoryGb: 8 });
  });

  it("contains the previous size while a change is pending", async () => {
    await client.patchScaling(TARGET, SIZE);
    assert.deepEqual(await client.getScaling(TARGET, { priority: Priority.poll }), SIZE);
  });

  it("contains the service and its state", async () => {
    const { id, state } = await client.getService(TARGET);
    assert.deepEqual([id, state], [TARGET.serviceId, "running"]);
  });

  it("contains the state of a service that wakes up", async () => {
    emulator.cloud.setServiceState(TARGET.serviceId, "idle");
    await client.wakeService(TARGET);
    assert.equal((await client.getService(TARGET)).state, "awaking");
  });

  it("contains the organization", async () => {
    const { id } = await client.getOrganization(TARGET.organizationId);
    assert.equal(id, TARGET.organizationId);
  });

  it("contains the organizations of the key", async () => {
    const organizations = await client.listOrganizations();
    assert.deepEqual(
      organizations.map(({ id }) => id),
      [TARGET.organizationId],
    );
  });
});
