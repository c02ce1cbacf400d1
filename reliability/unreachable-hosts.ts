import { createServer as createTlsServer, type Server as TlsServer } from "node:https";
import { type AddressInfo, createServer } from "node:net";
import { generate } from "selfsigned";
import type { UnreachableHost } from "./faults";

/** Longer than a name may be, so that no resolver is asked: how long one takes to say no differs by seconds. */
const LONG_NAME = "clickpipes".repeat(7);

/** Addresses at which a request does not reach the API. */
export class UnreachableHosts {
  private constructor(
    private readonly tls: TlsServer,
    private readonly closedPort: number,
  ) {}

  static async open(): Promise<UnreachableHosts> {
    const { private: key, cert } = await generate([{ name: "commonName", value: "localhost" }]);
    const tls = createTlsServer({ key, cert }, (_request, response) => response.end("{}"));
    await new Promise<void>((resolve) => tls.listen(0, "127.0.0.1", resolve));
    const passing = createServer();
    await new Promise<void>((resolve) => passing.listen(0, "127.0.0.1", resolve));
    const { port } = passing.address() as AddressInfo;
    await new Promise((resolve) => passing.close(resolve));
    return new UnreachableHosts(tls, port);
  }

  url(host: UnreachableHost): string {
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
