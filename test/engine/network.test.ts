import assert from "node:assert/strict";
import { DEFAULT_KEY, DEFAULT_SERVICE_ID } from "../../emulator";
import { createFolder } from "../support/environment";
import type { ProviderProcess } from "../support/provider-process";
import { createAuthority, LocalProxy, startTlsProxy } from "../support/network";
import { captureError } from "../wire/client";
import { createInputs, type ProviderHarness, startProviderHarness } from "../support/provider-harness";

describe("the provider process in a company's network", () => {
  let on: ProviderHarness;
  let proxy: LocalProxy;
  let authority: Awaited<ReturnType<typeof createAuthority>>;
  let front: Awaited<ReturnType<typeof startTlsProxy>>;

  before(async () => {
    on = await startProviderHarness({ rateLimit: "none" });
    authority = await createAuthority(await createFolder());
    front = await startTlsProxy(on.emulator.url, authority.server);
  });
  beforeEach(async () => {
    on.emulator.reset();
    proxy = await LocalProxy.start();
  });
  afterEach(() => proxy.close());
  after(async () => {
    await front.close();
    await on.close();
  });

  const getHttpsVariables = () => ({ CLICKHOUSE_API_URL: `https://localhost:${front.port}/v1` });
  const getTrustingVariables = () => ({ ...getHttpsVariables(), NODE_EXTRA_CA_CERTS: authority.file });

  async function runInProcess<Result>(
    variables: NodeJS.ProcessEnv,
    work: (process: ProviderProcess) => Promise<Result>,
  ): Promise<Result> {
    const process = await on.start({ ...on.emulator.environment, ...variables });
    try {
      return await work(process);
    } finally {
      await process.end();
    }
  }

  /** The cores that a refresh sees: it takes a request or two, on the same way as all others. */
  async function readCores(variables: NodeJS.ProcessEnv): Promise<unknown> {
    const { state } = await runInProcess(variables, (process) =>
      process.read(DEFAULT_SERVICE_ID, createInputs()),
    );
    return state.cores;
  }

  async function captureFailure(variables: NodeJS.ProcessEnv): Promise<string> {
    const { message } = await captureError(readCores(variables));
    assert.equal(on.emulator.journal.count(), 0, "something reached the API");
    return message;
  }

  describe("with a private certificate authority", () => {
    it("works if NODE_EXTRA_CA_CERTS names it", async () => {
      assert.equal(await readCores(getTrustingVariables()), 2);
    });

    it("fails without it, and names the remedy", async () => {
      assert.match(
        await captureFailure(getHttpsVariables()),
        /certificate is not trusted. Add .* NODE_EXTRA_CA_CERTS/,
      );
    });

    it("verifies certificates even if Node.js is configured not to", async () => {
      const unchecked = { ...getHttpsVariables(), NODE_TLS_REJECT_UNAUTHORIZED: "0" };
      assert.match(await captureFailure(unchecked), /certificate is not trusted/);
    });

    it("rejects its certificate for another name", async () => {
      const { server } = await createAuthority(await createFolder(), "elsewhere.example");
      const other = await startTlsProxy(on.emulator.url, server);
      try {
        const variables = {
          ...getTrustingVariables(),
          CLICKHOUSE_API_URL: `https://localhost:${other.port}/v1`,
        };
        assert.match(await captureFailure(variables), /certificate is not trusted/);
      } finally {
        await other.close();
      }
    });
  });

  describe("behind a proxy", () => {
    for (const name of ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"]) {
      it(`uses the proxy in ${name}`, async () => {
        assert.equal(await readCores({ ...getTrustingVariables(), [name]: proxy.getUrl() }), 2);
        assert.deepEqual([...new Set(proxy.connects.map(({ url }) => url))], [`localhost:${front.port}`]);
      });
    }

    it("changes a size over one connection that shows nothing of the key or the requests", async () => {
      await runInProcess({ ...getTrustingVariables(), HTTPS_PROXY: proxy.getUrl() }, async (process) => {
        const { inputs } = await process.check({}, createInputs());
        await process.create(inputs);
      });
      assert.equal(on.emulator.cloud.getCores(DEFAULT_SERVICE_ID), 8);
      assert.equal(proxy.connects.length, 1);
      assert.ok(proxy.bytes.length > 1_000, "the bytes that were searched are not there");
      assert.doesNotMatch(proxy.bytes, /authorization|clickpipesCdcScaling/i);
      assert.deepEqual(Object.keys(proxy.connects[0]?.headers ?? {}).sort(), ["host", "proxy-connection"]);
    });

    it("sends the user and the password of the proxy's address", async () => {
      await readCores({ ...getTrustingVariables(), HTTPS_PROXY: proxy.getUrl("somebody:pass%40word@") });
      const given = proxy.connects[0]?.headers["proxy-authorization"]?.split(" ")[1] ?? "";
      assert.equal(Buffer.from(given, "base64").toString(), "somebody:pass@word");
    });

    for (const [variables, what] of [
      [{ NO_PROXY: "localhost" }, "NO_PROXY names the host"],
      [{ no_proxy: "example.org,localhost" }, "no_proxy names it among others"],
      [{ NO_PROXY: "*" }, "NO_PROXY is *"],
    ] as const) {
      it(`bypasses it if ${what}`, async () => {
        assert.equal(
          await readCores({ ...getTrustingVariables(), HTTPS_PROXY: proxy.getUrl(), ...variables }),
          2,
        );
        assert.equal(proxy.connects.length, 0);
      });
    }

    it("bypasses it for an emulator on this machine", async () => {
      assert.equal(await readCores({ HTTPS_PROXY: proxy.getUrl(), HTTP_PROXY: proxy.getUrl() }), 2);
      assert.equal(proxy.connects.length, 0);
    });

    it("verifies certificates even if Node.js is configured not to", async () => {
      const variables = {
        ...getHttpsVariables(),
        HTTPS_PROXY: proxy.getUrl(),
        NODE_TLS_REJECT_UNAUTHORIZED: "0",
      };
      assert.match(await captureFailure(variables), /certificate is not trusted/);
    });

    it("fails at once if the proxy requires a password, and names the remedy", async () => {
      proxy.refusal = 407;
      const message = await captureFailure({ ...getTrustingVariables(), HTTPS_PROXY: proxy.getUrl() });
      assert.match(message, /the proxy responded with 407.*Add them to HTTPS_PROXY/);
      assert.equal(proxy.connects.length, 1);
    });

    it("fails at once if the proxy refuses the host, and does not mistake it for the API", async () => {
      proxy.refusal = 403;
      const message = await captureFailure({ ...getTrustingVariables(), HTTPS_PROXY: proxy.getUrl() });
      assert.match(message, /the proxy responded with 403.*Allow CONNECT to localhost:\d+/);
      assert.doesNotMatch(message, /Admin role/);
    });

    it("retries if the proxy is overloaded", async () => {
      proxy.refusal = 503;
      const reading = readCores({ ...getTrustingVariables(), HTTPS_PROXY: proxy.getUrl() });
      await proxy.waitForConnect();
      proxy.refusal = undefined;
      assert.equal(await reading, 2);
    });

    it("shows nothing of the proxy's password or the key", async () => {
      proxy.refusal = 403;
      const message = await captureFailure({
        ...getTrustingVariables(),
        HTTPS_PROXY: proxy.getUrl("somebody:password@"),
      });
      const coded = Buffer.from("somebody:password").toString("base64");
      for (const secret of ["somebody", "password", coded, DEFAULT_KEY.secret]) {
        assert.ok(!message.includes(secret), message);
      }
    });

    for (const address of ["not an address", "socks5://127.0.0.1:1080"]) {
      it(`rejects "${address}" as proxy`, async () => {
        const message = await captureFailure({ ...getTrustingVariables(), HTTPS_PROXY: address });
        assert.match(message, /HTTPS_PROXY or ALL_PROXY is not the address of an HTTP proxy/);
      });
    }
  });
});
