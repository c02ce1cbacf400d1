import type { Agent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { loadHttpLibraries } from "./http-libraries";

/** A proxy refused the connection, so the request was not sent. */
export class ProxyRefusedError extends Error {
  /** node-fetch only keeps the message and the code of an error. */
  readonly code: string;

  constructor(readonly status: number) {
    super(`the proxy responded with ${status}`);
    this.code = `${REFUSED_CODE_PREFIX}${status}`;
  }

  /** Reads the proxy's status from an error's code. Undefined if the error is another one. */
  static statusIn(code: string | undefined): number | undefined {
    return code?.startsWith(REFUSED_CODE_PREFIX) ? Number(code.slice(REFUSED_CODE_PREFIX.length)) : undefined;
  }
}

const REFUSED_CODE_PREFIX = "PROXY_REFUSED_";

const VERIFY_CERTIFICATES = { rejectUnauthorized: true };

/** The environment names a proxy that is not the address of an HTTP proxy. */
export class InvalidProxyError extends Error {}

/**
 * Creates the agent that connects to an address, through a proxy if the environment names one. It always verifies certificates,
 * even if NODE_TLS_REJECT_UNAUTHORIZED is 0. NODE_EXTRA_CA_CERTS adds a private authority.
 *
 * @throws {InvalidProxyError} if the environment names another kind of proxy, such as SOCKS
 */
export function createAgent(url: URL): Agent | undefined {
  if (url.protocol !== "https:") return undefined; // plain http only goes to this machine
  const { getProxyForUrl } = loadHttpLibraries();
  const proxy = getProxyForUrl(url.href);
  return proxy === "" ? new HttpsAgent({ keepAlive: true, ...VERIFY_CERTIFICATES }) : createProxyAgent(proxy);
}

function createProxyAgent(proxy: string): Agent {
  if (!URL.canParse(proxy) || !/^https?:$/.test(new URL(proxy).protocol)) throw new InvalidProxyError();
  const { HttpsProxyAgent } = loadHttpLibraries();

  class CheckingProxyAgent extends HttpsProxyAgent<string> {
    override async connect(
      ...[request, options]: Parameters<InstanceType<typeof HttpsProxyAgent<string>>["connect"]>
    ) {
      let status: number | undefined;
      request.once("proxyConnect", ({ statusCode }: { statusCode: number }) => (status = statusCode));
      const socket = await super.connect(request, Object.assign(options, VERIFY_CERTIFICATES));
      if (status === 200) return socket;
      // The library passes the proxy's response on as if it came from the API.
      socket.destroy();
      throw new ProxyRefusedError(status ?? 0);
    }
  }
  return new CheckingProxyAgent(proxy, { keepAlive: true, ...VERIFY_CERTIFICATES });
}
