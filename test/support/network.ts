import { createServer as createHttpServer, type IncomingMessage } from "node:http";
import { type AddressInfo, connect, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { generate } from "selfsigned";

/** A certificate authority that no machine knows, and a server's certificate that it signed. */
export async function createAuthority(folder: string, name = "localhost") {
  const authority = await generate([{ name: "commonName", value: "A private authority" }], {
    extensions: [{ name: "basicConstraints", cA: true, critical: true }],
  });
  const { private: key, cert } = await generate([{ name: "commonName", value: name }], {
    ca: { key: authority.private, cert: authority.cert },
    extensions: [{ name: "subjectAltName", altNames: [{ type: 2, value: name }] }],
  });
  const file = join(folder, "authority.pem");
  writeFileSync(file, authority.cert);
  return { file, server: { key, cert } };
}

interface Local {
  readonly port: number;
  close(): Promise<void>;
}

/** TLS in front of a server on loopback that speaks plain HTTP. */
export async function startTlsProxy(url: string, server: { key: string; cert: string }): Promise<Local> {
  const { port } = new URL(url);
  return listen(createTlsServer(server, (socket) => pipe(socket, connect(Number(port), "127.0.0.1"))));
}

/** A real HTTP proxy on loopback that records its requests and the bytes that it forwards. */
export class LocalProxy {
  readonly connects: IncomingMessage[] = [];
  bytes = "";
  /** Its response instead of a connection. */
  refusal: number | undefined;

  private onConnect: () => void = () => undefined;

  private constructor(private local?: Local) {}

  static async start(): Promise<LocalProxy> {
    const proxy = new LocalProxy();
    const server = createHttpServer((_request, response) => response.writeHead(405).end());
    server.on("connect", (request, socket: Socket) => proxy.handleConnect(request, socket));
    proxy.local = await listen(server);
    return proxy;
  }

  getUrl(user = ""): string {
    return `http://${user}127.0.0.1:${this.local?.port}`;
  }

  /** Resolves with the next requested connection. */
  waitForConnect(): Promise<void> {
    return new Promise((resolve) => (this.onConnect = resolve));
  }

  async close(): Promise<void> {
    await this.local?.close();
  }

  private handleConnect(request: IncomingMessage, socket: Socket): void {
    this.connects.push(request);
    this.onConnect();
    socket.on("error", () => undefined);
    if (this.refusal !== undefined) {
      // As companies' proxies do: a page, with what was sent in it.
      const page = `<html>refused: ${request.headers["proxy-authorization"] ?? "nobody"}</html>`;
      socket.end(`HTTP/1.1 ${this.refusal} No\r\ncontent-length: ${page.length}\r\n\r\n${page}`);
      return;
    }
    const [host = "", port = ""] = (request.url ?? "").split(":");
    const target = connect(Number(port), host, () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      socket.on("data", (chunk: Buffer) => (this.bytes += chunk.toString("latin1")));
      pipe(socket, target);
    });
    target.on("error", () => socket.destroy());
  }
}

function pipe(one: Socket, other: Socket): void {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    from.on("error", () => to.destroy());
    from.on("close", () => to.destroy());
    from.pipe(to);
  }
}

async function listen(server: Server): Promise<Local> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
