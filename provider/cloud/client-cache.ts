import type { ApiKey } from "./api-key";
import type { Connection } from "./settings";
import type { Clock } from "../wait/clock";
import { Client } from "./client";
import { Limiter } from "./rate-limit/limiter";
import { type ApiTransport, Transport } from "./transport";

export type CreateTransport = (url: URL, key: ApiKey) => ApiTransport;

/** The clients of one process, one per key: all requests with a key share one rate limit. */
export class ClientCache {
  private readonly known = new Map<string, Client>();

  constructor(
    private readonly clock: Clock,
    private readonly transportOf: CreateTransport = (url, key) => new Transport(url, key, clock),
  ) {}

  get({ apiUrl, key }: Connection): Client {
    const name = JSON.stringify([apiUrl.href, key.id, key.secret]);
    const known = this.known.get(name);
    if (known !== undefined) return known;
    const client = new Client(this.transportOf(apiUrl, key), new Limiter(this.clock), this.clock, key);
    this.known.set(name, client);
    return client;
  }
}
