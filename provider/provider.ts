import type * as dynamic from "@pulumi/pulumi/dynamic";
import { costOf, nearestLegalCores, OPENAPI_MAX_CORES, sizeOf, sizeText, type Size } from "../sizing";
import { bring, type Task } from "./bring";
import { declaredDiffers, needsNoRequest, replaced, seenDiffers } from "./difference";
import { InitializationFailure, ServiceNotAwakeError } from "./errors";
import { isGone } from "./gone";
import {
  argumentsOf,
  type CheckedInputs,
  type Fault,
  faultsOf,
  type Inputs,
  isUnknown,
  UNKNOWN,
} from "./inputs";
import { Ledger, type Pending } from "./ledger";
import { firstSize, Look, type Patience } from "./look";
import type { Operation } from "./operation";
import { organizationOf, type ResolvedOrganization, resolveOrganization } from "./organization";
import { nameOf } from "./run";
import type { Session } from "./session";
import { DERIVED, derivedKept, inputsOf, present, readState, seenSize, type State } from "./state";

/** A third of create's time is for the endpoint to appear, where the service has no database ClickPipe yet. */
const ENDPOINT_SHARE = 1 / 3;

/** The scaling of one service's database ClickPipes, as Pulumi's engine asks for it. */
export class CdcScalingProvider implements dynamic.ResourceProvider<CheckedInputs, State> {
  constructor(private readonly session: Session) {}

  /** Only stores: the engine's first questions do not wait for its end. */
  configure({ config }: dynamic.ConfigureRequest): Promise<void> {
    this.session.configure({ get: (key) => config.get(key) });
    return Promise.resolve();
  }

  /** Answers every fault at once, or the inputs with all that a reviewer wants to see of them. Sends nothing. */
  check(olds: Partial<CheckedInputs>, news: Inputs): Promise<dynamic.CheckResult<CheckedInputs>> {
    const { run } = this.session;
    const configuration = this.session.configurationFaults();
    const unitPrice = configuration.length === 0 ? this.session.unitPrice() : undefined;
    const failures = [
      ...faultsOf(withoutKept(news, olds), unitPrice),
      ...configuration.map((reason) => ({ property: "", reason })),
    ];
    if (typeof news.serviceId === "string" && !isUnknown(news.serviceId)) {
      const other = run.declare(news.serviceId.toLowerCase(), news.__urn);
      if (other !== undefined) failures.push(declaredTwice(news, other));
    }
    if (failures.length > 0) return Promise.resolve({ inputs: news as CheckedInputs, failures });
    if (Object.keys(olds).length === 0) run.expect(news.__urn);
    const derived = this.derived(news.cores, olds, unitPrice);
    return Promise.resolve({ inputs: { ...argumentsOf(news), ...derived } as CheckedInputs });
  }

  async diff(_id: string, olds: State, news: CheckedInputs): Promise<dynamic.DiffResult> {
    const state = readState(olds);
    const replaces = replaced(state, news);
    const isDeclared = replaces.length > 0 || declaredDiffers(state, news);
    if (!isDeclared && !seenDiffers(state, news)) return { changes: false };
    this.session.run.expect(news.__urn);
    if (state.pendingCores !== undefined) await this.announceResumption(state, news);
    // Undefined where declared inputs differ: the engine then finds the keys itself, which `replaceOnChanges` needs.
    return isDeclared ? { replaces, deleteBeforeReplace: true } : { changes: true };
  }

  async create(inputs: CheckedInputs): Promise<dynamic.CreateResult<State>> {
    const taken = this.session.run.takeOver(inputs.serviceId);
    const outs = await this.apply("create", inputs, taken);
    return { id: inputs.serviceId, outs };
  }

  async update(_id: string, olds: State, news: CheckedInputs): Promise<dynamic.UpdateResult<State>> {
    const state = readState(olds);
    if (needsNoRequest(state, news)) {
      this.session.run.begin(news.__urn);
      return { outs: this.stateOf(news, organizationOf(state, news), seenSize(state), state) };
    }
    return { outs: await this.apply("update", news, state) };
  }

  /** What the service has now; its inputs too, so that drift shows as a difference of properties. */
  async read(id: string, props?: State): Promise<dynamic.ReadResult<State>> {
    const state = readState(props);
    const client = this.session.client(`refresh the ClickPipes size of service ${id}`);
    const operation = this.session.operation("read", client, state);
    const size = await operation.run(() => this.sizeNow(operation, state));
    if (size === undefined) return { id: "" };
    const hasArrived =
      state.pendingCores !== undefined && sizeText(sizeOf(state.pendingCores)) === sizeText(size);
    const seen: State = {
      ...state,
      ...derivedKept(size, this.session.unitPrice(), state),
      ...(hasArrived ? { pendingCores: undefined, __pendingSince: undefined } : {}),
    };
    return { id, props: present(seen), inputs: inputsOf(seen) as State };
  }

  /** Ends what the resource costs: the size after destroy, else the one from before; the setting itself can't be deleted. */
  async delete(id: string, props: State): Promise<void> {
    const state = readState(props);
    const progress = this.session.progress(state.__urn);
    if (this.session.run.declares(state.serviceId)) {
      this.session.run.handOver(state);
      await progress.info(`this run still declares service ${id}: its size stays as it is`);
      return;
    }
    const cores = state.coresAfterDestroy ?? state.baselineCores;
    if (cores === undefined) {
      const { usdPerHour, usdPerMonth } = costOf(state.cores, this.session.unitPrice());
      await progress.warn(
        `the size of service ${id} stays at ${sizeText(seenSize(state))}, which goes on costing ` +
          `$${usdPerHour.toFixed(2)}/h ($${usdPerMonth.toFixed(2)} a month): what it was before is not known. ` +
          "`coresAfterDestroy` says what a destroy is to leave",
      );
      return;
    }
    const client = this.session.client(`set back the ClickPipes size of service ${id}`);
    const operation = this.session.operation("delete", client, state);
    const task: Task = {
      target: state,
      cores: nearestLegalCores(cores, OPENAPI_MAX_CORES),
      operation,
      ledger: new Ledger(pendingOf(state)),
      patience: { mayWake: state.wakeService ?? false },
    };
    await operation.run(async () => {
      try {
        await bring(task);
      } catch (error) {
        if (!(await isGone(operation, state, error))) throw error;
      }
    });
  }

  /** The size on a refresh; the state's own where the service sleeps, undefined where the setting is gone. */
  private async sizeNow(operation: Operation, state: State): Promise<Size | undefined> {
    try {
      return await firstSize(new Look(operation, state, { mayWake: false }), operation);
    } catch (error) {
      if (await isGone(operation, state, error)) return undefined;
      if (!(error instanceof ServiceNotAwakeError)) throw error;
      await operation.progress.warn(`the size could not be read and stays as it was: ${error.facts.seen}`);
      return seenSize(state);
    }
  }

  /** create and update: bring the service to the declared size; whatever happens, keep what was seen. */
  private async apply(
    kind: "create" | "update",
    inputs: CheckedInputs,
    olds: State | undefined,
  ): Promise<State> {
    const { session } = this;
    session.run.begin(inputs.__urn);
    const client = session.client(`${kind} the ClickPipes size of service ${inputs.serviceId}`);
    const operation = session.operation(kind, client, inputs);
    const ledger = new Ledger(olds === undefined ? undefined : pendingOf(olds));
    const isTakeover = kind === "create" && olds !== undefined;
    return operation.run(async () => {
      const organization =
        kind === "update" && olds !== undefined
          ? organizationOf(olds, inputs)
          : await resolveOrganization(inputs.organizationId, session.credentials, operation);
      const target = { organizationId: organization.organizationId, serviceId: inputs.serviceId };
      const patience: Patience = {
        mayWake: inputs.wakeService ?? false,
        endpointUntilMs:
          kind === "create" ? operation.startedAtMs + operation.limitMs * ENDPOINT_SHARE : undefined,
      };
      const stateNow = (size: Size) => this.stateOf(inputs, organization, size, olds, ledger);
      try {
        await bring({ target, cores: inputs.cores, operation, ledger, patience });
      } catch (error) {
        // What was seen before counts too: an update, or a replacement that took over, keeps its resource.
        const seen = ledger.seen ?? (olds === undefined ? undefined : seenSize(olds));
        const isKept = ledger.mayHaveChanged || isTakeover;
        if (!isKept || seen === undefined) throw error;
        throw new InitializationFailure(inputs.serviceId, stateNow(seen), error as Error);
      }
      return stateNow(sizeOf(inputs.cores));
    });
  }

  private stateOf(
    inputs: CheckedInputs,
    organization: ResolvedOrganization,
    size: Size,
    olds: State | undefined,
    ledger: Ledger = new Ledger(olds === undefined ? undefined : pendingOf(olds)),
  ): State {
    return present({
      ...argumentsOf(inputs),
      __provider: inputs.__provider,
      ...derivedKept(size, this.session.unitPrice(), olds ?? {}, inputs),
      serviceId: inputs.serviceId,
      organizationId: organization.organizationId,
      __organizationFrom: organization.from,
      baselineCores: olds?.baselineCores ?? ledger.baselineCores,
      pendingCores: ledger.pending?.cores,
      __pendingSince: ledger.pending?.since.toISOString(),
    });
  }

  private derived(cores: unknown, olds: Partial<CheckedInputs>, unitPrice: number | undefined): object {
    if (typeof cores === "number") return derivedKept(sizeOf(cores), unitPrice, olds);
    return Object.fromEntries(DERIVED.map((property) => [property, UNKNOWN]));
  }

  /** After a wait that ran out the preview has no changed property: the row says what the next `up` goes on with. */
  private async announceResumption(state: State, news: CheckedInputs): Promise<void> {
    const pending = sizeText(sizeOf(state.pendingCores ?? 0));
    const seen = sizeText(seenSize(state));
    const what =
      state.pendingCores === news.cores
        ? `resumes: goes on waiting for ${pending}`
        : `replaces an unfinished change to ${pending}`;
    await this.session.progress(news.__urn).info(`${what}; ${seen} when last seen`);
  }
}

/** Without what `ignoreChanges` copies from the old inputs: an earlier check's answers, not the program's arguments. */
function withoutKept(news: Inputs, olds: object): Record<string, unknown> {
  const kept = new Map<string, unknown>(Object.entries(olds));
  const isKept = (name: string, value: unknown) =>
    (DERIVED as readonly string[]).includes(name) && kept.get(name) === value;
  return Object.fromEntries(Object.entries(news).filter(([name, value]) => !isKept(name, value)));
}

function declaredTwice(news: Inputs, otherUrn: string): Fault {
  return {
    property: "serviceId",
    reason:
      `${nameOf(otherUrn)} and ${nameOf(news.__urn)} both declare service ${news.serviceId}: a service has one size, ` +
      "so declare it once",
  };
}

function pendingOf(state: State): Pending | undefined {
  if (state.pendingCores === undefined) return undefined;
  const since = new Date(state.__pendingSince ?? 0);
  return { cores: state.pendingCores, since: Number.isNaN(since.getTime()) ? new Date(0) : since };
}
