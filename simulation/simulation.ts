import { DynamicProvider } from "../provider/dynamic/provider";
import { StackSettings } from "../provider/cloud/stack-settings";
import type { HttpBindings } from "@hono/node-server";
import { type ConvergenceMs, DEFAULT_KEY, type Guesses, type Seed } from "../emulator";
import { createApiApp } from "../emulator/http/api-app";
import { Cloud } from "../emulator/cloud/cloud";
import { Faults } from "../emulator/faults/faults";
import { Journal } from "../emulator/http/journal";
import { DOCUMENTED_RATE_LIMIT, RateLimiter } from "../emulator/http/rate-limit";
import type { HttpResponse, HttpRequest as Sent } from "../provider/cloud/transport";
import { Core } from "../provider/core";
import { ProviderContext } from "../provider/operation/context";
import type { Clock } from "../provider/wait/clock";
import { FakeClock } from "./fake-clock";
import { RecordingEngine } from "./recording-engine";

/** Without a socket: faults that break one can't be scripted here. */
const NO_CONNECTION = {} as HttpBindings;

export interface SimulationOptions {
  readonly seed?: Seed;
  readonly convergenceMs?: ConvergenceMs;
  readonly guesses?: Partial<Guesses>;
  readonly randomSeed?: number;
  readonly config?: Readonly<Record<string, string>>;
  /** How far the calendar of the provider's machine is off, at any time. */
  readonly calendarOffMs?: () => number;
}

/** The real provider and client against the emulated cloud, in one process, without a socket and in virtual time. */
export function createSimulation(options: SimulationOptions = {}) {
  const clock = new FakeClock(options.randomSeed);
  const engine = new RecordingEngine();
  const cloud = new Cloud({ ...options, clock });
  const journal = new Journal();
  const faults = new Faults();
  const rateLimiter = new RateLimiter(DOCUMENTED_RATE_LIMIT, cloud.guesses.countRefusedRequests);
  const app = createApiApp({ cloud, journal, faults, rateLimiter });

  const send = async ({ method, path, body }: Sent): Promise<HttpResponse> => {
    const request = new Request(`http://cloud.example/v1/${path.map(encodeURIComponent).join("/")}`, {
      method,
      headers: { authorization: `Basic ${btoa(`${DEFAULT_KEY.id}:${DEFAULT_KEY.secret}`)}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const response = await app.fetch(request, NO_CONNECTION);
    const text = await response.text();
    return { status: response.status, headers: response.headers, json: JSON.parse(text) as unknown, text };
  };
  const transport = {
    secrets: [DEFAULT_KEY.secret],
    send: (request: Sent) => clock.hold(send(request)),
  };
  const keys: Readonly<Record<string, string>> = {
    "clickhouse:tokenKey": DEFAULT_KEY.id,
    "clickhouse:tokenSecret": DEFAULT_KEY.secret,
  };
  /** Looked up each time: a test may change it between two runs. */
  const configured = (name: string) => ({ ...keys, ...options.config })[name];
  const { calendarOffMs = () => 0 } = options;
  const ownClock: Clock = {
    nowMs: () => clock.nowMs(),
    date: () => new Date(clock.now() + calendarOffMs()),
    sleep: (ms, signal) => clock.sleep(ms, signal),
    random: () => clock.random(),
  };
  /** Another `pulumi` command: a process of its own, on the same cloud. */
  const nextRun = () => {
    const session = new ProviderContext(engine, ownClock, () => transport);
    session.configure(new StackSettings({ get: configured }));
    return new DynamicProvider(new Core(session));
  };
  return { provider: nextRun(), nextRun, transport, cloud, journal, faults, clock, engine };
}
