import { DEFAULT_SERVICE_ID } from "../../emulator";
import { type Declared, declaredIn } from "../../cli/initial-load/resources";
import { BurstRecord } from "../../cli/initial-load/record";
import { type Look, type Pipes, settle, type Watched } from "../../cli/initial-load/run";
import type { Inputs } from "../../provider/inputs";
import { Client } from "../../provider/api/client";
import { Limiter } from "../../provider/api/limiter";
import { PipeLooks } from "../../provider/initial-load/pipes";
import type { FakeClock } from "./fake-clock";
import { URN, type VirtualStack } from "./virtual-stack";

/** How long `pulumi up` takes before and after what the provider does. */
const CLI_MS = 5_000;

export class Killed extends Error {}

export interface SettleOptions {
  readonly cores: number;
  readonly inputs: Partial<Inputs>;
  /** Where the record of the bursts lies. */
  readonly file: string;
  readonly everyMs?: number;
  /** The process dies at its so many-th step: before, in the middle of or after an `up`, or at a look. */
  readonly killedAtStep?: number;
}

/** One run of `settle` on a stack in virtual time. */
export async function settled(stack: VirtualStack, options: SettleOptions) {
  const { clock } = stack;
  const said: string[] = [];
  const shown: (readonly Watched[])[] = [];
  let steps = 0;
  let die: (reason: Killed) => void = () => undefined;
  const death = new Promise<never>((_, reject) => {
    die = reject;
  });
  /** A process that is killed does nothing more: no error is thrown in it that it could catch. */
  const step = async (): Promise<void> => {
    steps += 1;
    if (steps !== options.killedAtStep) return;
    die(new Killed(`killed at step ${steps}`));
    await new Promise(() => undefined);
  };
  const up = async (): Promise<void> => {
    await step();
    await clock.sleep(CLI_MS);
    await stack.upInTime(options.cores, options.inputs);
    await step(); // what the CLI began it ends, as a process of its own
    await clock.sleep(CLI_MS);
  };
  const record = new BurstRecord(options.file);
  const work = settle({
    deployment: { up: () => up(), declared: () => Promise.resolve(declaredOf(stack)) },
    look: lookOf(stack, step),
    record,
    clock,
    signal: new AbortController().signal,
    everyMs: options.everyMs ?? 30_000,
    show: (watched) => shown.push(watched),
    say: (text) => said.push(text),
  });
  await clock.run(Promise.race([work, death]));
  return { record, said, shown, steps };
}

function declaredOf(stack: VirtualStack): Declared[] {
  if (stack.state === undefined) return [];
  const type = "pulumi-nodejs:dynamic/clickpipes:CdcScaling";
  // As the state is exported: JSON.
  const deployment = { resources: [{ urn: URN, type, inputs: stack.kept, outputs: stack.state }] };
  return declaredIn(JSON.parse(JSON.stringify(deployment)));
}

function lookOf(
  { clock, transport }: { clock: FakeClock; transport: VirtualStack["transport"] },
  step: () => Promise<void>,
): Look {
  const key = { id: "", secret: "", place: "", fromConfig: false };
  const client = new Client(transport, new Limiter(clock), clock, key);
  const looks = new PipeLooks(clock);
  return async ({ organizationId }): Promise<Pipes> => {
    await step();
    return looks.of(() =>
      Promise.resolve({ client, target: { organizationId, serviceId: DEFAULT_SERVICE_ID } }),
    );
  };
}
