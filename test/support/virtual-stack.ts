import { DEFAULT_SERVICE_ID } from "../../emulator";
import { InitializationFailure } from "../../provider/errors";
import type { CheckedInputs, Inputs } from "../../provider/inputs";
import type { State } from "../../provider/state";
import { virtual, type VirtualOptions } from "./virtual";

export const URN = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/clickpipes:CdcScaling::orders";

/** One resource of one stack in virtual time: each command is a process of its own, and the state is kept as Pulumi does. */
export function virtualStack(options: VirtualOptions = {}) {
  const world = virtual(options);
  const { clock, nextRun, cloud } = world;
  let state: State | undefined;
  let kept: Partial<CheckedInputs> = {};
  /** Created but failed to initialise: the engine updates it, whatever diff says. */
  let isUnfinished = false;

  /** `pulumi preview`: the inputs that it shows; rejects where they are refused. */
  const preview = async (cores: number, inputs: Partial<Inputs> = {}, provider = nextRun()) => {
    const declared: Inputs = { serviceId: DEFAULT_SERVICE_ID, cores, __urn: URN, ...inputs };
    const result = await clock.run(provider.check(kept, declared));
    const faults = (result.failures ?? []).map(({ property, reason }) => `${property}: ${reason}`);
    if (faults.length > 0) throw new Error(faults.join("\n"));
    const checked = result.inputs!;
    const diff = state && (await clock.run(provider.diff(DEFAULT_SERVICE_ID, state, checked)));
    return { checked, isChange: isUnfinished || diff?.changes !== false };
  };

  /** `pulumi up` with that size; rejects where it fails, with the resource kept where Pulumi keeps it. */
  const up = async (cores: number, inputs: Partial<Inputs> = {}): Promise<void> => {
    const provider = nextRun();
    const { checked, isChange } = await preview(cores, inputs, provider);
    kept = checked;
    if (!isChange) return;
    const work =
      state === undefined ? provider.create(checked) : provider.update(DEFAULT_SERVICE_ID, state, checked);
    try {
      state = (await clock.run(work)).outs;
      isUnfinished = false;
    } catch (error) {
      if (error instanceof InitializationFailure) {
        state = error.properties as State;
        isUnfinished = true;
      } else if (state === undefined) {
        kept = {};
      }
      throw error;
    }
  };
  const refresh = async (): Promise<void> => {
    const read = await clock.run(nextRun().read(DEFAULT_SERVICE_ID, state));
    state = read.id === "" ? undefined : read.props;
    kept = read.id === "" ? {} : (read.inputs as unknown as CheckedInputs);
  };
  const destroy = async (): Promise<void> => {
    await clock.run(nextRun().delete(DEFAULT_SERVICE_ID, state!));
    state = undefined;
    kept = {};
  };
  return {
    ...world,
    preview,
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
