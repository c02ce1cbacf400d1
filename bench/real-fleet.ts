import { type Emulator, createSeed, createServices, startEmulator } from "../emulator";
import { createProgram, declareCompute } from "../test/support/program";
import { Stack } from "../test/support/stack";
import { computeLowerBoundMs } from "./lower-bound";

export interface FleetOptions {
  /** Commands that run at once with one key; they share the services evenly. */
  readonly commands: number;
  readonly services: number;
  readonly convergenceMs: number;
}

/** What the real CLI took to scale a fleet in real time, under the API's rate limit. */
export interface FleetRow extends FleetOptions {
  readonly wallMs: number;
  readonly boundMs: number;
  /** From the first request to the last: without the time that Pulumi takes to start and to end. */
  readonly requestsMs: number;
  readonly requests: number;
  readonly changes: number;
  readonly refused: number;
  /** Commands that failed, and services that are not at their size. */
  readonly failed: number;
}

const TARGET_CORES = 8;

export async function scaleRealFleet(options: FleetOptions): Promise<FleetRow> {
  const { services: count, convergenceMs } = options;
  const emulator = await startEmulator({ seed: createSeed(count), convergenceMs });
  try {
    const stacks = await createStacks(emulator, options);
    const beganAtMs = performance.now();
    const runs = await Promise.all(stacks.map((stack) => stack.run("up")));
    const wallMs = performance.now() - beganAtMs;
    const { entries } = emulator.journal;
    const unconverged = createServices(count).filter(
      ({ id }) => emulator.cloud.getCores(id) !== TARGET_CORES,
    );
    return {
      ...options,
      wallMs,
      boundMs: computeLowerBoundMs({ services: count, convergenceMs }),
      requestsMs: (entries.at(-1)?.atMs ?? 0) - (entries[0]?.atMs ?? 0),
      requests: entries.length,
      changes: emulator.journal.count("PATCH"),
      refused: entries.filter(({ status }) => status === 429).length,
      failed: runs.filter(({ code }) => code !== 0).length + unconverged.length,
    };
  } finally {
    await emulator.close();
  }
}

async function createStacks(
  emulator: Emulator,
  { commands, services: count }: FleetOptions,
): Promise<Stack[]> {
  const share = count / commands;
  const stacks: Stack[] = [];
  for (let command = 0; command < commands; command++) {
    const own = createServices(count).slice(command * share, (command + 1) * share);
    const declarations = own.map(({ id, name }) =>
      declareCompute(name, { serviceId: id, cores: TARGET_CORES }),
    );
    const stack = await Stack.create(emulator, createProgram(...declarations));
    stack.variables.PULUMI_PARALLEL = String(share);
    stacks.push(stack);
  }
  return stacks;
}
