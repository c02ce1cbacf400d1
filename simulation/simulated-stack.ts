import {
  type DynamicCheckedInputs,
  type DynamicInputs,
  type DynamicState,
} from "../provider/dynamic/provider";
import { DEFAULT_SERVICE_ID } from "../emulator";
import { InitializationError } from "../provider/errors";
import { createSimulation, type SimulationOptions } from "./simulation";

export const URN = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/clickpipes:CdcScaling::orders";

/** One resource of one stack in virtual time: each command is a process of its own, and the state is kept as Pulumi does. */
export function createSimulatedStack(options: SimulationOptions = {}) {
  const world = createSimulation(options);
  const { clock, nextRun, cloud } = world;
  let state: DynamicState | undefined;
  let kept: Partial<DynamicCheckedInputs> = {};
  /** Created but failed to initialise: the engine updates it, whatever diff says. */
  let isUnfinished = false;

  /** `pulumi preview`: the inputs that it shows; rejects where they are refused. */
  const shown = async (cores: number, inputs: Partial<DynamicInputs>, provider = nextRun()) => {
    const declared: DynamicInputs = { serviceId: DEFAULT_SERVICE_ID, cores, __urn: URN, ...inputs };
    const result = await provider.check(kept, declared);
    const faults = (result.failures ?? []).map(({ property, reason }) => `${property}: ${reason}`);
    if (faults.length > 0) throw new Error(faults.join("\n"));
    const checked = result.inputs!;
    const diff = state && (await provider.diff(DEFAULT_SERVICE_ID, state, checked));
    return { checked, isChange: isUnfinished || diff?.changes !== false };
  };

  const preview = (cores: number, inputs: Partial<DynamicInputs> = {}, provider = nextRun()) =>
    clock.run(shown(cores, inputs, provider));

  /** `pulumi up` where something else moves the time on. */
  const upInTime = async (cores: number, inputs: Partial<DynamicInputs>): Promise<void> => {
    const provider = nextRun();
    const { checked, isChange } = await shown(cores, inputs, provider);
    kept = checked;
    if (!isChange) return;
    const work =
      state === undefined ? provider.create(checked) : provider.update(DEFAULT_SERVICE_ID, state, checked);
    try {
      state = (await work).outs;
      isUnfinished = false;
    } catch (error) {
      if (error instanceof InitializationError) {
        state = error.properties as DynamicState;
        isUnfinished = true;
      } else if (state === undefined) {
        kept = {};
      }
      throw error;
    }
  };
  /** `pulumi up` with that size; rejects where it fails, with the resource kept where Pulumi keeps it. */
  const up = (cores: number, inputs: Partial<DynamicInputs> = {}): Promise<void> =>
    clock.run(upInTime(cores, inputs));

  /** `pulumi up --replace`: checked as it is, and once more as if it were new; deleted, then created. */
  const replace = async (cores: number, inputs: Partial<DynamicInputs> = {}): Promise<void> => {
    const provider = nextRun();
    await clock.run(shown(cores, inputs, provider));
    const before = state!;
    kept = {};
    state = undefined;
    const { checked } = await clock.run(shown(cores, inputs, provider));
    kept = checked;
    await clock.run(provider.delete(DEFAULT_SERVICE_ID, before));
    state = (await clock.run(provider.create(checked))).outs;
  };

  const refresh = async (): Promise<void> => {
    const read = await clock.run(nextRun().read(DEFAULT_SERVICE_ID, state));
    state = read.id === "" ? undefined : read.props;
    kept = read.id === "" ? {} : (read.inputs as unknown as DynamicCheckedInputs);
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
    upInTime,
    replace,
    refresh,
    destroy,
    get state() {
      return state;
    },
    /** The inputs that Pulumi keeps. */
    get kept() {
      return kept;
    },
    coresNow: () => cloud.getCores(DEFAULT_SERVICE_ID),
    passes: (ms: number) => clock.run(clock.sleep(ms)),
    /** The cores that the API was asked for and took, in their order. */
    asked: () =>
      world.journal
        .filter("PATCH")
        .filter(({ status, path }) => status === 200 && path.endsWith("clickpipesCdcScaling"))
        .map(({ body }) => (body as { replicaCpuMillicores: number }).replicaCpuMillicores / 1_000),
  };
}

export type SimulatedStack = ReturnType<typeof createSimulatedStack>;

export async function failureOf(work: Promise<unknown>): Promise<Error> {
  const error: unknown = await work.then(
    () => new Error("it succeeded"),
    (reason: unknown) => ({ reason }),
  );
  if (error instanceof Error) throw error;
  return (error as { reason: Error }).reason;
}
