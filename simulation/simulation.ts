import type { HttpBindings } from "@hono/node-server";
import { type ConvergenceMs, DEFAULT_KEY, type Guesses, type Seed } from "../emulator";
import { Cloud } from "../emulator/cloud/cloud";
import { Faults } from "../emulator/faults/faults";
import { createApiApp } from "../emulator/http/api-app";
import { Journal } from "../emulator/http/journal";
import { DOCUMENTED_RATE_LIMIT, RateLimiter } from "../emulator/http/rate-limit";
import { Redactor } from "../provider/cloud/redactor";
import { StackSettings } from "../provider/cloud/stack-settings";
import type { HttpRequest, HttpResponse } from "../provider/cloud/transport";
import { Core } from "../provider/core";
import { DynamicProvider } from "../provider/dynamic/provider";
import { ProviderContext } from "../provider/operation/context";
import type { Clock } from "../provider/wait/clock";
import { FakeClock } from "./fake-clock";
import { RecordingEngine } from "./recording-engine";

export interface SimulationOptions {
  readonly seed?: Seed;
  readonly convergenceMs?: ConvergenceMs;
  readonly guesses?: Partial<Guesses>;
  readonly randomSeed?: number;
  readonly config?: Readonly<Record<string, string>>;
  /** How far the calendar of the provider's machine is off, at any time. Default: 0. */
  readonly getCalendarOffMs?: () => number;
}

const KEYS: Readonly<Record<string, string>> = {
  "clickhouse:tokenKey": DEFAULT_KEY.id,
  "clickhouse:tokenSecret": DEFAULT_KEY.secret,
};

/** Runs the real provider and client against the emulated cloud, in one process, without a socket and in virtual time. */
export function createSimulation(options: SimulationOptions = {}) {
  const clock = new FakeClock(options.randomSeed);
  const engine = new RecordingEngine();
  const cloud = new Cloud({ ...options, clock });
  const journal = new Journal();
  const faults = new Faults();
  const rateLimiter = new RateLimiter(DOCUMENTED_RATE_LIMIT, cloud.guesses.countRefusedRequests);
  const app = createApiApp({ cloud, journal, faults, rateLimiter });
  const redactor = new Redactor([DEFAULT_KEY.secret]);
  const transport = {
    redact: (text: string) => redactor.redact(text),
    send: (request: HttpRequest) => clock.hold(sendTo(app, request)),
  };
  const machineClock = createMachineClock(clock, options.getCalendarOffMs);
  /** Starts another `pulumi` command: a process of its own, on the same cloud. */
  const startRun = () => {
    const context = new ProviderContext(engine, machineClock, () => transport);
    // Read at each use, because a test may change the config between two runs.
    const get = (name: string) => ({ ...KEYS, ...options.config })[name];
    context.configure(new StackSettings({ get }));
    return new DynamicProvider(new Core(context));
  };
  return { provider: startRun(), startRun, transport, cloud, journal, faults, clock, engine };
}

export type Simulation = ReturnType<typeof createSimulation>;

/** There is no socket, so faults that break a connection can't be simulated. */
const NO_CONNECTION = {} as HttpBindings;

async function sendTo(
  app: ReturnType<typeof createApiApp>,
  { method, path, query, body }: HttpRequest,
): Promise<HttpResponse> {
  const search = new URLSearchParams(query).toString();
  const request = new Request(`http://cloud.example/v1/${path.map(encodeURIComponent).join("/")}?${search}`, {
    method,
    headers: { authorization: `Basic ${btoa(`${DEFAULT_KEY.id}:${DEFAULT_KEY.secret}`)}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const response = await app.fetch(request, NO_CONNECTION);
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json") === true;
  const json = isJson ? (JSON.parse(text) as unknown) : undefined;
  return { status: response.status, headers: response.headers, json, text };
}

function createMachineClock(clock: FakeClock, calendarOffMs = () => 0): Clock {
  return {
    nowMs: () => clock.nowMs(),
    date: () => new Date(clock.now() + calendarOffMs()),
    sleep: (ms, signal) => clock.sleep(ms, signal),
    random: () => clock.random(),
  };
}
