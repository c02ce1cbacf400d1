import type { Agent } from "node:http";
import { Agent as HttpsAgent } from "node:https";

/** A proxy that does not let a request through: the request never left for the API. */
export class ProxyRefusedError extends Error {
  /** node-fetch keeps of an error its message and its code. */
  readonly code: string;

  constructor(readonly status: number) {
    super(`the proxy responded with ${status}`);
    this.code = `${REFUSED_CODE_PREFIX}${status}`;
  }

  /** The status that a proxy refused with, where that is what an error's code says. */
  static statusIn(code: string | undefined): number | undefined {
    return code?.startsWith(REFUSED_CODE_PREFIX) ? Number(code.slice(REFUSED_CODE_PREFIX.length)) : undefined;
  }
}

const REFUSED_CODE_PREFIX = "PROXY_REFUSED_";

const VERIFY_CERTIFICATES = { rejectUnauthorized: true };

/**
 * What opens the connections to an address: through a proxy where the environment names one for it. Certificates are always
 * checked, whatever NODE_TLS_REJECT_UNAUTHORIZED says; NODE_EXTRA_CA_CERTS adds a private authority.
 */
export async function createAgent(url: URL): Promise<Agent | undefined> {
  if (url.protocol !== "https:") return undefined; // plain http goes to this machine alone
  const { getProxyForUrl } = await import("proxy-from-env");
  const proxy = getProxyForUrl(url.href);
  return proxy === "" ? new HttpsAgent({ keepAlive: true, ...VERIFY_CERTIFICATES }) : createProxyAgent(proxy);
}

async function createProxyAgent(proxy: string): Promise<Agent> {
  const { protocol } = new URL(proxy);
  if (protocol !== "http:" && protocol !== "https:") throw new Error("no address of an HTTP proxy");
  const { HttpsProxyAgent } = await import("https-proxy-agent");

  class CheckingProxyAgent extends HttpsProxyAgent<string> {
    override async connect(
      ...[request, options]: Parameters<InstanceType<typeof HttpsProxyAgent<string>>["connect"]>
    ) {
      let status: number | undefined;
      request.once("proxyConnect", ({ statusCode }: { statusCode: number }) => (status = statusCode));
      const socket = await super.connect(request, Object.assign(options, VERIFY_CERTIFICATES));
      if (status === 200) return socket;
      // The library hands on the proxy's answer as if the API had given it.
      socket.destroy();
      throw new ProxyRefusedError(status ?? 0);
    }
  }
  return new CheckingProxyAgent(proxy, { keepAlive: true, ...VERIFY_CERTIFICATES });
}
