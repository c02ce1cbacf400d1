import type { AddressInfo } from "node:net";
import { Cloud } from "../cloud/cloud";
import type { CloudOptions } from "../cloud/cloud-options";
import { Faults } from "../faults/faults";
import { createApiApp } from "../http/api-app";
import { createControlApp } from "../http/control-app";
import { createGuardedApp } from "../http/guarded-app";
import { Journal, type RequestListener } from "../http/journal";
import { DOCUMENTED_RATE_LIMIT, type RateLimit, RateLimiter } from "../http/rate-limit";
import { closeServer, listenOnLoopback } from "./loopback-server";

/**
 * Options of {@link startEmulator}.
 *
 * @public
 */
export interface EmulatorOptions extends CloudOptions {
  /**
   * The port to listen on, on loopback only. 0 takes a free port.
   * @default 0
   */
  readonly port?: number;
  /**
   * The requests that each API key may send, or `"none"` for no limit.
   * @default 10 requests in any 10 seconds
   */
  readonly rateLimit?: RateLimit | "none";
}

/**
 * A running emulator.
 *
 * @public
 */
export interface Emulator {
  /** The address for `CLICKHOUSE_API_URL`, including `/v1`. */
  readonly url: string;
  /**
   * The environment variables with which this package uses the emulator: its address and the first API key of the seed. Assign them to
   * `process.env`, or pass them as `envVars` to the Automation API.
   */
  readonly environment: Readonly<Record<string, string>>;
  /** What exists in the emulated cloud. A test can read and change it. */
  readonly cloud: Cloud;
  /** The requests received so far. */
  readonly journal: Journal;
  /** The faults to inject. None by default. */
  readonly faults: Faults;
  /**
   * Calls the listener before each request is handled, and again after its response.
   *
   * @returns a function that removes the listener
   */
  watch(listener: RequestListener): () => void;
  /** Restores the seed, and clears the journal, the faults and the rate limit. */
  reset(): void;
  /** Closes all connections and stops listening. */
  close(): Promise<void>;
}

/**
 * Starts ClickHouse Cloud's ClickPipes API on this machine, for tests and demonstrations. Fails if the port is in use.
 *
 * @example
 * ```ts
 * const emulator = await startEmulator({ convergenceMs: 2_000 });
 * emulator.faults.add({ method: "PATCH", fault: { kind: "status", status: 503 } });
 * Object.assign(process.env, emulator.environment);
 * // Run your stack here.
 * console.log(emulator.journal.count("PATCH"), emulator.cloud.getCores(serviceId));
 * await emulator.close();
 * ```
 *
 * @public
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const cloud = new Cloud(options);
  const journal = new Journal();
  const faults = new Faults();
  const rateLimiter = createRateLimiter(options.rateLimit, cloud);
  const listeners = new Set<RequestListener>();
  const onRequest: RequestListener = (moment, entry) => listeners.forEach((listen) => listen(moment, entry));
  const reset = () => {
    cloud.reset();
    journal.clear();
    faults.clear();
    rateLimiter?.clear();
  };
  const app = createGuardedApp({
    api: createApiApp({ cloud, journal, faults, rateLimiter, onRequest }),
    control: createControlApp({ cloud, journal, reset }),
  });
  const server = await listenOnLoopback(app.fetch, options.port ?? 0);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  return {
    url,
    environment: createEnvironment(url, cloud),
    cloud,
    journal,
    faults,
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    reset,
    close: () => closeServer(server),
  };
}

function createEnvironment(url: string, cloud: Cloud): Record<string, string> {
  const [key] = [...cloud.organizations.values()].flatMap(({ keys }) => keys);
  return {
    CLICKHOUSE_API_URL: url,
    ...(key && { CLICKHOUSE_CLOUD_API_KEY: key.id, CLICKHOUSE_CLOUD_API_SECRET: key.secret }),
  };
}

function createRateLimiter(rateLimit: EmulatorOptions["rateLimit"], cloud: Cloud): RateLimiter | undefined {
  if (rateLimit === "none") return undefined;
  return new RateLimiter(rateLimit ?? DOCUMENTED_RATE_LIMIT, cloud.guesses.countRefusedRequests);
}
