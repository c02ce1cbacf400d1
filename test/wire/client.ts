import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Server as NetServer } from "node:net";
import { Client } from "../../provider/cloud/client";
import { Limiter } from "../../provider/cloud/rate-limit/limiter";
import { Transport } from "../../provider/cloud/transport";
import { ApiKey } from "../../provider/cloud/api-key";
import type { Clock } from "../../provider/wait/clock";
import { DEFAULT_KEY, DEFAULT_ORGANIZATION_ID, DEFAULT_SERVICE_ID } from "../../emulator";

export const TARGET = { organizationId: DEFAULT_ORGANIZATION_ID, serviceId: DEFAULT_SERVICE_ID };

export const KEY = createKey({});

/** The emulator's key from the environment, with other values for some parts. */
export function createKey(changed: {
  id?: string;
  secret?: string;
  source?: string;
  isFromConfig?: boolean;
}): ApiKey {
  const { source = "environment CLICKHOUSE_CLOUD_API_KEY", isFromConfig = false, ...parts } = changed;
  return new ApiKey({ ...DEFAULT_KEY, ...parts }, source, isFromConfig);
}

/** Sleeps take no real time: they only move the clock. */
export class SkippingClock implements Clock {
  elapsedMs = 0;

  nowMs(): number {
    return this.elapsedMs;
  }

  date(): Date {
    return new Date(Date.UTC(2026, 0, 1) + this.elapsedMs);
  }

  random(): number {
    return 0;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason as Error);
    this.elapsedMs += Math.max(0, ms);
    return Promise.resolve();
  }
}

/** A clock that stands still until a test ends all sleeps: only then do timeouts elapse. */
export class StandingClock extends SkippingClock {
  private readonly sleeps = new Set<{ readonly ms: number; readonly end: () => void }>();

  override sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error);
      const sleep = { ms, end: resolve };
      this.sleeps.add(sleep);
      signal?.addEventListener("abort", () => {
        this.sleeps.delete(sleep);
        reject(signal.reason as Error);
      });
    });
  }

  get sleeping(): number[] {
    return [...this.sleeps].map(({ ms }) => ms);
  }

  endSleeps(): void {
    for (const sleep of this.sleeps) sleep.end();
    this.sleeps.clear();
  }
}

/** The real client. Requests only time out if the test ends the sleeps of `limits`, and the rate limit takes no real time. */
export function createClient(
  url: string,
  { key = KEY, clock = new SkippingClock(), limits = new StandingClock() } = {},
): Client {
  return new Client(new Transport(new URL(url), key, limits), new Limiter(clock), clock, key);
}

/** What a request that must fail fails with. */
export async function captureError(request: Promise<unknown>): Promise<Error> {
  const outcome = await request.then(
    (value) => new Error(`it did not fail, but gave ${JSON.stringify(value)}`),
    (error: unknown) => ({ error }),
  );
  if (outcome instanceof Error) throw outcome;
  if (outcome.error instanceof Error) return outcome.error;
  throw new Error("it failed with something that is no error", { cause: outcome.error });
}

export interface Recorded extends Pick<IncomingMessage, "method" | "url" | "headers"> {
  readonly body: string;
}

/** A web server on this machine that keeps what it was sent. */
export class LocalServer {
  readonly requests: Recorded[] = [];
  private readonly server: Server;

  private constructor(answer: (response: ServerResponse, request: Recorded) => void) {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.once("end", () => {
        const { method, url, headers } = request;
        const recorded = { method, url, headers, body: Buffer.concat(chunks).toString() };
        this.requests.push(recorded);
        answer(response, recorded);
      });
    });
  }

  static async start(answer: (response: ServerResponse, request: Recorded) => void): Promise<LocalServer> {
    const local = new LocalServer(answer);
    await listen(local.server);
    return local;
  }

  get origin(): string {
    return getOrigin(this.server);
  }

  /** As `CLICKHOUSE_API_URL` takes it. */
  get url(): string {
    return `${this.origin}/v1`;
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }
}

export function listen(server: NetServer): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => resolve());
  });
}

export function getOrigin(server: NetServer): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export function answerJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
