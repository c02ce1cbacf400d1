import assert from "node:assert/strict";
import {
  createServices,
  DEFAULT_KEY,
  DEFAULT_ORGANIZATION_ID,
  DEFAULT_SERVICE_ID,
  type Emulator,
  type PipeKind,
  startEmulator,
} from "../../emulator";
import { UNREPEATED_FIELDS } from "../../emulator/http/pipe-definition";
import { toSize } from "../../sizing";
import { findRequestErrors, findResponseErrors } from "../support/openapi/check";
import document from "../support/openapi/clickpipes.json";

const SERVICE = `/v1/organizations/${DEFAULT_ORGANIZATION_ID}/services/${DEFAULT_SERVICE_ID}`;
const PIPES = `${SERVICE}/clickpipes`;
const SCALING = `${SERVICE}/clickpipesCdcScaling`;
const [SEEDED_ID] = createServices(1).flatMap(({ clickPipes = [] }) => clickPipes.map(({ id }) => id));
const SECRET = "hunter2";

const CREDENTIALS = { username: "reader", password: SECRET };
const MAPPING = { sourceSchemaName: "public", sourceTable: "users", targetTable: "users" };
const OTHER_MAPPING = { sourceSchemaName: "public", sourceTable: "items", targetTable: "items" };

interface Source {
  /** What responses repeat. */
  readonly repeated: Readonly<Record<string, unknown>>;
  readonly credentials: Readonly<Record<string, unknown>>;
}

/** A complete source of each kind. */
const SOURCES: Readonly<Record<PipeKind, Source>> = {
  postgres: {
    repeated: {
      type: "rdspostgres",
      host: "db.example",
      port: 5432,
      database: "shop",
      authentication: "basic",
      tlsHost: "db.example",
      caCertificate: "a certificate",
      settings: { replicationMode: "cdc", publicationName: "all", initialLoadParallelism: 8 },
      tableMappings: [MAPPING],
    },
    credentials: { credentials: CREDENTIALS },
  },
  mysql: {
    repeated: {
      host: "db.example",
      port: 3306,
      settings: { replicationMode: "cdc", useCompression: true },
      tableMappings: [MAPPING],
    },
    credentials: { credentials: CREDENTIALS },
  },
  mongodb: {
    repeated: {
      uri: "mongodb+srv://db.example",
      readPreference: "secondary",
      settings: { replicationMode: "cdc" },
      tableMappings: [{ sourceDatabaseName: "shop", sourceCollection: "users", targetTable: "users" }],
    },
    credentials: { credentials: CREDENTIALS },
  },
  bigquery: {
    repeated: { snapshotStagingPath: "gs://bucket/", settings: { replicationMode: "snapshot" } },
    credentials: { credentials: { serviceAccountFile: SECRET } },
  },
  kafka: {
    repeated: {
      type: "kafka",
      brokers: "kafka.example:9092",
      topics: "clicks",
      schemaRegistry: { url: "https://registry.example", authentication: "PLAIN" },
    },
    credentials: { credentials: CREDENTIALS },
  },
};

function createBody(kind: PipeKind) {
  const { repeated, credentials } = SOURCES[kind];
  return {
    name: "orders",
    source: { [kind]: { ...repeated, ...credentials }, validateSamples: false },
    destination: { database: "shop", roles: ["reader"] },
    fieldMappings: [{ sourceField: "id", destinationField: "id" }],
    settings: { clickhouse_max_threads: 4 },
  };
}

interface PipeResult {
  readonly id: string;
  readonly name: string;
  readonly source: Readonly<Record<string, unknown>>;
  readonly destination: unknown;
  readonly fieldMappings: unknown;
  readonly settings: unknown;
}

interface ReceivedResponse {
  readonly status: number;
  readonly body: { readonly result: PipeResult; readonly error?: string };
  /** What in the request and the response is not in the OpenAPI document. */
  readonly errors: readonly string[];
}

describe("the emulator's pipes over HTTP", () => {
  let emulator: Emulator;

  before(async () => (emulator = await startEmulator({ rateLimit: "none", convergenceMs: 0 })));
  beforeEach(() => emulator.reset());
  after(() => emulator.close());

  async function send(method: string, path: string, sent?: unknown): Promise<ReceivedResponse> {
    const response = await fetch(new URL(path, emulator.url), {
      method,
      headers: {
        authorization: `Basic ${btoa(`${DEFAULT_KEY.id}:${DEFAULT_KEY.secret}`)}`,
        "content-type": "application/json",
      },
      ...(sent === undefined ? {} : { body: JSON.stringify(sent) }),
    });
    const body = (await response.json()) as ReceivedResponse["body"];
    // The document has no path with a slash at its end.
    const request = { method, path: path.replace(/\/$/, ""), body: sent };
    const errors = [
      ...findRequestErrors(request),
      ...findResponseErrors(request, { status: response.status, body }),
    ];
    return { status: response.status, body, errors };
  }

  async function create(kind: PipeKind = "postgres", path = PIPES): Promise<PipeResult> {
    const { status, body, errors } = await send("POST", path, createBody(kind));
    assert.deepEqual([status, errors], [200, []]);
    return body.result;
  }

  async function read(id: string): Promise<PipeResult> {
    const { status, body, errors } = await send("GET", `${PIPES}/${id}`);
    assert.deepEqual([status, errors], [200, []]);
    return body.result;
  }

  async function patch(id: string, sent: unknown): Promise<PipeResult> {
    const { status, body, errors } = await send("PATCH", `${PIPES}/${id}`, sent);
    assert.deepEqual([status, errors], [200, []], body.error);
    return body.result;
  }

  for (const kind of Object.keys(SOURCES) as PipeKind[]) {
    it(`repeat a ${kind} source as sent, without its credentials`, async () => {
      const created = await create(kind);
      assert.deepEqual(created.source, { [kind]: SOURCES[kind].repeated });
      assert.deepEqual(await read(created.id), created);
    });
  }

  it("know every field of a request that the OpenAPI document's responses lack", () => {
    const { schemas } = document.components as unknown as { schemas: Readonly<Record<string, Schema>> };
    const listFields = (...names: readonly string[]) =>
      new Set(names.flatMap((name) => listPropertyNames(schemas, name)));
    const repeated = listFields("ClickPipe");
    const insideOfCredentials = listFields(
      "PLAIN",
      "MskIamUser",
      "ServiceAccount",
      "AzureEventHub",
      "MutualTLS",
    );
    const lacking = [...listFields("ClickPipePostRequest")].filter(
      (name) => !repeated.has(name) && !insideOfCredentials.has(name),
    );
    assert.deepEqual(lacking.sort(), [...UNREPEATED_FIELDS].sort());
  });

  it("repeat the destination without its roles, the mappings of fields and the settings", async () => {
    const { destination, fieldMappings, settings } = await create();
    const sent = createBody("postgres");
    assert.deepEqual(
      { destination, fieldMappings, settings },
      { destination: { database: "shop" }, fieldMappings: sent.fieldMappings, settings: sent.settings },
    );
  });

  it("are created with a slash at the end of the path too", async () => {
    const { id } = await create("postgres", `${PIPES}/`);
    assert.equal(emulator.cloud.getPipe(DEFAULT_SERVICE_ID, id).kind, "postgres");
  });

  it("leave out fields that were sent as null", async () => {
    const body = { ...createBody("postgres"), fieldMappings: null, settings: null };
    const response = await send("POST", PIPES, body);
    assert.ok(!("fieldMappings" in response.body.result) && !("settings" in response.body.result));
  });

  it("appear in the list as they were created", async () => {
    const created = await create();
    const { body, errors } = await send("GET", PIPES);
    assert.deepEqual(errors, []);
    assert.deepEqual((body.result as unknown as PipeResult[])[1], created);
  });

  it("keep credentials out of the journal and of its listeners", async () => {
    const seen: string[] = [];
    const stop = emulator.watch((_moment, entry) => seen.push(JSON.stringify(entry)));
    for (const kind of Object.keys(SOURCES) as PipeKind[]) await create(kind);
    await patch(String(SEEDED_ID), { source: { postgres: { credentials: CREDENTIALS } } });
    await send("POST", PIPES, {
      name: "orders",
      source: { mongodb: { uri: `mongodb://u:${SECRET}@h.example` } },
    });
    await send("POST", PIPES, {
      name: "events",
      source: { kafka: { schemaRegistry: { credentials: CREDENTIALS } } },
    });
    stop();
    const kept = JSON.stringify(emulator.journal.entries);
    assert.ok(!kept.includes(SECRET), kept);
    assert.ok(!seen.join().includes(SECRET), seen.join());
    assert.match(kept, /"credentials":"\[redacted\]".*"uri":"mongodb:\/\/\[redacted\]@h\.example"/);
  });

  it("keep credentials in a body that is not JSON out of the journal", async () => {
    const text = `{"source": {"postgres": {"credentials": {"password": "${SECRET}"`;
    await fetch(new URL(PIPES, emulator.url), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: text,
    });
    assert.equal(emulator.journal.entries.at(-1)?.body, "[redacted]");
  });

  describe("a PATCH", () => {
    it("changes the name and nothing else", async () => {
      const created = await create();
      const renamed = await patch(created.id, { name: "purchases" });
      assert.deepEqual(renamed, { ...created, name: "purchases" });
      assert.deepEqual(await read(created.id), renamed);
      assert.equal(emulator.cloud.findPipes("purchases").length, 1);
    });

    it("changes the fields and settings of the source that it has", async () => {
      const { id } = await create();
      const { source } = await patch(id, {
        source: { postgres: { host: "new.example", database: null, settings: { pullBatchSize: 500 } } },
      });
      const { repeated } = SOURCES.postgres;
      assert.deepEqual(source.postgres, {
        ...repeated,
        host: "new.example",
        settings: { ...(repeated.settings as object), pullBatchSize: 500 },
      });
    });

    it("adds and removes table mappings", async () => {
      const { id } = await create();
      const { source } = await patch(id, {
        source: { postgres: { tableMappingsToAdd: [OTHER_MAPPING], tableMappingsToRemove: [MAPPING] } },
      });
      assert.deepEqual((source.postgres as { tableMappings: unknown }).tableMappings, [OTHER_MAPPING]);
    });

    it("keeps the mapping of the same table to another target", async () => {
      const { id } = await create();
      const copy = { ...MAPPING, targetTable: "copy" };
      await patch(id, { source: { postgres: { tableMappingsToAdd: [copy] } } });
      const { source } = await patch(id, { source: { postgres: { tableMappingsToRemove: [MAPPING] } } });
      assert.deepEqual((source.postgres as { tableMappings: unknown }).tableMappings, [copy]);
    });

    it("replaces the mappings of fields, and adds settings", async () => {
      const { id } = await create();
      const fieldMappings = [{ sourceField: "a", destinationField: "b" }];
      const changed = await patch(id, { fieldMappings, settings: { clickhouse_max_insert_threads: 2 } });
      assert.deepEqual(changed.fieldMappings, fieldMappings);
      assert.deepEqual(changed.settings, { clickhouse_max_threads: 4, clickhouse_max_insert_threads: 2 });
    });

    it("changes the columns of a destination, and keeps its other fields", async () => {
      const { id } = await create("kafka");
      const columns = [{ name: "id", type: "UInt64" }];
      const { destination } = await patch(id, { destination: { columns } });
      assert.deepEqual(destination, { database: "shop", columns });
    });

    it("changes a pipe of the seed", async () => {
      const { source } = await patch(String(SEEDED_ID), { source: { postgres: { host: "new.example" } } });
      assert.deepEqual(source, { postgres: { host: "new.example", settings: { replicationMode: "cdc" } } });
    });

    it("does not change the state", async () => {
      const { id } = await create();
      const pipe = emulator.cloud.getPipe(DEFAULT_SERVICE_ID, id);
      emulator.cloud.setPipeState(DEFAULT_SERVICE_ID, id, "Snapshot");
      await patch(id, { source: { postgres: { tableMappingsToAdd: [OTHER_MAPPING] } } });
      assert.equal(pipe.getState(emulator.cloud.clock.now()), "Snapshot");
    });

    for (const [what, sent] of [
      ["an empty name", { name: "" }],
      ["a source of another kind", { source: { mysql: { host: "db.example", port: 3306 } } }],
      ["no body", undefined],
    ] as const) {
      it(`with ${what} is refused and changes nothing`, async () => {
        const created = await create();
        assert.equal((await send("PATCH", `${PIPES}/${created.id}`, sent)).status, 400);
        assert.deepEqual(await read(created.id), created);
      });
    }

    it("of an unknown pipe is answered with 404", async () => {
      assert.equal((await send("PATCH", `${PIPES}/${DEFAULT_SERVICE_ID}`, { name: "x" })).status, 404);
    });

    it("of a pipe of an idle service is answered with 424", async () => {
      emulator.cloud.setServiceState(DEFAULT_SERVICE_ID, "idle");
      assert.equal((await send("PATCH", `${PIPES}/${SEEDED_ID}`, { name: "x" })).status, 424);
    });
  });

  describe("a DELETE", () => {
    it("removes the pipe, with a response that is valid by the OpenAPI document", async () => {
      const { id } = await create();
      const { status, errors } = await send("DELETE", `${PIPES}/${id}`);
      assert.deepEqual([status, errors], [200, []]);
      assert.equal((await send("GET", `${PIPES}/${id}`)).status, 404);
    });
  });

  for (const statusBeforeFirstPipe of [404, 400] as const) {
    describe(`the size after the last database pipe was deleted, if it was ${statusBeforeFirstPipe} before the first`, () => {
      let other: Emulator;

      beforeEach(async () => {
        other = emulator;
        emulator = await startEmulator({
          rateLimit: "none",
          convergenceMs: 0,
          guesses: { statusBeforeFirstPipe },
        });
        await send("PATCH", SCALING, toSize(8));
      });

      afterEach(async () => {
        await emulator.close();
        emulator = other;
      });

      it("can't be read or changed", async () => {
        await create("kafka");
        await send("DELETE", `${PIPES}/${SEEDED_ID}`);
        assert.equal((await send("GET", SCALING)).status, statusBeforeFirstPipe);
        assert.equal((await send("PATCH", SCALING, toSize(4))).status, statusBeforeFirstPipe);
      });

      it("can be read as long as another database pipe is left", async () => {
        await create("mysql");
        await send("DELETE", `${PIPES}/${SEEDED_ID}`);
        assert.deepEqual((await send("GET", SCALING)).body.result, toSize(8));
      });

      it("is still there for the next pipe", async () => {
        await send("DELETE", `${PIPES}/${SEEDED_ID}`);
        await create("mysql");
        assert.deepEqual((await send("GET", SCALING)).body.result, toSize(8));
      });
    });
  }
});

interface Schema {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
}

/** Lists the properties of the schema with this name and of all that it refers to. */
function listPropertyNames(schemas: Readonly<Record<string, Schema>>, name: string): string[] {
  const found = new Set<Schema>();
  const visit = (schema: Schema): void => {
    if (found.has(schema)) return;
    found.add(schema);
    const { $ref, properties = {}, items, oneOf = [] } = schema;
    const inner = $ref === undefined ? undefined : schemas[$ref.replace("#/components/schemas/", "")];
    for (const next of [...Object.values(properties), ...oneOf, inner, items])
      if (next !== undefined) visit(next);
  };
  const root = schemas[name];
  assert.ok(root !== undefined, name);
  visit(root);
  return [...found].flatMap(({ properties = {} }) => Object.keys(properties));
}
