import { createServer as createTlsServer, type Server as TlsServer } from "node:https";
import { type AddressInfo, createServer } from "node:net";
import { generate } from "selfsigned";
import type { UnreachableHost } from "./faults";

/** Longer than a host name may be. It fails without a DNS lookup, which takes up to some seconds. */
const LONG_NAME = "clickpipes".repeat(7);

/** Hosts at which a request does not reach the API. */
export class UnreachableHosts {
  private constructor(
    private readonly tls: TlsServer,
    private readonly closedPort: number,
  ) {}

  static async open(): Promise<UnreachableHosts> {
    const { private: key, cert } = await generate([{ name: "commonName", value: "localhost" }]);
    const tls = createTlsServer({ key, cert }, (_request, response) => response.end("{}"));
    await new Promise<void>((resolve) => tls.listen(0, "127.0.0.1", resolve));
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, "127.0.0.1", resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    return new UnreachableHosts(tls, port);
  }

  getUrl(host: UnreachableHost): string {
    if (host === "refused") return `http://127.0.0.1:${this.closedPort}/v1`;
    if (host === "name not found") return `https://${LONG_NAME}.invalid/v1`;
    return `https://127.0.0.1:${(this.tls.address() as AddressInfo).port}/v1`;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.tls.close(() => resolve());
      this.tls.closeAllConnections();
    });
  }
}
