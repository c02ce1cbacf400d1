import type * as dynamic from "@pulumi/pulumi/dynamic";
import { isDeepStrictEqual } from "node:util";
import { DEFAULT_SERVICE_ID } from "../emulator";
import type { DynamicCheckedInputs, DynamicInputs, DynamicState } from "../provider/dynamic/provider";
import { InitializationError } from "../provider/errors";
import { createSimulation, type Simulation, type SimulationOptions } from "./simulation";

export const URN = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/clickpipes:CdcScaling::orders";

/**
 * A stack with one resource in virtual time. Each command has a provider of its own, as each `pulumi` process does. The stack stores
 * state and inputs as Pulumi's engine does.
 */
export class SimulatedStack {
  readonly clock: Simulation["clock"];
  readonly cloud: Simulation["cloud"];
  readonly engine: Simulation["engine"];
  readonly faults: Simulation["faults"];
  readonly journal: Simulation["journal"];
  readonly transport: Simulation["transport"];
  readonly startRun: Simulation["startRun"];
  state: DynamicState | undefined;
  /** The inputs that Pulumi has stored. */
  storedInputs: Partial<DynamicCheckedInputs> = {};
  /** The option `ignoreChanges`: names of inputs, or "*". */
  ignoreChanges: readonly string[] = [];
  /** The engine updates a resource that failed to initialize, whatever diff says. */
  private hasFailedToInitialize = false;

  constructor(options: SimulationOptions = {}) {
    const { clock, cloud, engine, faults, journal, transport, startRun } = createSimulation(options);
    this.clock = clock;
    this.cloud = cloud;
    this.engine = engine;
    this.faults = faults;
    this.journal = journal;
    this.transport = transport;
    this.startRun = startRun;
  }

  /** `pulumi preview`: returns the checked inputs, or rejects if they are invalid. */
  preview(cores: number, inputs: Partial<DynamicInputs> = {}, provider = this.startRun()) {
    return this.clock.run(this.check(cores, inputs, provider));
  }

  /** `pulumi up` with that size. If it fails, the stack stores the resource if Pulumi does. */
  up(cores: number, inputs: Partial<DynamicInputs> = {}): Promise<void> {
    return this.clock.run(this.upWhileClockRuns(cores, inputs));
  }

  /** `pulumi up` while something else advances the clock. */
  async upWhileClockRuns(cores: number, inputs: Partial<DynamicInputs>): Promise<void> {
    const provider = this.startRun();
    const { checked, isChange } = await this.check(cores, inputs, provider);
    const { state, storedInputs } = this;
    this.storedInputs = checked;
    if (!isChange) return;
    const work =
      state === undefined ? provider.create(checked) : provider.update(DEFAULT_SERVICE_ID, state, checked);
    try {
      this.state = (await work).outs;
      this.hasFailedToInitialize = false;
    } catch (error) {
      if (error instanceof InitializationError) {
        this.state = error.properties as DynamicState;
        this.hasFailedToInitialize = true;
      } else {
        this.storedInputs = storedInputs;
      }
      throw error;
    }
  }

  /** `pulumi up --replace`: checks the resource as it is and as a new one, then deletes and creates it. */
  async replace(cores: number, inputs: Partial<DynamicInputs> = {}): Promise<void> {
    const { clock } = this;
    const provider = this.startRun();
    await clock.run(this.check(cores, inputs, provider));
    const before = this.state!;
    this.storedInputs = {};
    this.state = undefined;
    const { checked } = await clock.run(this.check(cores, inputs, provider));
    this.storedInputs = checked;
    await clock.run(provider.delete(DEFAULT_SERVICE_ID, before));
    this.state = (await clock.run(provider.create(checked))).outs;
  }

  async refresh(): Promise<void> {
    const read = await this.clock.run(this.startRun().read(DEFAULT_SERVICE_ID, this.state));
    this.state = read.id === "" ? undefined : read.props;
    this.storedInputs = read.id === "" ? {} : (read.inputs as unknown as DynamicCheckedInputs);
  }

  async destroy(): Promise<void> {
    await this.clock.run(this.startRun().delete(DEFAULT_SERVICE_ID, this.state!));
    this.state = undefined;
    this.storedInputs = {};
  }

  /** The size that the service has now. */
  getCores(): number {
    return this.cloud.getCores(DEFAULT_SERVICE_ID);
  }

  wait(ms: number): Promise<void> {
    return this.clock.run(this.clock.sleep(ms));
  }

  /** The sizes of all changes that the API has accepted, in order. */
  listAcceptedCores(): number[] {
    return this.journal
      .filter("PATCH")
      .filter(({ status, path }) => status === 200 && path.endsWith("clickpipesCdcScaling"))
      .map(({ body }) => (body as { replicaCpuMillicores: number }).replicaCpuMillicores / 1_000);
  }

  private async check(cores: number, inputs: Partial<DynamicInputs>, provider: Simulation["provider"]) {
    const declared: DynamicInputs = { serviceId: DEFAULT_SERVICE_ID, cores, __urn: URN, ...inputs };
    const result = await provider.check(this.storedInputs, this.applyIgnoreChanges(declared));
    const failures = (result.failures ?? []).map(({ property, reason }) => `${property}: ${reason}`);
    if (failures.length > 0) throw new Error(failures.join("\n"));
    const checked = result.inputs!;
    const diff = this.state && (await provider.diff(DEFAULT_SERVICE_ID, this.state, checked));
    return { checked, isChange: this.hasFailedToInitialize || this.isChange(diff, checked) };
  }

  /** If diff is undecided, the engine compares the stored inputs with what check answered, without what `ignoreChanges` names. */
  private isChange(diff: dynamic.DiffResult | undefined, checked: DynamicCheckedInputs): boolean {
    if (diff?.changes !== undefined) return diff.changes;
    const omitIgnored = (inputs: object) =>
      Object.fromEntries(Object.entries(inputs).filter(([name]) => !this.isIgnored(name)));
    return (
      this.state === undefined || !isDeepStrictEqual(omitIgnored(this.storedInputs), omitIgnored(checked))
    );
  }

  private isIgnored(name: string): boolean {
    return this.ignoreChanges.includes(name) || this.ignoreChanges.includes("*");
  }

  /** What the engine gives check: for what `ignoreChanges` names, the stored inputs instead of the program's. */
  private applyIgnoreChanges(declared: DynamicInputs): DynamicInputs {
    if (this.state === undefined) return declared;
    const isKept = ([name]: [string, unknown]) => this.isIgnored(name) && !name.startsWith("__");
    return { ...declared, ...Object.fromEntries(Object.entries(this.storedInputs).filter(isKept)) };
  }
}

/** Returns the error that the work rejects with; throws if it succeeds. */
export async function captureError(work: Promise<unknown>): Promise<Error> {
  const result = await work.then(
    () => undefined,
    (error: unknown) => ({ error: error as Error }),
  );
  if (result === undefined) throw new Error("expected an error, but the work succeeded");
  return result.error;
}
