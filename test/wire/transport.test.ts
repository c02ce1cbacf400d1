import assert from "node:assert/strict";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import dns from "node:dns";
import { createServer as createTcpServer } from "node:net";
import type { ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import { DEFAULT_KEY, type Emulator, type Fault, startEmulator } from "../../emulator";
import type { Client } from "../../provider/cloud/client";
import { Transport } from "../../provider/cloud/transport";
import { Priority } from "../../provider/cloud/rate-limit/limiter";
import {
  ApiError,
  isTransient,
  mayHaveTakenEffect,
  NoResponseError,
  ServiceNotAwakeError,
} from "../../provider/errors";
import { describeError } from "../../provider/remedies";
import { toSize } from "../../sizing";
import {
  answerJson,
  createClient,
  captureError,
  createKey,
  KEY,
  listen,
  LocalServer,
  getOrigin,
  type Recorded,
  SkippingClock,
  StandingClock,
  TARGET,
} from "./client";

const MIB = 1024 * 1024;
const READING = `Reading the ClickPipes size of service ${TARGET.serviceId} failed`;
const SETTING = `Setting the ClickPipes size of service ${TARGET.serviceId} to 4 cores failed`;
const RIGHT = { status: 200, requestId: crypto.randomUUID(), result: toSize(2) };

function read(client: Client, signal?: AbortSignal): Promise<unknown> {
  return client.getScaling(TARGET, { priority: Priority.read }, signal && { signal });
}

function write(client: Client): Promise<unknown> {
  return client.patchScaling(TARGET, toSize(4));
}

async function captureNoResponse(request: Promise<unknown>): Promise<NoResponseError> {
  const error = await captureError(request);
  assert.ok(error instanceof NoResponseError, String(error));
  return error;
}

describe("a failure of the program's own environment", () => {
  it("is thrown as it is, so that nothing retries it or blames the network", async () => {
    const transport = new Transport(new URL("http://127.0.0.1:1/v1"), KEY, new StandingClock());
    const request = { method: "NOT A METHOD" as "GET", path: ["organizations"], operation: "reading" };
    const error = await captureError(transport.send(request));
    assert.ok(error instanceof TypeError && !isTransient(error), String(error));
  });
});

describe("the client over HTTP", () => {
  const opened: { close(): Promise<void> }[] = [];
  afterEach(() => Promise.all(opened.splice(0).map((server) => server.close())));

  async function startServer(
    answer: (response: ServerResponse, request: Recorded) => void,
  ): Promise<LocalServer> {
    const server = await LocalServer.start(answer);
    opened.push(server);
    return server;
  }

  async function startFaultyEmulator(...faults: Fault[]): Promise<Emulator> {
    const emulator = await startEmulator({ rateLimit: "none", convergenceMs: 0 });
    opened.push(emulator);
    for (const fault of faults) emulator.faults.add({ fault });
    return emulator;
  }

  async function createFaultyClient(...faults: Fault[]): Promise<Client> {
    return createClient((await startFaultyEmulator(...faults)).url);
  }

  /** A server that sends these bytes, then closes the connection. */
  async function startRawServer(bytes: string): Promise<string> {
    const server = createTcpServer((socket) => {
      socket.on("error", () => undefined);
      socket.once("data", () => socket.end(bytes));
    });
    await listen(server);
    opened.push({ close: () => new Promise((resolve) => server.close(() => resolve())) });
    return `${getOrigin(server)}/v1`;
  }

  /** An address of this machine without a server. */
  async function findClosedOrigin(): Promise<string> {
    const server = createTcpServer();
    await listen(server);
    const origin = getOrigin(server);
    await new Promise((resolve) => server.close(resolve));
    return origin;
  }

  describe("sends", () => {
    async function captureRequest(call: (client: Client) => Promise<unknown>): Promise<Recorded> {
      const server = await startServer((response) => answerJson(response, 200, RIGHT));
      await call(createClient(server.url));
      return server.requests[0] ?? assert.fail("no request");
    }

    it("the key as Basic authorization", async () => {
      const { headers } = await captureRequest(read);
      const pair = Buffer.from(`${DEFAULT_KEY.id}:${DEFAULT_KEY.secret}`).toString("base64");
      assert.equal(headers.authorization, `Basic ${pair}`);
    });

    it("a key with non-ASCII characters as UTF-8", async () => {
      const server = await startServer((response) => answerJson(response, 200, RIGHT));
      await read(createClient(server.url, { key: createKey({ secret: "ключ:é" }) }));
      const [, encoded = ""] = server.requests[0]?.headers.authorization?.split(" ") ?? [];
      assert.equal(Buffer.from(encoded, "base64").toString("utf8"), `${KEY.id}:ключ:é`);
    });

    it("the JSON type that it accepts", async () =>
      assert.equal((await captureRequest(read)).headers.accept, "application/json"));

    it("its name as user agent", async () =>
      assert.equal((await captureRequest(read)).headers["user-agent"], "pulumi-clickpipes"));

    it("a body as JSON", async () =>
      assert.deepEqual(JSON.parse((await captureRequest(write)).body), toSize(4)));

    it("a body with JSON's content type", async () => {
      assert.equal((await captureRequest(write)).headers["content-type"], "application/json");
    });

    it("no body with a read", async () => {
      const { body, headers } = await captureRequest(read);
      assert.deepEqual([body, headers["content-type"]], ["", undefined]);
    });

    it("its path below the address, with or without a final slash", async () => {
      const server = await startServer((response) => answerJson(response, 200, { result: [] }));
      for (const below of ["/v1", "/v1/", "/gateway/v1//"]) {
        await createClient(server.origin + below).listOrganizations();
      }
      const paths = server.requests.map(({ url }) => url);
      assert.deepEqual(paths, ["/v1/organizations", "/v1/organizations", "/gateway/v1/organizations"]);
    });

    for (const [id, inPath] of [
      ["a/b", "a%2Fb"],
      ["../../keys", "..%2F..%2Fkeys"],
      ["a?b#c", "a%3Fb%23c"],
      ["a b%2F", "a%20b%252F"],
    ] as const) {
      it(`the id "${id}" as one part of the path`, async () => {
        const server = await startServer((response) =>
          answerJson(response, 200, { result: { id, state: "x" } }),
        );
        await createClient(server.url).getService({ organizationId: "o", serviceId: id });
        assert.equal(server.requests[0]?.url, `/v1/organizations/o/services/${inPath}`);
      });
    }

    for (const id of [".", ".."]) {
      it(`nothing for the id "${id}", which would be another path`, async () => {
        const server = await startServer((response) =>
          answerJson(response, 200, { result: { id, state: "x" } }),
        );
        const call = createClient(server.url).getService({ organizationId: id, serviceId: "s" });
        await call.catch(() => undefined); // to refuse such an id is as good
        const elsewhere = server.requests.filter(
          ({ url }) => !/^\/v1\/organizations\/[^/]+\/services\/s$/.test(url ?? ""),
        );
        assert.deepEqual(
          elsewhere.map(({ url }) => url),
          [],
        );
      });
    }
  });

  describe("a redirect", () => {
    for (const status of [301, 302, 303, 307, 308]) {
      it(`with ${status} is not followed`, async () => {
        const other = await startServer((response) => answerJson(response, 200, RIGHT));
        const server = await startServer((response) => {
          response.writeHead(status, { location: `${other.url}/organizations` }).end();
        });
        await read(createClient(server.url)).catch(() => undefined);
        assert.deepEqual([server.requests.length, other.requests], [1, []]);
      });
    }

    it("to the same address is not followed", async () => {
      const server = await startServer((response) =>
        response.writeHead(307, { location: "/v1/other" }).end(),
      );
      await write(createClient(server.url)).catch(() => undefined);
      assert.equal(server.requests.length, 1);
    });

    it("is an error with its status, and the message says that it was not followed", async () => {
      const server = await startServer((response) =>
        response.writeHead(302, { location: "/v1/other" }).end(),
      );
      const error = await captureError(read(createClient(server.url)));
      assert.ok(error instanceof ApiError);
      assert.match(describeError(error), /HTTP 302.*Redirects are not followed.*Check the API address/);
    });
  });

  describe("a response", () => {
    /** A valid response with that many bytes. */
    const createPadding = (bytes: number) => (body: string) => body + " ".repeat(bytes - body.length);

    it("of 1 MiB is read", async () => {
      const client = await createFaultyClient({ kind: "rewrite", rewrite: createPadding(MIB) });
      assert.deepEqual(await read(client), toSize(2));
    });

    it("of 1 byte more is rejected", async () => {
      const error = await captureNoResponse(
        read(await createFaultyClient({ kind: "rewrite", rewrite: createPadding(MIB + 1) })),
      );
      assert.match(
        error.message,
        new RegExp(`^${READING}: HTTP 200, but the response could not be read .*over limit`),
      );
    });

    it("of 50 MiB is rejected", async () => {
      const error = await captureNoResponse(
        read(await createFaultyClient({ kind: "huge", bytes: 50 * MIB })),
      );
      assert.match(
        error.message,
        new RegExp(`^${READING}: HTTP 200, but the response could not be read .*over limit`),
      );
    });

    it("that exceeds 1 MiB only when it is decompressed is rejected", async () => {
      const packed = gzipSync(JSON.stringify(RIGHT) + " ".repeat(5 * MIB));
      assert.ok(packed.length < MIB / 10);
      const server = await startServer((response) => {
        response
          .writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" })
          .end(packed);
      });
      const error = await captureNoResponse(read(createClient(server.url)));
      assert.match(error.message, /over limit/);
    });

    it("with unknown fields is read", async () => {
      const rewrite = (body: string) => body.replace('"result":{', '"new":1,"result":{"newer":[],');
      assert.deepEqual(await read(await createFaultyClient({ kind: "rewrite", rewrite })), toSize(2));
    });

    const unreadable: Readonly<Record<string, readonly [rewrite: (body: string) => string, where: RegExp]>> =
      {
        "that is cut": [(body) => body.slice(0, body.length / 2), /: body: /],
        "that is empty": [() => "", /: body: /],
        "that is a web page": [() => "<html><body>Sign in</body></html>", /: body: /],
        "that is null": [() => "null", /: body: /],
        "that is a list": [() => "[]", /: body: /],
        "without a result": [() => '{"status":200}', /: result: /],
        "whose number is a text": [
          (body) => body.replace(/"replicaCpuMillicores":(\d+)/, '"replicaCpuMillicores":"$1"'),
          /: result\.replicaCpuMillicores: /,
        ],
        "whose number is null": [
          (body) => body.replace(/"replicaMemoryGb":\d+/, '"replicaMemoryGb":null'),
          /: result\.replicaMemoryGb: /,
        ],
        "whose size is negative": [
          (body) => body.replace(/"replicaMemoryGb":/, '"replicaMemoryGb":-'),
          /: result\.replicaMemoryGb: /,
        ],
      };

    for (const [name, [rewrite, where]] of Object.entries(unreadable)) {
      it(`${name} is rejected with the request and the position`, async () => {
        const { message } = await captureNoResponse(
          read(await createFaultyClient({ kind: "rewrite", rewrite })),
        );
        assert.ok(message.startsWith(`${READING}: HTTP 200 with an unexpected body: `), message);
        assert.match(message, where);
      });

      it(`${name} may succeed if it is retried`, async () => {
        assert.ok(
          isTransient(await captureNoResponse(read(await createFaultyClient({ kind: "rewrite", rewrite })))),
        );
      });
    }

    it("with wrong types is rejected with its request ID", async () => {
      const server = await startServer((response) =>
        answerJson(response, 200, { ...RIGHT, result: 7, requestId: "r-1" }),
      );
      assert.match((await captureNoResponse(read(createClient(server.url)))).message, /\(request ID r-1\)/);
    });

    it("to a write may have any body", async () => {
      const client = await createFaultyClient({ kind: "rewrite", rewrite: () => "not JSON" });
      await assert.doesNotReject(write(client));
    });
  });

  describe("a connection that breaks", () => {
    const before: Fault = { kind: "reset", when: "before" };
    const middle: Fault = { kind: "reset", when: "middle" };

    it("before a response is an error that names the request", async () => {
      const { message } = await captureNoResponse(read(await createFaultyClient(before)));
      assert.ok(message.startsWith(`${READING}: no response (`), message);
    });

    it("before a response is an error that names the address", async () => {
      const emulator = await startFaultyEmulator(before);
      const message = describeError(await captureNoResponse(read(createClient(emulator.url))));
      assert.match(
        message,
        new RegExp(`Check the network, HTTPS_PROXY and the address ${new URL(emulator.url).origin}`),
      );
    });

    it("before a response leaves open whether a write took effect", async () => {
      assert.equal((await captureNoResponse(write(await createFaultyClient(before)))).outcome, "unknown");
    });

    it("in the middle of a response is an error that names the request", async () => {
      const { message } = await captureNoResponse(read(await createFaultyClient(middle)));
      assert.ok(message.startsWith(`${READING}: HTTP 200, but the response could not be read (`), message);
    });

    it("in the middle of a response 200 means that a write was accepted", async () => {
      assert.equal((await captureNoResponse(write(await createFaultyClient(middle)))).outcome, "taken");
    });

    it("in the middle of a response 500 leaves open whether a write took effect", async () => {
      const url = await startRawServer("HTTP/1.1 500 No\r\ncontent-length: 100\r\n\r\n{");
      assert.equal((await captureNoResponse(write(createClient(url)))).outcome, "unknown");
    });

    for (const [name, framing] of [
      ["of a known length", "content-length: 1000\r\n\r\n"],
      ["in chunks", "transfer-encoding: chunked\r\n\r\n6a\r\n"],
    ] as const) {
      it(`in the middle of a response ${name} is an error, even after complete JSON`, async () => {
        const url = await startRawServer(`HTTP/1.1 200 OK\r\n${framing}${JSON.stringify(RIGHT)}`);
        assert.match((await captureNoResponse(read(createClient(url)))).message, /could not be read/);
      });
    }

    it("between the last chunk and the end of a response is an error", async () => {
      const body = JSON.stringify(RIGHT);
      const chunk = `${body.length.toString(16)}\r\n${body}\r\n`;
      const url = await startRawServer(`HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${chunk}`);
      assert.match((await captureNoResponse(read(createClient(url)))).message, /could not be read/);
    });

    it("in any way may succeed if it is retried", async () => {
      const errors = [];
      for (const fault of [before, middle])
        errors.push(await captureNoResponse(read(await createFaultyClient(fault))));
      assert.deepEqual(errors.map(isTransient), [true, true]);
    });

    it("is not retried by the client itself", async () => {
      const emulator = await startFaultyEmulator(before);
      await write(createClient(emulator.url)).catch(() => undefined);
      assert.equal(emulator.journal.count("PATCH"), 1);
    });
  });

  describe("a connection that is refused", () => {
    it("means that a write was not sent", async () => {
      const error = await captureNoResponse(write(createClient(`${await findClosedOrigin()}/v1`)));
      assert.deepEqual([error.outcome, mayHaveTakenEffect(error)], ["not-sent", false]);
    });

    it("is an error with the request and the reason", async () => {
      const { message } = await captureNoResponse(write(createClient(`${await findClosedOrigin()}/v1`)));
      assert.match(message, new RegExp(`^${SETTING}: no response \\(.*ECONNREFUSED`));
    });

    it("is an error with the connection's error and its code as cause", async () => {
      const { cause } = await captureNoResponse(write(createClient(`${await findClosedOrigin()}/v1`)));
      assert.ok(cause instanceof Error);
      assert.equal("code" in cause && cause.code, "ECONNREFUSED");
    });

    it("at a name with two addresses means that a write was not sent", async () => {
      const { port } = new URL(await findClosedOrigin());
      const error = await runWithTwoAddresses(() =>
        captureNoResponse(write(createClient(`http://localhost:${port}/v1`))),
      );
      assert.equal(error.outcome, "not-sent");
    });

    it("at a name with two addresses is an error with the reason", async () => {
      const { port } = new URL(await findClosedOrigin());
      const error = await runWithTwoAddresses(() =>
        captureNoResponse(write(createClient(`http://localhost:${port}/v1`))),
      );
      assert.match(error.message, /ECONNREFUSED/);
    });
  });

  describe("a server that doesn't speak HTTP", () => {
    it("is an error that names the request", async () => {
      const { message } = await captureNoResponse(
        read(createClient(await startRawServer("SSH-2.0-OpenSSH_9.6\r\n"))),
      );
      assert.ok(message.startsWith(`${READING}: no response (`), message);
    });
  });

  describe("a response that doesn't arrive within 35 s", () => {
    /** The failure of a request whose time limit runs out when the server holds it. */
    async function captureTimeout(fault: Fault, call: (client: Client) => Promise<unknown>) {
      const emulator = await startFaultyEmulator(fault);
      const limits = new StandingClock();
      const failure = captureNoResponse(call(createClient(emulator.url, { limits })));
      await new Promise<void>((resolve) => emulator.watch((moment) => moment === "after" && resolve()));
      const sleeping = limits.sleeping;
      limits.endSleeps();
      return { error: await failure, sleeping };
    }

    it("is an error", async () => {
      const { error, sleeping } = await captureTimeout({ kind: "silence" }, read);
      assert.ok(error.message.startsWith(`${READING}: no complete response within 35 s.`), error.message);
      assert.deepEqual(sleeping, [35_000]);
    });

    it("leaves open whether a write took effect", async () => {
      assert.equal((await captureTimeout({ kind: "silence" }, write)).error.outcome, "unknown");
    });

    it("stops its timer if it arrives in time", async () => {
      const limits = new StandingClock();
      await read(createClient((await startFaultyEmulator()).url, { limits }));
      assert.deepEqual(limits.sleeping, []);
    });
  });

  describe("a response that starts and doesn't end within 35 s", () => {
    /** Resolves when the client has the head of the response. */
    async function captureCutOff(call: (client: Client) => Promise<unknown>): Promise<NoResponseError> {
      const limits = new StandingClock();
      const server = await startServer((response) => {
        response.writeHead(200, { "content-type": "application/json" });
        response.write('{"status":200,');
      });
      const head = waitForHead();
      const failure = captureNoResponse(call(createClient(server.url, { limits })));
      await head;
      limits.endSleeps();
      return failure;
    }

    it("is an error", async () => {
      const { message } = await captureCutOff(read);
      assert.match(message, /no complete response within 35 s/);
    });

    it("means that a write was accepted", async () =>
      assert.equal((await captureCutOff(write)).outcome, "taken"));
  });

  describe("an abort", () => {
    it("during a request leaves its outcome open", async () => {
      const emulator = await startFaultyEmulator({ kind: "silence" });
      const stop = new AbortController();
      const failure = captureNoResponse(read(createClient(emulator.url), stop.signal));
      await new Promise<void>((resolve) => emulator.watch((moment) => moment === "after" && resolve()));
      stop.abort(new Error("enough"));
      assert.equal((await failure).outcome, "unknown");
    });

    it("before a request prevents it", async () => {
      const emulator = await startFaultyEmulator();
      await read(createClient(emulator.url), AbortSignal.abort(new Error("enough"))).catch(() => undefined);
      assert.equal(emulator.journal.count(), 0);
    });
  });

  describe("a secret in a response", () => {
    const secret = "s3cr3t-that-nobody-may-see";
    const key = createKey({ secret });
    const encoded = Buffer.from(`${key.id}:${secret}`).toString("base64");
    const echoes: Readonly<Record<string, (response: ServerResponse, header: string) => void>> = {
      "on a web page": (response, header) =>
        response.writeHead(500, { "content-type": "text/html" }).end(`<pre>${header} ${secret}</pre>`),
      "in an error's text": (response, header) =>
        answerJson(response, 500, { status: 500, error: `${header} ${secret}` }),
      "in a refusal": (response, header) =>
        answerJson(response, 401, { error: `no such key: ${header} ${secret}` }),
      "in a 424": (response, header) => answerJson(response, 424, { error: `${header} ${secret}` }),
      "in an error's requestId": (response, header) =>
        answerJson(response, 500, { error: "no", requestId: `${header} ${secret}` }),
      "in a JSON error of another form": (response, header) =>
        answerJson(response, 500, { headers: { authorization: header }, password: secret }),
      "in the fields of a JSON error": (response, header) =>
        answerJson(response, 500, { [secret]: { [header]: 1 } }),
      "in the text of an answer 200 of a wrong type": (response, header) =>
        answerJson(response, 200, { ...RIGHT, result: `${header} ${secret}` }),
      "in the requestId of an answer 200 of a wrong type": (response, header) =>
        answerJson(response, 200, { result: 1, requestId: `${header} ${secret}` }),
      "in the reason of a status": (response, header) => {
        response.writeHead(500, `${header} ${secret}`).end();
      },
      "in a redirect's address": (response, header) => {
        response.writeHead(302, { location: `/v1/${encodeURIComponent(header)}?${secret}` }).end();
      },
      "in an answer that breaks off": (response, header) => {
        response.writeHead(200, { "content-length": "1000" });
        response.write(`${header} ${secret}`, () => response.destroy());
      },
    };

    for (const [where, echo] of Object.entries(echoes)) {
      it(`${where} is not shown`, async () => {
        const server = await startServer((response, { headers }) =>
          echo(response, String(headers.authorization)),
        );
        const error = await captureError(read(createClient(server.url, { key })));
        const shown = `${error.message} ${JSON.stringify(error)} ${error.stack}`;
        assert.deepEqual([shown.includes(secret), shown.includes(encoded)], [false, false], shown);
      });
    }

    it("escaped in JSON is not shown", async () => {
      const odd = 'quo"ted\\secret';
      const server = await startServer((response) => answerJson(response, 500, { password: odd }));
      const { message } = await captureError(
        read(createClient(server.url, { key: createKey({ secret: odd }) })),
      );
      assert.ok(!message.includes(JSON.stringify(odd).slice(1, -1)), message);
    });

    for (const [id, shown] of [
      ["key1", "no key [redacted] here"],
      ["key", "no key key here"],
    ] as const) {
      it(`of a key with the id ${id} is shown as "${shown}"`, async () => {
        const server = await startServer((response) =>
          answerJson(response, 400, { error: `no key ${id} here` }),
        );
        const { message } = await captureError(read(createClient(server.url, { key: createKey({ id }) })));
        assert.ok(message.includes(`"${shown}"`), message);
      });
    }

    it("does not hide the rest of the error", async () => {
      const server = await startServer((response) =>
        answerJson(response, 500, { error: `key ${secret} is odd` }),
      );
      assert.match(
        (await captureError(read(createClient(server.url, { key })))).message,
        /"key \[redacted\] is odd"/,
      );
    });
  });

  describe("a 429", () => {
    /** A read that is refused first; how long it took, and how many requests. */
    async function callRefusedOnce(headers: Readonly<Record<string, string>>, call = read) {
      const emulator = await startFaultyEmulator({ kind: "status", status: 429, headers });
      const clock = new SkippingClock();
      const value = await call(createClient(emulator.url, { clock }));
      return { value, elapsedMs: clock.elapsedMs, requests: emulator.journal.count() };
    }

    it("is retried, and the response returned", async () => {
      const { value, requests } = await callRefusedOnce({ "X-RateLimit-Reset": "7" });
      assert.deepEqual([value, requests], [toSize(2), 2]);
    });

    it("is retried when X-RateLimit-Reset allows", async () => {
      assert.equal((await callRefusedOnce({ "X-RateLimit-Reset": "25" })).elapsedMs, 25_000);
    });

    it("is retried when Retry-After allows", async () => {
      assert.equal((await callRefusedOnce({ "Retry-After": "25" })).elapsedMs, 25_000);
    });

    it("without a header is retried after the documented 10 s", async () => {
      assert.equal((await callRefusedOnce({})).elapsedMs, 10_000);
    });

    it("is retried for a write too", async () => {
      assert.equal((await callRefusedOnce({ "X-RateLimit-Reset": "1" }, write)).requests, 2);
    });

    it("with a web page is retried too", async () => {
      const emulator = await startFaultyEmulator({ kind: "status", status: 429, body: "<h1>Slow down</h1>" });
      assert.deepEqual(await read(createClient(emulator.url)), toSize(2));
    });

    it("is retried until another response comes", async () => {
      const emulator = await startFaultyEmulator();
      const headers = { "X-RateLimit-Reset": "3" };
      emulator.faults.add({ times: 5, fault: { kind: "status", status: 429, headers } });
      assert.deepEqual(await read(createClient(emulator.url)), toSize(2));
    });

    it("is not retried after an abort", async () => {
      const emulator = await startFaultyEmulator();
      emulator.faults.add({ times: Infinity, fault: { kind: "status", status: 429 } });
      const stop = new AbortController();
      emulator.watch(() => emulator.journal.count() === 3 && stop.abort(new Error("enough")));
      await captureError(read(createClient(emulator.url), stop.signal));
      assert.equal(emulator.journal.count(), 3);
    });
  });

  describe("an error response", () => {
    const createStatusFault = (status: number, body?: string): Fault => ({
      kind: "status",
      status,
      ...(body === undefined ? {} : { body }),
    });

    async function captureRefusal(status: number, key = KEY): Promise<Error> {
      return captureError(
        read(createClient((await startFaultyEmulator(createStatusFault(status))).url, { key })),
      );
    }

    for (const status of [400, 401, 403, 404, 409, 418, 500, 503]) {
      it(`with ${status} is an error with that status`, async () => {
        const error = await captureRefusal(status);
        assert.ok(error instanceof ApiError, String(error));
        assert.equal(error.status, status);
      });

      it(`with ${status} is an error with the request and the response`, async () => {
        const { message } = await captureRefusal(status);
        // The body of a response that refuses the key is not shown: it may repeat the key.
        const body = status === 401 || status === 403 ? "" : ' "scripted"';
        assert.ok(message.startsWith(`${READING}: HTTP ${status}${body} (request ID `), message);
      });
    }

    it("is an error with the request ID of the response", async () => {
      const body = JSON.stringify({ status: 500, error: "no", requestId: "req-42" });
      const error = await captureError(read(await createFaultyClient(createStatusFault(500, body))));
      assert.match(error.message, /^[^(]*\(request ID req-42\)\.$/);
    });

    it("without a request ID is an error without one", async () => {
      const error = await captureError(
        read(await createFaultyClient(createStatusFault(500, '{"error":"no"}'))),
      );
      assert.doesNotMatch(error.message, /request ID/);
    });

    it("with a web page is an error that shows nothing of the page", async () => {
      const error = await captureError(
        read(await createFaultyClient(createStatusFault(502, "<html>Bad gateway</html>"))),
      );
      assert.match(error.message, /: HTTP 502\.$/);
    });

    it("with many lines is an error with one line, truncated", async () => {
      const body = JSON.stringify({ error: "line\n".repeat(200) });
      const { message } = await captureError(read(await createFaultyClient(createStatusFault(500, body))));
      assert.ok(!message.includes("\n") && message.length < 600, message);
    });

    it("with 401 says which key to check", async () => {
      const message = describeError(await captureRefusal(401));
      assert.match(
        message,
        /The key from environment CLICKHOUSE_CLOUD_API_KEY was not accepted\. Check that/,
      );
    });

    it("with 401 to a key of the stack config says what to do after a rotation", async () => {
      const place = "stack config clickhouse:tokenKey";
      const message = describeError(
        await captureRefusal(401, createKey({ source: place, isFromConfig: true })),
      );
      assert.match(
        message,
        /The key from stack config clickhouse:tokenKey was not accepted.*run `pulumi up` first/,
      );
    });

    it("with 403 says which role the key needs, and which key it is", async () => {
      const message = describeError(await captureRefusal(403));
      assert.match(message, /The key from environment CLICKHOUSE_CLOUD_API_KEY needs the Admin role/);
    });

    it("with 404 says to check the ids", async () => {
      assert.match(
        describeError(await captureRefusal(404)),
        /Check the ids of the service and the organization/,
      );
    });

    it("with 500 says to retry later", async () => {
      assert.match(describeError(await captureRefusal(500)), /Run the command again later/);
    });

    it("with 500 is retryable", async () => assert.ok(isTransient(await captureRefusal(500))));

    it("with 400 is not retryable", async () => assert.ok(!isTransient(await captureRefusal(400))));

    it("with 500 may have taken effect", async () =>
      assert.ok(mayHaveTakenEffect(await captureRefusal(500))));

    it("with 400 took no effect", async () => assert.ok(!mayHaveTakenEffect(await captureRefusal(400))));

    it("with 424 is an error of its own", async () => {
      assert.ok((await captureRefusal(424)) instanceof ServiceNotAwakeError);
    });

    it("with 424 says the state of the service, and how to wake it", async () => {
      const emulator = await startFaultyEmulator();
      emulator.cloud.setServiceState(TARGET.serviceId, "idle");
      const message = describeError(await captureError(read(createClient(emulator.url))));
      assert.match(
        message,
        /HTTP 424 "Current state: idle" \(request ID .*Start or wake the service.*wakeService/,
      );
    });
  });
});

/** Every name has an IPv4 and an IPv6 address of this machine meanwhile, as localhost has on most machines. */
async function runWithTwoAddresses<Result>(work: () => Promise<Result>): Promise<Result> {
  const { lookup } = dns;
  const both = [
    { address: "127.0.0.1", family: 4 },
    { address: "::ffff:127.0.0.1", family: 6 },
  ];
  const lookUpBoth = (
    _name: string,
    _options: unknown,
    callback: (error: null, found: typeof both) => void,
  ) => callback(null, both);
  dns.lookup = lookUpBoth as unknown as typeof dns.lookup;
  try {
    return await work();
  } finally {
    dns.lookup = lookup;
  }
}

/** Resolves when a client of this process has the head of a response, and had its turn to read it. */
function waitForHead(): Promise<void> {
  return new Promise((resolve) => {
    const onHead = () => {
      unsubscribe("http.client.response.finish", onHead);
      setImmediate(resolve);
    };
    subscribe("http.client.response.finish", onHead);
  });
}
