import type { AddressInfo } from "node:net";
import type { Server } from "node:http";
import { serve } from "@hono/node-server";
import { createApiApp } from "../http/api-app";
import { type EmulatorClock, wallClock } from "../cloud/clock";
import { Cloud, type Convergence } from "../cloud/cloud";
import { createControlApp } from "../http/control-app";
import { Faults } from "../faults/faults";
import { DEFAULT_GUESSES, type Guesses } from "../cloud/guesses";
import { Journal, type JournalEntry } from "../http/journal";
import { DOCUMENTED_RATE_LIMIT, type RateLimit, RateLimiter } from "../http/rate-limit";
import { DEFAULT_SEED, type Seed } from "../cloud/seed";

export interface EmulatorOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  readonly seed?: Seed;
  /** How long a change takes to arrive, in milliseconds. Default: 3 to 5 minutes, as documented. */
  readonly convergenceMs?: Convergence;
  /** How long an idle service takes to wake, in milliseconds. Default: 30 s. */
  readonly wakingMs?: number;
  /** How long the initial load takes of a pipe that is created, or resynced, in milliseconds. Default: 10 minutes. */
  readonly snapshotMs?: number;
  readonly clock?: EmulatorClock;
  /** The same seed draws the same convergence times. Default: 1. */
  readonly randomSeed?: number;
  readonly guesses?: Partial<Guesses>;
  /** Default: 10 requests in any 10 seconds for each key. */
  readonly rateLimit?: RateLimit | "none";
}

export const DEFAULT_SNAPSHOT_MS = 600_000;

export type RequestListener = (moment: "before" | "after", entry: JournalEntry) => void;

export interface Emulator {
  /** With its `/v1`, as `CLICKHOUSE_API_URL` takes it. */
  readonly url: string;
  readonly cloud: Cloud;
  readonly journal: Journal;
  readonly faults: Faults;
  /** Calls the listener with every request, before it is handled and after it was answered; returns how to stop that. */
  watch(listener: RequestListener): () => void;
  /** Back to the seed; forgets journal and faults. */
  reset(): void;
  close(): Promise<void>;
}

/**
 * Starts ClickHouse Cloud's ClickPipes endpoints on this machine, for tests and demonstrations; listens on loopback only.
 *
 * @example
 * ```ts
 * const emulator = await startEmulator({ convergenceMs: 2_000 });
 * process.env.CLICKHOUSE_API_URL = emulator.url;
 * ```
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const guesses = { ...DEFAULT_GUESSES, ...options.guesses };
  const cloud = new Cloud(
    options.seed ?? DEFAULT_SEED,
    options.clock ?? wallClock,
    guesses,
    options.convergenceMs ?? [180_000, 300_000],
    options.wakingMs ?? 30_000,
    options.snapshotMs ?? DEFAULT_SNAPSHOT_MS,
    options.randomSeed ?? 1,
  );
  const journal = new Journal();
  const faults = new Faults();
  const listeners = new Set<RequestListener>();
  const windows =
    options.rateLimit === "none"
      ? undefined
      : new RateLimiter(options.rateLimit ?? DOCUMENTED_RATE_LIMIT, guesses.countRefusedRequests);
  const reset = () => {
    cloud.reset();
    journal.clear();
    faults.clear();
    windows?.clear();
  };
  const app = createApiApp({
    cloud,
    journal,
    faults,
    rateLimiter: windows,
    watch: (moment, entry) => listeners.forEach((listener) => listener(moment, entry)),
  });
  app.route("/__emulator", createControlApp({ cloud, journal, reset }));
  const server = await listening(app.fetch, options.port ?? 0);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    cloud,
    journal,
    faults,
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    reset,
    close: () => closed(server),
  };
}

function listening(fetch: Parameters<typeof serve>[0]["fetch"], port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch, port, hostname: "127.0.0.1" }, () => resolve(server)) as Server;
    server.once("error", reject);
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
