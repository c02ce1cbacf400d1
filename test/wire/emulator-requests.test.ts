import assert from "node:assert/strict";
import { once } from "node:events";
import { type ClientRequest, type IncomingMessage, type OutgoingHttpHeaders, request } from "node:http";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import {
  DEFAULT_KEY,
  DEFAULT_ORGANIZATION_ID,
  DEFAULT_SERVICE_ID,
  type Emulator,
  createSeed,
  startEmulator,
} from "../../emulator";
import { readSeedFile } from "../../emulator/command/seed-file";
import { toSize } from "../../sizing";
import { createFolder } from "../support/environment";

const SERVICE = `/v1/organizations/${DEFAULT_ORGANIZATION_ID}/services/${DEFAULT_SERVICE_ID}`;
const SCALING = `${SERVICE}/clickpipesCdcScaling`;
const CONTROL_CORES = `/__emulator/services/${DEFAULT_SERVICE_ID}/cores`;
const JSON_TYPE = { "content-type": "application/json" };
const MIB = 1024 * 1024;

interface RawRequest {
  readonly method?: string;
  readonly path: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string;
}

let emulator: Emulator;

/** Opens a request with any headers: `fetch` lets nobody choose Host. */
function open({ method = "GET", path, headers = {} }: RawRequest): ClientRequest {
  const authorization = `Basic ${btoa(`${DEFAULT_KEY.id}:${DEFAULT_KEY.secret}`)}`;
  return request(new URL(path, emulator.url), {
    method,
    headers: { authorization, ...headers },
    agent: false,
  });
}

async function responseTo(outgoing: ClientRequest): Promise<{ status: number; error: unknown }> {
  const [response] = (await once(outgoing, "response")) as [IncomingMessage];
  outgoing.on("error", () => undefined); // The emulator may close the connection while the rest of a body is under way.
  const body = JSON.parse(await text(response)) as { error?: unknown };
  outgoing.destroy();
  return { status: response.statusCode ?? 0, error: body.error };
}

function send(raw: RawRequest): Promise<{ status: number; error: unknown }> {
  const outgoing = open(raw);
  const response = responseTo(outgoing);
  outgoing.end(raw.body);
  return response;
}

async function statusOf(raw: RawRequest): Promise<number> {
  return (await send(raw)).status;
}

/** An emulator for each test of a group. Not a root hook: that would start one for every other file's tests too. */
function startEmulatorForEachTest(): void {
  beforeEach(async () => (emulator = await startEmulator({ rateLimit: "none", convergenceMs: 0 })));
  afterEach(() => emulator.close());
}

/** Both apps, each with a request that changes the size to 4. */
const CHANGES: Readonly<Record<string, RawRequest>> = {
  "the API": { method: "PATCH", path: SCALING, headers: JSON_TYPE, body: JSON.stringify(toSize(4)) },
  "the control API": { method: "POST", path: CONTROL_CORES, headers: JSON_TYPE, body: '{"cores":4}' },
};

for (const [app, change] of Object.entries(CHANGES)) {
  const withHeaders = (headers: OutgoingHttpHeaders) => ({
    ...change,
    headers: { ...JSON_TYPE, ...headers },
  });

  async function assertRefused(raw: RawRequest, status: number, error: RegExp): Promise<void> {
    const response = await send(raw);
    assert.equal(response.status, status);
    assert.match(String(response.error), error);
    assert.equal(emulator.cloud.getCores(DEFAULT_SERVICE_ID), 2);
    assert.equal(emulator.journal.count(), 0);
  }

  async function assertTaken(raw: RawRequest): Promise<void> {
    assert.equal(await statusOf(raw), 200);
    assert.equal(emulator.cloud.getCores(DEFAULT_SERVICE_ID), 4);
  }

  describe(`${app} of the emulator`, () => {
    startEmulatorForEachTest();

    for (const host of [
      "attacker.example",
      "127.0.0.1.attacker.example:80",
      "localhost.example",
      "127.0.0.2",
    ]) {
      it(`refuses the Host ${host}, to which a page can rebind its own name`, () =>
        assertRefused(withHeaders({ host }), 403, /127\.0\.0\.1, localhost or \[::1\] only/));
    }

    for (const host of ["localhost:4010", "LOCALHOST", "127.0.0.1:4010", "[::1]:4010"]) {
      it(`takes requests to the Host ${host}`, () => assertTaken(withHeaders({ host })));
    }

    for (const origin of ["https://attacker.example", "http://localhost:3000", "null"]) {
      it(`refuses the Origin ${origin}, which only browsers send`, () =>
        assertRefused(withHeaders({ origin }), 403, /no requests from web pages/));
    }

    for (const site of ["cross-site", "same-site", "anything"]) {
      it(`refuses Sec-Fetch-Site: ${site}, which a page causes`, () =>
        assertRefused(withHeaders({ "sec-fetch-site": site }), 403, /no requests from web pages/));
    }

    for (const site of ["none", "same-origin"]) {
      it(`takes Sec-Fetch-Site: ${site}, which no other page causes`, () =>
        assertTaken(withHeaders({ "sec-fetch-site": site })));
    }

    for (const type of [undefined, "text/plain", "application/x-www-form-urlencoded", "application/jsonp"]) {
      it(`refuses a body with ${type === undefined ? "no type" : `the type ${type}`}`, () =>
        assertRefused(
          { ...change, headers: type === undefined ? {} : { "content-type": type } },
          415,
          /JSON only/,
        ));
    }

    it("refuses a body of unknown length with no type", () =>
      assertRefused({ ...change, headers: { "transfer-encoding": "chunked" } }, 415, /JSON only/));

    it("takes JSON with a charset", () =>
      assertTaken({ ...change, headers: { "content-type": "application/json; charset=utf-8" } }));

    it("takes JSON of unknown length", () => assertTaken(withHeaders({ "transfer-encoding": "chunked" })));

    it("takes a body of 1 MiB", () => {
      const body = change.body ?? "";
      return assertTaken({ ...change, body: body + " ".repeat(MIB - body.length) });
    });

    it("refuses a body of more than 1 MiB", () => {
      const body = change.body ?? "";
      return assertRefused(
        { ...change, body: body + " ".repeat(MIB - body.length + 1) },
        413,
        /at most 1048576/,
      );
    });

    it("refuses a body that is announced as too long, before it arrives", async () => {
      const outgoing = open(withHeaders({ "content-length": 1024 * MIB }));
      outgoing.flushHeaders();
      assert.equal((await responseTo(outgoing)).status, 413);
    });

    it("refuses a body of unknown length once it is too long, without waiting for its end", async () => {
      const outgoing = open(withHeaders({ "transfer-encoding": "chunked" }));
      outgoing.write(" ".repeat(MIB + 1));
      assert.equal((await responseTo(outgoing)).status, 413);
      assert.equal(emulator.journal.count(), 0);
    });
  });
}

describe("the emulator", () => {
  startEmulatorForEachTest();

  for (const path of [SCALING, "/__emulator/journal", "/elsewhere"]) {
    it(`refuses a page's GET of ${path.split("/").at(-1)}`, async () => {
      assert.equal(await statusOf({ path, headers: { "sec-fetch-site": "cross-site" } }), 403);
      assert.equal(await statusOf({ path, headers: { host: "attacker.example" } }), 403);
    });
  }

  it("refuses a browser's question whether a page may send JSON", async () => {
    const headers = { origin: "https://attacker.example", "access-control-request-method": "PATCH" };
    assert.equal(await statusOf({ method: "OPTIONS", path: SCALING, headers }), 403);
  });

  it("needs no type for a reset and a pipe's action, which have no body", async () => {
    assert.equal(await statusOf({ method: "POST", path: "/__emulator/reset" }), 200);
    assert.equal(await statusOf({ method: "POST", path: "/__emulator/pipes/pipe-1/pause" }), 200);
  });

  it("still answers 404 for an unknown path", async () => {
    assert.equal(await statusOf({ path: "/elsewhere" }), 404);
  });
});

describe("the emulator's journal", () => {
  startEmulatorForEachTest();

  it("keeps the newest 100,000 requests and forgets those before them", async () => {
    const { journal } = emulator;
    const old = { atMs: 0, method: "GET", keyId: undefined, body: undefined, status: 200 };
    for (let number = 1; number <= 100_000; number++)
      journal.entries.push({ ...old, path: `/v1/old/${number}.` });
    await send({ path: SCALING });
    assert.equal(journal.count(), 100_000);
    assert.deepEqual([journal.count("GET", "/old/1."), journal.count("GET", "/old/2.")], [0, 1]);
    assert.equal(journal.entries.at(-1)?.path, SCALING);
    assert.equal(journal.count("GET", SCALING), 1);
  });
});

/** As JSON, which has no NaN. `1e999` is infinite. */
const ILLEGAL_CORES = ["0", "-1", "2.5", "0.5", "33", "1e999", '"4"', "true", "null", "[4]", "{}"];

describe("the emulator's control API", () => {
  startEmulatorForEachTest();

  for (const body of [
    ...ILLEGAL_CORES.map((cores) => `{"cores":${cores}}`),
    "{}",
    "null",
    "4",
    "[]",
    "{",
    "",
  ]) {
    it(`refuses ${body === "" ? "no body" : body} as a size`, async () => {
      const response = await send({ method: "POST", path: CONTROL_CORES, headers: JSON_TYPE, body });
      assert.deepEqual(response, { status: 400, error: "cores must be a whole number from 1 to 32" });
      assert.equal(emulator.cloud.getCores(DEFAULT_SERVICE_ID), 2);
    });
  }

  for (const cores of [1, 32]) {
    it(`takes ${cores} cores`, async () => {
      const body = JSON.stringify({ cores });
      assert.equal(await statusOf({ method: "POST", path: CONTROL_CORES, headers: JSON_TYPE, body }), 200);
      assert.equal(emulator.cloud.getCores(DEFAULT_SERVICE_ID), cores);
    });
  }

  it("refuses a state of a pipe that is not JSON", async () => {
    const path = `/__emulator/services/${DEFAULT_SERVICE_ID}/pipes/any/state`;
    assert.equal(await statusOf({ method: "POST", path, headers: JSON_TYPE, body: "{" }), 400);
  });
});

describe("the method setCores of the emulated cloud", () => {
  startEmulatorForEachTest();

  for (const cores of [0, -1, 33, 32.5, Infinity, -Infinity, NaN, "4", null, undefined]) {
    it(`refuses ${typeof cores === "string" ? `the string "${cores}"` : String(cores)}`, () => {
      assert.throws(
        () => emulator.cloud.setCores(DEFAULT_SERVICE_ID, cores as number),
        /above 0 and at most 32, got/,
      );
      assert.equal(emulator.cloud.getCores(DEFAULT_SERVICE_ID), 2);
    });
  }

  for (const cores of [1, 32, 2.5]) {
    it(`takes ${cores}${Number.isInteger(cores) ? "" : ", which the cloud could show although no request can set it"}`, () => {
      emulator.cloud.setCores(DEFAULT_SERVICE_ID, cores);
      assert.equal(emulator.cloud.getCores(DEFAULT_SERVICE_ID), cores);
    });
  }
});

describe("a seed file", () => {
  async function readSeed(cores: string): Promise<unknown> {
    const file = join(await createFolder(), "seed.json");
    writeFileSync(file, JSON.stringify(createSeed(1, 2)).replace('"cores":2', `"cores":${cores}`));
    return readSeedFile(file).organizations[0]?.services[0]?.cores;
  }

  for (const cores of ILLEGAL_CORES) {
    it(`with ${cores} cores is refused`, () =>
      assert.rejects(readSeed(cores), /organizations\[0\]\.services\[0\]\.cores/));
  }

  for (const cores of [1, 32])
    it(`may have ${cores} cores`, async () => assert.equal(await readSeed(`${cores}`), cores));
});

describe("a PATCH of the emulated size", () => {
  startEmulatorForEachTest();
  beforeEach(async () => {
    await emulator.close();
    emulator = await startEmulator({ rateLimit: "none", convergenceMs: 0, guesses: { maxCores: 32 } });
  });

  for (const [what, millicores, memoryGb] of [
    ["a fraction of a core", "2500", "10"],
    ["a fraction of a millicore", "4000.5", "16"],
    ["no core", "0", "0"],
    ["fewer than no cores", "-1000", "-4"],
    ["33 cores", "33000", "132"],
    ["infinite cores", "1e999", "1e999"],
    ["cores in a string", '"4000"', "16"],
    ["cores that are true", "true", "4"],
    ["cores that are null", "null", "16"],
    ["cores in a list", "[4000]", "16"],
    ["memory in a string", "4000", '"16"'],
    ["memory that is not 4 times the cores", "4000", "32"],
    ["a fraction of the memory", "4000", "16.5"],
  ]) {
    it(`is refused for ${what}`, async () => {
      const body = `{"replicaCpuMillicores":${millicores},"replicaMemoryGb":${memoryGb}}`;
      assert.equal(await statusOf({ method: "PATCH", path: SCALING, headers: JSON_TYPE, body }), 400);
      assert.equal(emulator.cloud.getCores(DEFAULT_SERVICE_ID), 2);
    });
  }
});
