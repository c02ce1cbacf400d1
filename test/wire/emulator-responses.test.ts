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
import { answerFaults } from "../support/openapi/check";

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

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly key?: { readonly id: string; readonly secret: string } | undefined;
}

interface Got {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

const READS: readonly Sent[] = [
  { method: "GET", path: "/v1/organizations" },
  { method: "GET", path: ORGANIZATION },
  { method: "GET", path: `${ORGANIZATION}/services` },
  { method: "GET", path: SERVICE },
  { method: "GET", path: `${SERVICE}/clickpipes` },
  { method: "GET", path: `${SERVICE}/clickpipes/${PIPE_ID}` },
  { method: "GET", path: SCALING },
];

const CREATED_PIPE = { name: "users", source: { mysql: { settings: { replicationMode: "snapshot" } } } };

const WRITES: readonly Sent[] = [
  { method: "POST", path: `${SERVICE}/clickpipes`, body: CREATED_PIPE },
  { method: "PATCH", path: `${SERVICE}/clickpipes/${PIPE_ID}/state`, body: { command: "resync" } },
  { method: "PATCH", path: `${SERVICE}/state`, body: { command: "awake" } },
  { method: "PATCH", path: SCALING, body: toSize(4) },
];

const ENDPOINTS = [...READS, ...WRITES];

async function ask(emulator: Emulator, sent: Sent): Promise<Got> {
  const { id, secret } = sent.key ?? DEFAULT_KEY;
  const isKeyless = "key" in sent && sent.key === undefined;
  const authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`;
  const response = await fetch(new URL(sent.path, emulator.url), {
    method: sent.method,
    headers: { "content-type": "application/json", ...(isKeyless ? {} : { authorization }) },
    ...(sent.body === undefined ? {} : { body: JSON.stringify(sent.body) }),
  });
  const body = (await response.json()) as Got["body"];
  return { status: response.status, headers: response.headers, body };
}

/** The path as a test's name shows it. */
function named({ method, path }: Sent): string {
  const ids = { [DEFAULT_ORGANIZATION_ID]: "{organization}", [DEFAULT_SERVICE_ID]: "{service}" };
  const short = Object.entries({ ...ids, [String(PIPE_ID)]: "{pipe}" }).reduce(
    (text, [id, name]) => text.replace(id, name),
    path,
  );
  return `${method} ${short}`;
}

const opened: Emulator[] = [];

async function emulatorWith(options: EmulatorOptions = {}): Promise<Emulator> {
  const emulator = await startEmulator({ rateLimit: "none", convergenceMs: 0, ...options });
  opened.push(emulator);
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

/** How each status beyond the OpenAPI document's comes about: a new one doesn't compile without its line here. */
const PROVOKED: Readonly<Record<keyof typeof ERROR_RESPONSES, Readonly<Record<string, () => Promise<Got>>>>> =
  {
    unauthorized: {
      "without a key": async () =>
        ask(await emulatorWith(), { method: "GET", path: SCALING, key: undefined }),
      "for a wrong secret": async () => {
        const key = { ...DEFAULT_KEY, secret: "wrong" };
        return ask(await emulatorWith(), { method: "GET", path: SCALING, key });
      },
      "for a key that there is not": async () => {
        const key = { ...DEFAULT_KEY, id: "unknown" };
        return ask(await emulatorWith(), { method: "GET", path: SCALING, key });
      },
    },
    forbidden: {
      "for another organization's service": async () => {
        const path = `/v1/organizations/${OTHER_ORGANIZATION_ID}/services/${OTHER_SERVICE_ID}`;
        return ask(await emulatorWith({ seed: TWO_ORGANIZATIONS }), { method: "GET", path });
      },
      "for another organization": async () => {
        const path = `/v1/organizations/${OTHER_ORGANIZATION_ID}`;
        return ask(await emulatorWith({ seed: TWO_ORGANIZATIONS }), { method: "GET", path });
      },
    },
    notFound: {
      "for a service that there is not": async () => {
        return ask(await emulatorWith(), {
          method: "GET",
          path: `${ORGANIZATION}/services/${OTHER_SERVICE_ID}`,
        });
      },
      "for another organization's service under the own organization": async () => {
        const path = `${ORGANIZATION}/services/${OTHER_SERVICE_ID}`;
        return ask(await emulatorWith({ seed: TWO_ORGANIZATIONS }), { method: "GET", path });
      },
      "for a pipe that there is not": async () => {
        return ask(await emulatorWith(), {
          method: "GET",
          path: `${SERVICE}/clickpipes/${OTHER_SERVICE_ID}`,
        });
      },
      "for a path that there is not": async () =>
        ask(await emulatorWith(), { method: "GET", path: `${SERVICE}/x` }),
      "before the first database pipe": async () => {
        const emulator = await emulatorWith();
        emulator.cloud.removePipe(DEFAULT_SERVICE_ID, String(PIPE_ID));
        return ask(emulator, { method: "GET", path: SCALING });
      },
    },
    conflict: {
      "during another change, where that is guessed": async () => {
        const emulator = await emulatorWith({
          convergenceMs: 60_000,
          clock: { now: () => 0 },
          guesses: { patchDuringChange: "conflicts" },
        });
        await ask(emulator, { method: "PATCH", path: SCALING, body: toSize(4) });
        return ask(emulator, { method: "PATCH", path: SCALING, body: toSize(8) });
      },
    },
    notAwake: {
      "to a read of an idle service's size": async () => askAsleep({ method: "GET", path: SCALING }),
      "to a change of an idle service's size": async () => {
        return askAsleep({ method: "PATCH", path: SCALING, body: toSize(4) });
      },
      "to a list of an idle service's pipes": async () => {
        return askAsleep({ method: "GET", path: `${SERVICE}/clickpipes` });
      },
      "to a read of an idle service's pipe": async () => {
        return askAsleep({ method: "GET", path: `${SERVICE}/clickpipes/${PIPE_ID}` });
      },
    },
    tooManyRequests: {
      "to an eleventh request in ten seconds": () => askTooOften(DEFAULT_KEY),
      "to an eleventh request with a wrong key": () => askTooOften({ id: DEFAULT_KEY.id, secret: "wrong" }),
    },
  };

async function askAsleep(sent: Sent): Promise<Got> {
  const emulator = await emulatorWith();
  emulator.cloud.setServiceState(DEFAULT_SERVICE_ID, "idle");
  return ask(emulator, sent);
}

/** Ten at 2 s, and the eleventh at 5.5 s. */
async function askTooOften(key: { id: string; secret: string }): Promise<Got> {
  let nowMs = 2_000;
  const emulator = await startEmulator({ clock: { now: () => nowMs } });
  opened.push(emulator);
  const sent = { method: "GET", path: "/v1/organizations", key };
  for (let count = 1; count <= 10; count++) await ask(emulator, sent);
  nowMs = 5_500;
  return ask(emulator, sent);
}

/** What is wrong with the envelope of an answer that is not 200. */
function envelopeFaults({ status, headers, body }: Got): string[] {
  const rules: Readonly<Record<string, boolean>> = {
    "the content type is JSON": headers.get("content-type")?.startsWith("application/json") === true,
    "the fields are error, requestId and status":
      Object.keys(body).sort().join() === "error,requestId,status",
    "the status is the answer's": body.status === status,
    "the error says something": typeof body.error === "string" && body.error !== "",
    "the requestId is a UUID": /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(String(body.requestId)),
  };
  return Object.entries(rules).flatMap(([rule, holds]) => (holds ? [] : [`not so: ${rule}`]));
}

/** What the emulator's service can be like when it is asked. */
const CIRCUMSTANCES: readonly ((emulator: Emulator) => void)[] = [
  () => undefined,
  ({ cloud }) => cloud.setServiceState(DEFAULT_SERVICE_ID, "idle"),
  ({ cloud }) => cloud.setServiceState(DEFAULT_SERVICE_ID, "stopped"),
  ({ cloud }) => cloud.removePipe(DEFAULT_SERVICE_ID, String(PIPE_ID)),
  ({ cloud }) => cloud.deleteService(DEFAULT_SERVICE_ID),
];

describe("the emulator's HTTP side", () => {
  afterEach(() => Promise.all(opened.splice(0).map((emulator) => emulator.close())));

  describe("an answer 200", () => {
    for (const sent of ENDPOINTS) {
      it(`to ${named(sent)} is as the OpenAPI document says`, async () => {
        const got = await ask(await emulatorWith(), sent);
        assert.equal(got.status, 200);
        assert.deepEqual(answerFaults(sent, got), []);
      });

      it(`to ${named(sent)} has the envelope, with the status in it`, async () => {
        const { body } = await ask(await emulatorWith(), sent);
        assert.deepEqual([Object.keys(body).sort(), body.status], [["requestId", "result", "status"], 200]);
      });
    }

    for (const kind of ["mysql", "mongodb", "bigquery", "kafka"] as const) {
      it(`with a ${kind} pipe is as the OpenAPI document says`, async () => {
        const emulator = await emulatorWith();
        emulator.cloud.addPipe(DEFAULT_SERVICE_ID, { id: crypto.randomUUID(), name: kind, kind });
        emulator.cloud.removePipe(DEFAULT_SERVICE_ID, String(PIPE_ID));
        const sent = { method: "GET", path: `${SERVICE}/clickpipes` };
        assert.deepEqual(answerFaults(sent, await ask(emulator, sent)), []);
      });
    }

    it("has only states of pipes that the OpenAPI document has", async () => {
      const emulator = await emulatorWith();
      for (const state of PIPE_STATES) {
        emulator.cloud.addPipe(DEFAULT_SERVICE_ID, {
          id: crypto.randomUUID(),
          name: state,
          kind: "mysql",
          state,
        });
      }
      const sent = { method: "GET", path: `${SERVICE}/clickpipes` };
      const faults = answerFaults(sent, await ask(emulator, sent));
      assert.deepEqual(
        faults.filter((fault) => fault.includes("/state")),
        [],
      );
    });

    it("has only states of services that the OpenAPI document has", async () => {
      const emulator = await emulatorWith();
      const sent = { method: "GET", path: SERVICE };
      const states: readonly ServiceState[] = ["running", "idle", "stopped", "awaking", "starting"];
      const faults: string[] = [];
      for (const state of states) {
        emulator.cloud.setServiceState(DEFAULT_SERVICE_ID, state);
        faults.push(...answerFaults(sent, await ask(emulator, sent)));
      }
      assert.deepEqual(
        faults.filter((fault) => fault.includes("/state")),
        [],
      );
    });

    it("has a requestId of its own each time", async () => {
      const emulator = await emulatorWith();
      const sent = { method: "GET", path: SCALING };
      const [first, second] = [await ask(emulator, sent), await ask(emulator, sent)];
      assert.notEqual(first.body.requestId, second.body.requestId);
    });

    it("to the largest size of the OpenAPI document is given where the emulator is told to take it", async () => {
      const emulator = await emulatorWith({ guesses: { maxCores: 32 } });
      const sent = { method: "PATCH", path: SCALING, body: toSize(32) };
      assert.equal((await ask(emulator, sent)).status, 200);
    });
  });

  describe("an answer 400", () => {
    const refused: Readonly<Record<string, Sent>> = {
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
      "a size in text": {
        method: "PATCH",
        path: SCALING,
        body: { replicaCpuMillicores: "4000", replicaMemoryGb: "16" },
      },
      "a size that is null": { method: "PATCH", path: SCALING, body: null },
      "a size without a body": { method: "PATCH", path: SCALING },
      "a command that there is not": { method: "PATCH", path: `${SERVICE}/state`, body: { command: "wake" } },
      "a state without a command": { method: "PATCH", path: `${SERVICE}/state`, body: {} },
      "a state without a body": { method: "PATCH", path: `${SERVICE}/state` },
    };

    for (const [name, sent] of Object.entries(refused)) {
      it(`is given for ${name}`, async () => {
        assert.equal((await ask(await emulatorWith(), sent)).status, 400);
      });

      it(`for ${name} is as the OpenAPI document says, and tells why`, async () => {
        const got = await ask(await emulatorWith(), sent);
        assert.deepEqual([answerFaults(sent, got), envelopeFaults(got)], [[], []]);
      });
    }

    it("for a size changes nothing", async () => {
      const emulator = await emulatorWith();
      await ask(emulator, { method: "PATCH", path: SCALING, body: toSize(25) });
      assert.equal(emulator.cloud.getCores(DEFAULT_SERVICE_ID), 2);
    });

    it("before the first database pipe, where that is guessed, is as the OpenAPI document says", async () => {
      const emulator = await emulatorWith({ guesses: { statusBeforeFirstPipe: 400 } });
      emulator.cloud.removePipe(DEFAULT_SERVICE_ID, String(PIPE_ID));
      const sent = { method: "GET", path: SCALING };
      const got = await ask(emulator, sent);
      assert.deepEqual([got.status, answerFaults(sent, got)], [400, []]);
    });
  });

  describe("an answer 500", () => {
    for (const sent of ENDPOINTS) {
      it(`to ${named(sent)}, where it is scripted, is as the OpenAPI document says`, async () => {
        const emulator = await emulatorWith();
        emulator.faults.add({ fault: { kind: "status", status: 500 } });
        const got = await ask(emulator, sent);
        assert.deepEqual([got.status, answerFaults(sent, got), envelopeFaults(got)], [500, [], []]);
      });
    }
  });

  for (const [answer, cases] of Object.entries(PROVOKED)) {
    const { error, source } = ERROR_RESPONSES[answer as keyof typeof ERROR_RESPONSES];
    const status = STATUSES[answer as keyof typeof ERROR_RESPONSES];

    describe(`an answer ${status}`, () => {
      it("says where it is known from", () => assert.match(source, /^(documented|public-code|guess)$/));

      it("is none of the OpenAPI document's", () => {
        assert.ok(!(DOCUMENTED_STATUSES as readonly number[]).includes(status));
      });

      for (const [when, provoke] of Object.entries(cases)) {
        it(`is given ${when}`, async () => {
          const got = await provoke();
          assert.equal(got.status, status, JSON.stringify(got.body));
        });

        it(`has its error in an error's envelope ${when}`, async () => {
          const got = await provoke();
          const says = String(got.body.error).startsWith(error);
          assert.deepEqual([envelopeFaults(got), says], [[], true], JSON.stringify(got.body));
        });
      }
    });
  }

  describe("an answer 424, in its error,", () => {
    for (const state of ["idle", "stopped", "awaking", "starting"] as const) {
      it(`says that the service is ${state}`, async () => {
        const emulator = await emulatorWith();
        emulator.cloud.setServiceState(DEFAULT_SERVICE_ID, state);
        const { body } = await ask(emulator, { method: "GET", path: SCALING });
        assert.equal(body.error, `Current state: ${state}`);
      });
    }
  });

  describe("an answer 429, in its headers,", () => {
    it("says in X-RateLimit-Reset in how many whole seconds the next request is accepted", async () => {
      const { headers } = await askTooOften(DEFAULT_KEY);
      assert.equal(headers.get("x-ratelimit-reset"), "7"); // the first of the ten leaves the window at 12 s
    });

    it("speaks of one key alone", async () => {
      const emulator = await emulatorWith({
        seed: TWO_ORGANIZATIONS,
        rateLimit: { requests: 1, windowMs: 10_000 },
      });
      const sent = { method: "GET", path: "/v1/organizations" };
      await ask(emulator, sent);
      assert.equal(
        (await ask(emulator, { ...sent, key: { id: "other-key", secret: "other-secret" } })).status,
        200,
      );
    });
  });

  describe("any answer", () => {
    it("has a status of the OpenAPI document or of the emulator's list", async () => {
      const known = new Set<number>(DOCUMENTED_STATUSES);
      for (const { status } of Object.values(ERROR_RESPONSES)) known.add(status);
      const unknown: string[] = [];
      for (const prepare of CIRCUMSTANCES) {
        const emulator = await emulatorWith();
        prepare(emulator);
        for (const method of ["GET", "PATCH", "POST", "PUT", "DELETE"]) {
          for (const { path } of ENDPOINTS) {
            const body = method === "GET" ? undefined : toSize(4);
            const { status } = await ask(emulator, { method, path, body });
            if (!known.has(status)) unknown.push(`${status} to ${method} ${path}`);
          }
        }
      }
      assert.deepEqual(unknown, []);
    });
  });

  describe("a pipe that is created in the emulated cloud", () => {
    const create = async (body: unknown) => {
      const emulator = await emulatorWith({ snapshotMs: 3_600_000 });
      return { emulator, ...(await ask(emulator, { method: "POST", path: `${SERVICE}/clickpipes`, body })) };
    };

    it("is one of the service's from then on, and begins with its initial load", async () => {
      const { emulator, status, body } = await create(CREATED_PIPE);
      const { id, state } = body.result as { id: string; state: string };
      assert.deepEqual([status, state], [200, "Provisioning"]);
      const { kind, replicationMode } = emulator.cloud.getPipe(DEFAULT_SERVICE_ID, id);
      assert.deepEqual([kind, replicationMode], ["mysql", "snapshot"]);
    });

    for (const [what, body] of [
      ["without a name", { source: CREATED_PIPE.source }],
      ["with an empty name", { ...CREATED_PIPE, name: "" }],
      ["without a source", { name: "users" }],
      ["with a source that there is not", { name: "users", source: { oracle: {} } }],
      ["from nothing", null],
    ] as const) {
      it(`${what} is refused`, async () => {
        const { emulator, status } = await create(body);
        assert.equal(status, 400);
        assert.equal(emulator.cloud.getService(DEFAULT_SERVICE_ID).pipes.length, 1);
      });
    }
  });
});
