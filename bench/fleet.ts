import { createSeed, createServices, startEmulator } from "../emulator";
import { compute, program } from "../test/support/program";
import { Stack } from "../test/support/stack";
import { lowerBoundMs } from "./bound";

export interface FleetCase {
  /** Commands that run at once, each with its share of the services, all with one key. */
  readonly commands: number;
  readonly services: number;
  readonly convergenceMs: number;
}

/** How a fleet of services came to its size, in real time and under the API's real limit. */
export interface FleetRow extends FleetCase {
  readonly wallMs: number;
  readonly boundMs: number;
  /** From the first request to the last: without what Pulumi takes to start and to end. */
  readonly requestsMs: number;
  readonly requests: number;
  readonly changes: number;
  readonly refused: number;
  /** Commands that failed, and services that are not at their size. */
  readonly failed: number;
}

const WANTED_CORES = 8;

export async function fleet({ commands, services: count, convergenceMs }: FleetCase): Promise<FleetRow> {
  const emulator = await startEmulator({ seed: createSeed(count), convergenceMs });
  const share = count / commands;
  try {
    const stacks: Stack[] = [];
    for (let command = 0; command < commands; command++) {
      const own = createServices(count).slice(command * share, (command + 1) * share);
      const text = program(
        ...own.map(({ id, name }) => compute(name, { serviceId: id, cores: WANTED_CORES })),
      );
      const stack = await Stack.of(emulator, text);
      stack.variables.PULUMI_PARALLEL = String(share);
      stacks.push(stack);
    }
    const beganAtMs = performance.now();
    const runs = await Promise.all(stacks.map((stack) => stack.pulumi("up")));
    const wallMs = performance.now() - beganAtMs;
    const { entries } = emulator.journal;
    const away = createServices(count).filter(({ id }) => emulator.cloud.getCores(id) !== WANTED_CORES);
    return {
      commands,
      services: count,
      convergenceMs,
      wallMs,
      boundMs: lowerBoundMs({ services: count, convergenceMs }),
      requestsMs: (entries.at(-1)?.atMs ?? 0) - (entries[0]?.atMs ?? 0),
      requests: entries.length,
      changes: emulator.journal.count("PATCH"),
      refused: entries.filter(({ status }) => status === 429).length,
      failed: runs.filter(({ code }) => code !== 0).length + away.length,
    };
  } finally {
    await emulator.close();
  }
}
