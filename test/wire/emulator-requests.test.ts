import assert from "node:assert/strict";
import { once } from "node:events";
import { type ClientRequest, type IncomingMessage, type OutgoingHttpHeaders, request } from "node:http";
import { text } from "node:stream/consumers";
import {
  DEFAULT_KEY,
  DEFAULT_ORGANIZATION_ID,
  DEFAULT_SERVICE_ID,
  type Emulator,
  startEmulator,
} from "../../emulator";
import { toSize } from "../../sizing";

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
