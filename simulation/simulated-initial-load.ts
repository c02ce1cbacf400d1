import { type DynamicInputs } from "../provider/dynamic/provider";
import { DEFAULT_SERVICE_ID } from "../emulator";
import { findInitialLoads, type InitialLoadResource } from "../cli/initial-load/resources";
import { type Pipes, type ReadPipes, type ResourceStatus, runInitialLoad } from "../cli/initial-load/run";
import { ApiKey } from "../provider/cloud/api-key";
import { Client } from "../provider/cloud/client";
import { Limiter } from "../provider/cloud/rate-limit/limiter";
import { PipeReader } from "../provider/cloud/pipes";
import type { FakeClock } from "./fake-clock";
import { URN, type SimulatedStack } from "./simulated-stack";

/** How long `pulumi up` takes before and after what the provider does. */
const CLI_MS = 5_000;

export class Killed extends Error {}

export interface InitialLoadOptions {
  readonly cores: number;
  readonly inputs: Partial<DynamicInputs>;
  readonly everyMs?: number;
  /** The process is killed at the step with this number. Steps: before an `up`, after it, and each read of the pipes. */
  readonly killedAtStep?: number;
}

/** Runs the command on a stack in virtual time. */
export async function runInVirtualTime(stack: SimulatedStack, options: InitialLoadOptions) {
  const { clock } = stack;
  const printed: string[] = [];
  const shown: (readonly ResourceStatus[])[] = [];
  let steps = 0;
  let die: (reason: Killed) => void = () => undefined;
  const death = new Promise<never>((_, reject) => {
    die = reject;
  });
  /** A killed process does nothing more: no error is thrown that it could catch. */
  const takeStep = async (): Promise<void> => {
    steps += 1;
    if (steps !== options.killedAtStep) return;
    die(new Killed(`killed at step ${steps}`));
    await new Promise(() => undefined);
  };
  const up = async (): Promise<void> => {
    await takeStep();
    await clock.sleep(CLI_MS);
    await stack.upWhileClockRuns(options.cores, options.inputs);
    await takeStep(); // the CLI is a process of its own, and finishes
    await clock.sleep(CLI_MS);
  };
  const work = runInitialLoad({
    stack: { up: () => up(), readResources: () => Promise.resolve(readResources(stack)) },
    readPipes: createPipeReader(stack, takeStep),
    clock,
    signal: new AbortController().signal,
    everyMs: options.everyMs ?? 30_000,
    show: (statuses) => shown.push(statuses),
    print: (text) => printed.push(text),
    warn: (text) => printed.push(text),
  });
  const bursts = await clock.run(Promise.race([work, death]));
  return { bursts, printed, shown, steps };
}

function readResources(stack: SimulatedStack): InitialLoadResource[] {
  if (stack.state === undefined) return [];
  const type = "pulumi-nodejs:dynamic/clickpipes:CdcScaling";
  // An exported state is JSON.
  const deployment = { resources: [{ urn: URN, type, inputs: stack.storedInputs, outputs: stack.state }] };
  return findInitialLoads(JSON.parse(JSON.stringify(deployment)));
}

function createPipeReader(
  { clock, transport }: { clock: FakeClock; transport: SimulatedStack["transport"] },
  takeStep: () => Promise<void>,
): ReadPipes {
  const key = new ApiKey({ id: "", secret: "" }, "", false);
  const client = new Client(transport, new Limiter(clock), clock, key);
  const pipes = new PipeReader(clock);
  return async ({ organizationId }): Promise<Pipes> => {
    await takeStep();
    return pipes.read(() =>
      Promise.resolve({ client, target: { organizationId, serviceId: DEFAULT_SERVICE_ID } }),
    );
  };
}
