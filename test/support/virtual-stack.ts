import { DEFAULT_SERVICE_ID } from "../../emulator";
import { InitializationFailure } from "../../provider/errors";
import type { Inputs } from "../../provider/inputs";
import type { State } from "../../provider/state";
import { virtual, type VirtualOptions } from "./virtual";

export const URN = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/clickpipes:CdcScaling::orders";

/** One resource of one stack in virtual time: each command is a process of its own, and the state is kept as Pulumi does. */
export function virtualStack(options: VirtualOptions = {}) {
  const world = virtual(options);
  const { clock, nextRun, cloud } = world;
  let state: State | undefined;

  /** `pulumi up` with that size; rejects where it fails, with the resource kept where Pulumi keeps it. */
  const up = async (cores: number, inputs: Partial<Inputs> = {}): Promise<void> => {
    const provider = nextRun();
    const declared: Inputs = { serviceId: DEFAULT_SERVICE_ID, cores, __urn: URN, ...inputs };
    const { inputs: checked } = await provider.check({}, declared);
    const work =
      state === undefined ? provider.create(checked!) : provider.update(DEFAULT_SERVICE_ID, state, checked!);
    try {
      state = (await clock.run(work)).outs;
    } catch (error) {
      if (error instanceof InitializationFailure) state = error.properties as State;
      throw error;
    }
  };
  const refresh = async (): Promise<void> => {
    const read = await clock.run(nextRun().read(DEFAULT_SERVICE_ID, state));
    state = read.id === "" ? undefined : read.props;
  };
  const destroy = async (): Promise<void> => {
    await clock.run(nextRun().delete(DEFAULT_SERVICE_ID, state!));
    state = undefined;
  };
  return {
    ...world,
    up,
    refresh,
    destroy,
    get state() {
      return state;
    },
    coresNow: () => cloud.coresOf(DEFAULT_SERVICE_ID),
    passes: (ms: number) => clock.run(clock.sleep(ms)),
    /** The cores that the API was asked for and took, in their order. */
    asked: () =>
      world.journal
        .of("PATCH")
        .filter(({ status, path }) => status === 200 && path.endsWith("clickpipesCdcScaling"))
        .map(({ body }) => (body as { replicaCpuMillicores: number }).replicaCpuMillicores / 1_000),
  };
}

export async function failureOf(work: Promise<unknown>): Promise<Error> {
  const error: unknown = await work.then(
    () => new Error("it succeeded"),
    (reason: unknown) => ({ reason }),
  );
  if (error instanceof Error) throw error;
  return (error as { reason: Error }).reason;
}
