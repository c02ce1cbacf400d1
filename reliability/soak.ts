import { DynamicProvider, type DynamicInputs, type DynamicState } from "../provider/dynamic/provider";
import { StackSettings } from "../provider/cloud/stack-settings";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import {
  DEFAULT_KEY,
  DEFAULT_ORGANIZATION_ID,
  type Emulator,
  seededRandom,
  createSeed,
  startEmulator,
} from "../emulator";
import { Transport } from "../provider/cloud/transport";
import { InitializationError } from "../provider/errors";
import { Core } from "../provider/core";
import { ProviderContext } from "../provider/operation/context";
import { FakeClock } from "../simulation/fake-clock";
import { RecordingEngine } from "../simulation/recording-engine";
import { MISFORTUNES } from "./faults";

export interface SoakResult {
  readonly minutes: number;
  readonly virtualDays: number;
  readonly changes: number;
  /** Changes that ended in a failure, and were brought to their end by the next command. */
  readonly failures: number;
  readonly requests: number;
  readonly misfortunes: number;
  /** What went wrong for good; none in a soak that was survived. */
  readonly broken: readonly string[];
  /** Of the heap after a collection: the means of the second and of the last quarter of the time. */
  readonly earlyHeapMb: number;
  readonly lateHeapMb: number;
}

const SERVICES = 10;
const MISFORTUNE_CHANCE = 0.2;
const SAMPLE_EVERY_MS = 5_000;
const MB = 1024 * 1024;

/** Those that an emulator can do by itself, and that end while its clock stands still. */
const FAULTS = MISFORTUNES.flatMap(({ happens }) => {
  const happening = happens(new Date());
  const isPossible = "fault" in happening && !["silence", "endless"].includes(happening.fault.kind);
  return isPossible ? [happens] : [];
});

/**
 * One provider, for so many real minutes: changes of ten services one after the other, in virtual time and over real HTTP, against
 * a cloud that misbehaves again and again; it counts what happened and what the memory came to.
 */
export async function soak(minutes: number, seed = 1): Promise<SoakResult> {
  const clock = new FakeClock(seed);
  const emulator = await startEmulator({
    clock,
    seed: createSeed(SERVICES),
    convergenceMs: [180_000, 300_000],
  });
  try {
    return await soaked(emulator, clock, minutes, seededRandom(seed));
  } finally {
    await emulator.close();
  }
}

async function soaked(
  emulator: Emulator,
  clock: FakeClock,
  minutes: number,
  chance: () => number,
): Promise<SoakResult> {
  const engine = new RecordingEngine();
  let requests = 0;
  let misfortunes = 0;
  const session = new ProviderContext(engine, clock, (url, key) => {
    const transport = new Transport(url, key, clock);
    return {
      secrets: transport.secrets,
      send: (request, signal) => {
        requests += 1;
        if (chance() < MISFORTUNE_CHANCE) {
          misfortunes += 1;
          const happening = FAULTS[Math.floor(chance() * FAULTS.length)]!(clock.date());
          if ("fault" in happening) emulator.faults.add(happening);
        }
        return clock.hold(transport.send(request, signal));
      },
    };
  });
  session.configure(
    new StackSettings({ get: (name) => ({ ...CONFIG, "clickhouse:apiUrl": emulator.url })[name] }),
  );
  const provider = new DynamicProvider(new Core(session));

  const ids = createSeed(SERVICES).organizations.flatMap(({ services }) => services.map(({ id }) => id));
  const states = new Map<string, DynamicState>();
  const heapMb: number[] = [];
  const broken: string[] = [];
  let changes = 0;
  let failures = 0;
  const beganAtMs = performance.now();
  const endsAtMs = beganAtMs + minutes * 60_000;
  let sampledAtMs = beganAtMs;
  while (performance.now() < endsAtMs) {
    const id = ids[changes % ids.length]!;
    const cores = 1 + Math.floor(chance() * 24);
    changes += 1;
    let state = states.get(id);
    for (let tries = 1; state?.cores !== cores || state.pendingCores !== undefined; tries++) {
      const result = await clock.run(applied(provider, id, cores, state));
      state = result.state ?? state;
      if (!result.isDone) failures += 1;
      if (tries > 50) {
        broken.push(`${cores} cores were not reached in ${tries} commands: ${result.message}`);
        break;
      }
    }
    if (state !== undefined) states.set(id, state);
    emulator.faults.clear();
    const seen = emulator.cloud.getCores(id);
    if (seen !== cores) broken.push(`the service has ${seen} cores, the state ${cores}`);
    // What only the test keeps must not be taken for the product's memory.
    emulator.journal.clear();
    engine.rows.length = 0;
    if (performance.now() - sampledAtMs > SAMPLE_EVERY_MS) {
      sampledAtMs = performance.now();
      heapMb.push(collectedHeapMb());
    }
  }
  const quarter = Math.floor(heapMb.length / 4);
  return {
    minutes,
    virtualDays: clock.nowMs() / 86_400_000,
    changes,
    failures,
    requests,
    misfortunes,
    broken,
    earlyHeapMb: mean(heapMb.slice(quarter, 2 * quarter)),
    lateHeapMb: mean(heapMb.slice(-quarter)),
  };
}

const CONFIG: Readonly<Record<string, string>> = {
  "clickhouse:tokenKey": DEFAULT_KEY.id,
  "clickhouse:tokenSecret": DEFAULT_KEY.secret,
};

interface Applied {
  readonly state: DynamicState | undefined;
  readonly isDone: boolean;
  readonly message: string;
}

async function applied(
  provider: DynamicProvider,
  id: string,
  cores: number,
  state: DynamicState | undefined,
): Promise<Applied> {
  const news: DynamicInputs = {
    serviceId: id,
    organizationId: DEFAULT_ORGANIZATION_ID,
    cores,
    __urn: `urn:pulumi:dev::shop::pulumi-nodejs:dynamic/clickpipes:CdcScaling::${id}`,
  };
  try {
    const { inputs } = await provider.check({}, news);
    const { outs } = await (state === undefined
      ? provider.create(inputs!)
      : provider.update(id, state, inputs!));
    return { state: outs, isDone: true, message: "" };
  } catch (error) {
    const kept = error instanceof InitializationError ? (error.properties as DynamicState) : undefined;
    return { state: kept, isDone: false, message: (error as Error).message };
  }
}

function collectedHeapMb(): number {
  setFlagsFromString("--expose_gc");
  (runInNewContext("gc") as () => void)();
  return process.memoryUsage().heapUsed / MB;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
