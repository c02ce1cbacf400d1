import type { Server } from "node:http";
import { serve } from "@hono/node-server";

type Fetch = Parameters<typeof serve>[0]["fetch"];

/** Polls are up to 7 s apart. A load balancer keeps an idle connection longer than Node's 5 s: AWS's for 60 s by default. */
const KEEP_ALIVE_MS = 60_000;

/** Listens on loopback only. Rejects if the port is in use. */
export function listenOnLoopback(fetch: Fetch, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch, port, hostname: "127.0.0.1" }, () => resolve(server)) as Server;
    server.keepAliveTimeout = KEEP_ALIVE_MS;
    server.once("error", reject);
  });
}

/** Stops listening and closes all connections, including those with a request in progress. */
export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
