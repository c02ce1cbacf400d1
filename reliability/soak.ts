import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import {
  createSeed,
  DEFAULT_KEY,
  DEFAULT_ORGANIZATION_ID,
  type Emulator,
  seededRandom,
  startEmulator,
} from "../emulator";
import { StackSettings } from "../provider/cloud/stack-settings";
import { Transport } from "../provider/cloud/transport";
import { Core } from "../provider/core";
import { type DynamicInputs, DynamicProvider, type DynamicState } from "../provider/dynamic/provider";
import { InitializationError } from "../provider/errors";
import { ProviderContext } from "../provider/operation/context";
import { FakeClock } from "../simulation/fake-clock";
import { RecordingEngine } from "../simulation/recording-engine";
import { FAULT_KINDS } from "./faults";

export interface SoakResult {
  readonly minutes: number;
  readonly virtualDays: number;
  readonly changes: number;
  /** Commands that failed; a later command completed their change. */
  readonly failures: number;
  readonly requests: number;
  readonly faultyRequests: number;
  /** Changes that were lost; empty if the soak was survived. */
  readonly violations: readonly string[];
  /** Mean size of the heap after a garbage collection, in the second quarter of the time. */
  readonly earlyHeapMb: number;
  /** The same in the last quarter. */
  readonly lateHeapMb: number;
}

const SERVICES = 10;
const FAULT_PROBABILITY = 0.2;
const MAX_COMMANDS = 50;
const SAMPLE_EVERY_MS = 5_000;
const MB = 1024 * 1024;

/** The faults that the emulator can cause, and that end while the clock stands still. */
const FAULTS = FAULT_KINDS.flatMap(({ createEffect }) => {
  const effect = createEffect(new Date());
  const isPossible = "fault" in effect && !["silence", "endless"].includes(effect.fault.kind);
  return isPossible ? [createEffect] : [];
});

/**
 * Runs one provider for that number of real minutes. It changes ten services one after the other, in virtual time and over real
 * HTTP, while random requests meet a fault.
 */
export async function runSoak(minutes: number, seed = 1): Promise<SoakResult> {
  const clock = new FakeClock(seed);
  const emulator = await startEmulator({
    clock,
    seed: createSeed(SERVICES),
    convergenceMs: [180_000, 300_000],
  });
  const soak = new Soak(emulator, clock, seededRandom(seed));
  const heap = new HeapSamples();
  try {
    const endsAtMs = performance.now() + minutes * 60_000;
    while (performance.now() < endsAtMs) {
      await soak.changeNextService();
      heap.sample();
    }
    return { minutes, ...soak.summarize(), ...heap.summarize() };
  } finally {
    await emulator.close();
  }
}

class Soak {
  private readonly engine = new RecordingEngine();
  private readonly provider: DynamicProvider;
  private readonly ids = createSeed(SERVICES).organizations.flatMap(({ services }) =>
    services.map(({ id }) => id),
  );
  private readonly states = new Map<string, DynamicState>();
  private readonly violations: string[] = [];
  private changes = 0;
  private failures = 0;
  private requests = 0;
  private faultyRequests = 0;

  constructor(
    private readonly emulator: Emulator,
    private readonly clock: FakeClock,
    private readonly random: () => number,
  ) {
    const context = new ProviderContext(this.engine, clock, (url, key) => {
      const transport = new Transport(url, key, clock);
      return {
        redact: (text) => transport.redact(text),
        send: (request, signal) => {
          this.addRandomFault();
          return clock.hold(transport.send(request, signal));
        },
      };
    });
    context.configure(
      new StackSettings({ get: (name) => ({ ...CONFIG, "clickhouse:apiUrl": emulator.url })[name] }),
    );
    this.provider = new DynamicProvider(new Core(context));
  }

  /** Runs commands until the next service has a random size, in the cloud and in the state. */
  async changeNextService(): Promise<void> {
    const { clock, emulator, states } = this;
    const id = this.ids[this.changes % this.ids.length]!;
    const cores = 1 + Math.floor(this.random() * 24);
    this.changes += 1;
    let state = states.get(id);
    for (let commands = 1; state?.cores !== cores || state.pendingCores !== undefined; commands++) {
      const result = await clock.run(scale(this.provider, id, cores, state));
      state = result.state ?? state;
      if (!result.isDone) this.failures += 1;
      if (commands > MAX_COMMANDS) {
        this.violations.push(`${cores} cores were not reached in ${commands} commands: ${result.message}`);
        break;
      }
    }
    if (state !== undefined) states.set(id, state);
    emulator.faults.clear();
    const actual = emulator.cloud.getCores(id);
    if (actual !== cores) this.violations.push(`the service has ${actual} cores, the state ${cores}`);
    // What only the test keeps must not count as memory of the provider.
    emulator.journal.clear();
    this.engine.rows.length = 0;
  }

  summarize() {
    const { changes, failures, requests, faultyRequests, violations } = this;
    const virtualDays = this.clock.nowMs() / 86_400_000;
    return { virtualDays, changes, failures, requests, faultyRequests, violations };
  }

  private addRandomFault(): void {
    this.requests += 1;
    if (this.random() >= FAULT_PROBABILITY) return;
    this.faultyRequests += 1;
    const effect = FAULTS[Math.floor(this.random() * FAULTS.length)]!(this.clock.date());
    if ("fault" in effect) this.emulator.faults.add(effect);
  }
}

const CONFIG: Readonly<Record<string, string>> = {
  "clickhouse:tokenKey": DEFAULT_KEY.id,
  "clickhouse:tokenSecret": DEFAULT_KEY.secret,
};

interface CommandResult {
  readonly state: DynamicState | undefined;
  readonly isDone: boolean;
  readonly message: string;
}

async function scale(
  provider: DynamicProvider,
  id: string,
  cores: number,
  state: DynamicState | undefined,
): Promise<CommandResult> {
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

/** The size of the heap after garbage collections, sampled over time. */
class HeapSamples {
  private readonly samplesMb: number[] = [];
  private sampledAtMs = performance.now();

  sample(): void {
    if (performance.now() - this.sampledAtMs <= SAMPLE_EVERY_MS) return;
    this.sampledAtMs = performance.now();
    setFlagsFromString("--expose_gc");
    (runInNewContext("gc") as () => void)();
    this.samplesMb.push(process.memoryUsage().heapUsed / MB);
  }

  summarize(): Pick<SoakResult, "earlyHeapMb" | "lateHeapMb"> {
    const quarter = Math.floor(this.samplesMb.length / 4);
    return {
      earlyHeapMb: computeMean(this.samplesMb.slice(quarter, 2 * quarter)),
      lateHeapMb: computeMean(this.samplesMb.slice(-quarter)),
    };
  }
}

function computeMean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
