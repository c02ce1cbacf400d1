import assert from "node:assert/strict";
import {
  ERROR_RESPONSES,
  DEFAULT_KEY,
  DEFAULT_ORGANIZATION_ID,
  DEFAULT_SEED,
  DEFAULT_SERVICE_ID,
  DOCUMENTED_STATUSES,
  type Emulator,
  type EmulatorOptions,
  PIPE_STATES,
  type Seed,
  type ServiceState,
  createServices,
  startEmulator,
} from "../../emulator";
import { toSize } from "../../sizing";
import { findResponseErrors } from "../support/openapi/check";

const ORGANIZATION = `/v1/organizations/${DEFAULT_ORGANIZATION_ID}`;
const SERVICE = `${ORGANIZATION}/services/${DEFAULT_SERVICE_ID}`;
const SCALING = `${SERVICE}/clickpipesCdcScaling`;
const [PIPE_ID] = createServices(1).flatMap(({ clickPipes }) => (clickPipes ?? []).map(({ id }) => id));

const OTHER_ORGANIZATION_ID = "00000000-0000-4000-8000-0000000000b0";
const OTHER_SERVICE_ID = "00000000-0000-4000-8000-0000000000b1";
const TWO_ORGANIZATIONS: Seed = {
  organizations: [
    ...DEFAULT_SEED.organizations,
    {
      id: OTHER_ORGANIZATION_ID,
      name: "other organization",
      keys: [{ id: "other-key", secret: "other-secret" }],
      services: [{ id: OTHER_SERVICE_ID, name: "other service" }],
    },
  ],
};

interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly key?: { readonly id: string; readonly secret: string } | undefined;
}

interface ReceivedResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

const READS: readonly ApiRequest[] = [
  { method: "GET", path: "/v1/organizations" },
  { method: "GET", path: ORGANIZATION },
  { method: "GET", path: `${ORGANIZATION}/services` },
  { method: "GET", path: SERVICE },
  { method: "GET", path: `${SERVICE}/clickpipes` },
  { method: "GET", path: `${SERVICE}/clickpipes/${PIPE_ID}` },
  { method: "GET", path: SCALING },
];

const CREATED_PIPE = { name: "users", source: { mysql: { settings: { replicationMode: "snapshot" } } } };

const WRITES: readonly ApiRequest[] = [
  { method: "POST", path: `${SERVICE}/clickpipes`, body: CREATED_PIPE },
  { method: "PATCH", path: `${SERVICE}/clickpipes/${PIPE_ID}`, body: { name: "purchases" } },
  { method: "PATCH", path: `${SERVICE}/clickpipes/${PIPE_ID}/state`, body: { command: "resync" } },
  { method: "PATCH", path: `${SERVICE}/state`, body: { command: "awake" } },
  { method: "PATCH", path: SCALING, body: toSize(4) },
];

const ENDPOINTS = [...READS, ...WRITES];

async function send(emulator: Emulator, request: ApiRequest): Promise<ReceivedResponse> {
  const { id, secret } = request.key ?? DEFAULT_KEY;
  const isKeyless = "key" in request && request.key === undefined;
  const authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`;
  const response = await fetch(new URL(request.path, emulator.url), {
    method: request.method,
    headers: { "content-type": "application/json", ...(isKeyless ? {} : { authorization }) },
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
  });
  const body = (await response.json()) as ReceivedResponse["body"];
  return { status: response.status, headers: response.headers, body };
}

/** Describes the request for a test's name, with placeholders for ids. */
function describeRequest({ method, path }: ApiRequest): string {
  const ids = { [DEFAULT_ORGANIZATION_ID]: "{organization}", [DEFAULT_SERVICE_ID]: "{service}" };
  const short = Object.entries({ ...ids, [String(PIPE_ID)]: "{pipe}" }).reduce(
    (text, [id, name]) => text.replace(id, name),
    path,
  );
  return `${method} ${short}`;
}

const startedEmulators: Emulator[] = [];

async function startTestEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const emulator = await startEmulator({ rateLimit: "none", convergenceMs: 0, ...options });
  startedEmulators.push(emulator);
  return emulator;
}

const STATUSES: Readonly<Record<keyof typeof ERROR_RESPONSES, number>> = {
  unauthorized: 401,
  forbidden: 403,
  notFound: 404,
  conflict: 409,
  notAwake: 424,
  tooManyRequests: 429,
};

/** What causes each status that is not in the OpenAPI document. A new status does not compile without an entry here. */
const CAUSES: Readonly<
  Record<keyof typeof ERROR_RESPONSES, Readonly<Record<string, () => Promise<ReceivedResponse>>>>
> = {
  unauthorized: {
    "without a key": async () =>
      send(await startTestEmulator(), { method: "GET", path: SCALING, key: undefined }),
    "for a wrong secret": async () => {
      const key = { ...DEFAULT_KEY, secret: "wrong" };
      return send(await startTestEmulator(), { method: "GET", path: SCALING, key });
    },
    "for an unknown key": async () => {
      const key = { ...DEFAULT_KEY, id: "unknown" };
      return send(await startTestEmulator(), { method: "GET", path: SCALING, key });
    },
  },
  forbidden: {
    "for another organization's service": async () => {
      const path = `/v1/organizations/${OTHER_ORGANIZATION_ID}/services/${OTHER_SERVICE_ID}`;
      return send(await startTestEmulator({ seed: TWO_ORGANIZATIONS }), { method: "GET", path });
    },
    "for another organization": async () => {
      const path = `/v1/organizations/${OTHER_ORGANIZATION_ID}`;
      return send(await startTestEmulator({ seed: TWO_ORGANIZATIONS }), { method: "GET", path });
    },
  },
  notFound: {
    "for an unknown service": async () => {
      return send(await startTestEmulator(), {
        method: "GET",
        path: `${ORGANIZATION}/services/${OTHER_SERVICE_ID}`,
      });
    },
    "for another organization's service in the path of the key's organization": async () => {
      const path = `${ORGANIZATION}/services/${OTHER_SERVICE_ID}`;
      return send(await startTestEmulator({ seed: TWO_ORGANIZATIONS }), { method: "GET", path });
    },
    "for an unknown pipe": async () => {
      return send(await startTestEmulator(), {
        method: "GET",
        path: `${SERVICE}/clickpipes/${OTHER_SERVICE_ID}`,
      });
    },
    "for an unknown path": async () =>
      send(await startTestEmulator(), { method: "GET", path: `${SERVICE}/x` }),
    "before the first database pipe": async () => {
      const emulator = await startTestEmulator();
      emulator.cloud.removePipe(DEFAULT_SERVICE_ID, String(PIPE_ID));
      return send(emulator, { method: "GET", path: SCALING });
    },
  },
  conflict: {
    "during another change if changes conflict": async () => {
      const emulator = await startTestEmulator({
        convergenceMs: 60_000,
        clock: { now: () => 0 },
        guesses: { patchDuringChange: "conflicts" },
      });
      await send(emulator, { method: "PATCH", path: SCALING, body: toSize(4) });
      return send(emulator, { method: "PATCH", path: SCALING, body: toSize(8) });
    },
  },
  notAwake: {
    "to a read of an idle service's size": async () => sendToIdleService({ method: "GET", path: SCALING }),
    "to a change of an idle service's size": async () => {
      return sendToIdleService({ method: "PATCH", path: SCALING, body: toSize(4) });
    },
    "to a list of an idle service's pipes": async () => {
      return sendToIdleService({ method: "GET", path: `${SERVICE}/clickpipes` });
    },
    "to a read of an idle service's pipe": async () => {
      return sendToIdleService({ method: "GET", path: `${SERVICE}/clickpipes/${PIPE_ID}` });
    },
  },
  tooManyRequests: {
    "to an eleventh request in ten seconds": () => sendElevenRequests(DEFAULT_KEY),
    "to an eleventh request with a wrong key": () =>
      sendElevenRequests({ id: DEFAULT_KEY.id, secret: "wrong" }),
  },
};

async function sendToIdleService(request: ApiRequest): Promise<ReceivedResponse> {
  const emulator = await startTestEmulator();
  emulator.cloud.setServiceState(DEFAULT_SERVICE_ID, "idle");
  return send(emulator, request);
}

/** Sends ten requests at 2 s and the eleventh at 5.5 s. */
async function sendElevenRequests(key: { id: string; secret: string }): Promise<ReceivedResponse> {
  let nowMs = 2_000;
  const emulator = await startEmulator({ clock: { now: () => nowMs } });
  startedEmulators.push(emulator);
  const request = { method: "GET", path: "/v1/organizations", key };
  for (let count = 1; count <= 10; count++) await send(emulator, request);
  nowMs = 5_500;
  return send(emulator, request);
}

/** Returns which rules the envelope of an error response violates. */
function findEnvelopeErrors({ status, headers, body }: ReceivedResponse): string[] {
  const rules: Readonly<Record<string, boolean>> = {
    "the content type is JSON": headers.get("content-type")?.startsWith("application/json") === true,
    "the fields are error, requestId and status":
      Object.keys(body).sort().join() === "error,requestId,status",
    "the status is the same as in HTTP": body.status === status,
    "the error is not empty": typeof body.error === "string" && body.error !== "",
    "the requestId is a UUID": /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(String(body.requestId)),
  };
  return Object.entries(rules).flatMap(([rule, holds]) => (holds ? [] : [`violated: ${rule}`]));
}

/** The conditions that the service can be in when a request arrives. */
const SERVICE_CONDITIONS: readonly ((emulator: Emulator) => void)[] = [
  () => undefined,
  ({ cloud }) => cloud.setServiceState(DEFAULT_SERVICE_ID, "idle"),
  ({ cloud }) => cloud.setServiceState(DEFAULT_SERVICE_ID, "stopped"),
  ({ cloud }) => cloud.removePipe(DEFAULT_SERVICE_ID, String(PIPE_ID)),
  ({ cloud }) => cloud.deleteService(DEFAULT_SERVICE_ID),
];

describe("the emulator's HTTP API", () => {
  afterEach(() => Promise.all(startedEmulators.splice(0).map((emulator) => emulator.close())));

  describe("a 200 response", () => {
    for (const request of ENDPOINTS) {
      it(`to ${describeRequest(request)} is valid by the OpenAPI document`, async () => {
        const response = await send(await startTestEmulator(), request);
        assert.equal(response.status, 200);
        assert.deepEqual(findResponseErrors(request, response), []);
      });

      it(`to ${describeRequest(request)} has an envelope that repeats the status`, async () => {
        const { body } = await send(await startTestEmulator(), request);
        assert.deepEqual([Object.keys(body).sort(), body.status], [["requestId", "result", "status"], 200]);
      });
    }

    for (const kind of ["mysql", "mongodb", "bigquery", "kafka"] as const) {
      it(`with a ${kind} pipe is valid by the OpenAPI document`, async () => {
        const emulator = await startTestEmulator();
        emulator.cloud.addPipe(DEFAULT_SERVICE_ID, { id: crypto.randomUUID(), name: kind, kind });
        emulator.cloud.removePipe(DEFAULT_SERVICE_ID, String(PIPE_ID));
        const request = { method: "GET", path: `${SERVICE}/clickpipes` };
        assert.deepEqual(findResponseErrors(request, await send(emulator, request)), []);
      });
    }

    it("has only pipe states of the OpenAPI document", async () => {
      const emulator = await startTestEmulator();
      for (const state of PIPE_STATES) {
        emulator.cloud.addPipe(DEFAULT_SERVICE_ID, {
          id: crypto.randomUUID(),
          name: state,
          kind: "mysql",
          state,
        });
      }
      const request = { method: "GET", path: `${SERVICE}/clickpipes` };
      const errors = findResponseErrors(request, await send(emulator, request));
      assert.deepEqual(
        errors.filter((error) => error.includes("/state")),
        [],
      );
    });

    it("has only service states of the OpenAPI document", async () => {
      const emulator = await startTestEmulator();
      const request = { method: "GET", path: SERVICE };
      const states: readonly ServiceState[] = ["running", "idle", "stopped", "awaking", "starting"];
      const errors: string[] = [];
      for (const state of states) {
        emulator.cloud.setServiceState(DEFAULT_SERVICE_ID, state);
        errors.push(...findResponseErrors(request, await send(emulator, request)));
      }
      assert.deepEqual(
        errors.filter((error) => error.includes("/state")),
        [],
      );
    });

    it("has a new requestId each time", async () => {
      const emulator = await startTestEmulator();
      const request = { method: "GET", path: SCALING };
      const [first, second] = [await send(emulator, request), await send(emulator, request)];
      assert.notEqual(first.body.requestId, second.body.requestId);
    });

    it("is given for the OpenAPI document's largest size if maxCores is 32", async () => {
      const emulator = await startTestEmulator({ guesses: { maxCores: 32 } });
      const request = { method: "PATCH", path: SCALING, body: toSize(32) };
      assert.equal((await send(emulator, request)).status, 200);
    });
  });

  describe("a 400 response", () => {
    const invalidRequests: Readonly<Record<string, ApiRequest>> = {
      "a size without memory": { method: "PATCH", path: SCALING, body: { replicaCpuMillicores: 4_000 } },
      "a size whose memory does not fit": {
        method: "PATCH",
        path: SCALING,
        body: { ...toSize(4), replicaMemoryGb: 8 },
      },
      "half a core": {
        method: "PATCH",
        path: SCALING,
        body: { replicaCpuMillicores: 500, replicaMemoryGb: 2 },
      },
      "no core": { method: "PATCH", path: SCALING, body: toSize(0) },
      "more cores than documented": { method: "PATCH", path: SCALING, body: toSize(25) },
      "a size in strings": {
        method: "PATCH",
        path: SCALING,
        body: { replicaCpuMillicores: "4000", replicaMemoryGb: "16" },
      },
      "a size that is null": { method: "PATCH", path: SCALING, body: null },
      "a size without a body": { method: "PATCH", path: SCALING },
      "an unknown command": { method: "PATCH", path: `${SERVICE}/state`, body: { command: "wake" } },
      "a state without a command": { method: "PATCH", path: `${SERVICE}/state`, body: {} },
      "a state without a body": { method: "PATCH", path: `${SERVICE}/state` },
    };

    for (const [name, request] of Object.entries(invalidRequests)) {
      it(`is given for ${name}`, async () => {
        assert.equal((await send(await startTestEmulator(), request)).status, 400);
      });

      it(`for ${name} is valid by the OpenAPI document and has an error text`, async () => {
        const response = await send(await startTestEmulator(), request);
        assert.deepEqual([findResponseErrors(request, response), findEnvelopeErrors(response)], [[], []]);
      });
    }

    it("does not change the size", async () => {
      const emulator = await startTestEmulator();
      await send(emulator, { method: "PATCH", path: SCALING, body: toSize(25) });
      assert.equal(emulator.cloud.getCores(DEFAULT_SERVICE_ID), 2);
    });

    it("before the first database pipe, if the guess startsWithError so, is valid by the OpenAPI document", async () => {
      const emulator = await startTestEmulator({ guesses: { statusBeforeFirstPipe: 400 } });
      emulator.cloud.removePipe(DEFAULT_SERVICE_ID, String(PIPE_ID));
      const request = { method: "GET", path: SCALING };
      const response = await send(emulator, request);
      assert.deepEqual([response.status, findResponseErrors(request, response)], [400, []]);
    });
  });

  describe("a 500 response", () => {
    for (const request of ENDPOINTS) {
      it(`to ${describeRequest(request)}, if it is scripted, is valid by the OpenAPI document`, async () => {
        const emulator = await startTestEmulator();
        emulator.faults.add({ fault: { kind: "status", status: 500 } });
        const response = await send(emulator, request);
        assert.deepEqual(
          [response.status, findResponseErrors(request, response), findEnvelopeErrors(response)],
          [500, [], []],
        );
      });
    }
  });

  for (const [name, cases] of Object.entries(CAUSES)) {
    const { error, source } = ERROR_RESPONSES[name as keyof typeof ERROR_RESPONSES];
    const status = STATUSES[name as keyof typeof ERROR_RESPONSES];

    describe(`a ${status} response`, () => {
      it("names its source", () => assert.match(source, /^(documented|public-code|guess)$/));

      it("has a status that is not in the OpenAPI document", () => {
        assert.ok(!(DOCUMENTED_STATUSES as readonly number[]).includes(status));
      });

      for (const [when, provoke] of Object.entries(cases)) {
        it(`is given ${when}`, async () => {
          const response = await provoke();
          assert.equal(response.status, status, JSON.stringify(response.body));
        });

        it(`has an error envelope ${when}`, async () => {
          const response = await provoke();
          const startsWithError = String(response.body.error).startsWith(error);
          assert.deepEqual(
            [findEnvelopeErrors(response), startsWithError],
            [[], true],
            JSON.stringify(response.body),
          );
        });
      }
    });
  }

  describe("the error of a 424 response", () => {
    for (const state of ["idle", "stopped", "awaking", "starting"] as const) {
      it(`names the state ${state}`, async () => {
        const emulator = await startTestEmulator();
        emulator.cloud.setServiceState(DEFAULT_SERVICE_ID, state);
        const { body } = await send(emulator, { method: "GET", path: SCALING });
        assert.equal(body.error, `Current state: ${state}`);
      });
    }
  });

  describe("a 429 response", () => {
    it("has the whole seconds until the next accepted request in X-RateLimit-Reset", async () => {
      const { headers } = await sendElevenRequests(DEFAULT_KEY);
      assert.equal(headers.get("x-ratelimit-reset"), "7"); // the first of the ten leaves the window at 12 s
    });

    it("does not affect other keys", async () => {
      const emulator = await startTestEmulator({
        seed: TWO_ORGANIZATIONS,
        rateLimit: { requests: 1, windowMs: 10_000 },
      });
      const request = { method: "GET", path: "/v1/organizations" };
      await send(emulator, request);
      assert.equal(
        (await send(emulator, { ...request, key: { id: "other-key", secret: "other-secret" } })).status,
        200,
      );
    });
  });

  describe("every response", () => {
    it("has a status from the OpenAPI document or from ERROR_RESPONSES", async () => {
      const known = new Set<number>(DOCUMENTED_STATUSES);
      for (const { status } of Object.values(ERROR_RESPONSES)) known.add(status);
      const unknown: string[] = [];
      for (const prepare of SERVICE_CONDITIONS) {
        const emulator = await startTestEmulator();
        prepare(emulator);
        for (const method of ["GET", "PATCH", "POST", "PUT", "DELETE"]) {
          for (const { path } of ENDPOINTS) {
            const body = method === "GET" ? undefined : toSize(4);
            const { status } = await send(emulator, { method, path, body });
            if (!known.has(status)) unknown.push(`${status} to ${method} ${path}`);
          }
        }
      }
      assert.deepEqual(unknown, []);
    });
  });

  describe("a POST of a pipe", () => {
    const create = async (body: unknown) => {
      const emulator = await startTestEmulator({ snapshotMs: 3_600_000 });
      return { emulator, ...(await send(emulator, { method: "POST", path: `${SERVICE}/clickpipes`, body })) };
    };

    it("adds the pipe to the service and starts its initial load", async () => {
      const { emulator, status, body } = await create(CREATED_PIPE);
      const { id, state } = body.result as { id: string; state: string };
      assert.deepEqual([status, state], [200, "Provisioning"]);
      const { kind, replicationMode } = emulator.cloud.getPipe(DEFAULT_SERVICE_ID, id);
      assert.deepEqual([kind, replicationMode], ["mysql", "snapshot"]);
    });

    for (const [what, durations, state] of [
      ["is Provisioning for 30 s by default", {}, "Provisioning"],
      ["is in Setup at once if Provisioning takes no time", { provisioningMs: 0 }, "Setup"],
      ["loads at once if Setup takes no time either", { provisioningMs: 0, setupMs: 0 }, "Snapshot"],
    ] as const) {
      it(`creates a pipe that ${what}`, async () => {
        const emulator = await startTestEmulator({ clock: { now: () => 0 }, ...durations });
        const { body } = await send(emulator, {
          method: "POST",
          path: `${SERVICE}/clickpipes`,
          body: CREATED_PIPE,
        });
        assert.equal((body.result as { state: string }).state, state);
      });
    }

    for (const [what, body] of [
      ["without a name", { source: CREATED_PIPE.source }],
      ["with an empty name", { ...CREATED_PIPE, name: "" }],
      ["without a source", { name: "users" }],
      ["with an unknown source", { name: "users", source: { oracle: {} } }],
      ["without a body", null],
    ] as const) {
      it(`${what} is refused`, async () => {
        const { emulator, status } = await create(body);
        assert.equal(status, 400);
        assert.equal(emulator.cloud.getService(DEFAULT_SERVICE_ID).pipes.length, 1);
      });
    }
  });
});
