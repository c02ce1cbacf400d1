import type * as dynamic from "@pulumi/pulumi/dynamic";
import { toSize, formatSize, type Size } from "../sizing";
import { scaleTo } from "./scale/scale-to";
import { check } from "./check/check";
import { haveInputsChanged, isSettingsOnly, listReplaceKeys, hasDrifted } from "./state/diff";
import { ClickPipesError, InitializationError, ServiceNotAwakeError, InterruptedChangeError } from "./errors";
import { isConfirmedDeleted } from "./scale/confirm-deleted";
import { keepRunningBurst } from "./initial-load/keep-running-burst";
import { trackBurst } from "./state/last-burst";
import { warnAboutDestroy } from "./initial-load/warn-of-destroy";
import type { CheckedInputs, Inputs } from "./state/inputs";
import { readUntilKnown, ScalingReader, type WaitPolicy } from "./scale/scaling-reader";
import { describePendingChange, describeResumption, describeRemainingCost } from "./scale/messages";
import type { Operation } from "./operation/operation";
import { getCoresAfterDestroy, parsePendingChanges, serializeState } from "./state/record";
import type { ProviderContext } from "./operation/context";
import {
  toInputs,
  omitUndefined,
  readState,
  readPartialState,
  type PartialState,
  getObservedSize,
  type State,
} from "./state/stored-state";
import { deriveKeepingPrice } from "./state/derived";
import { keepOrganization } from "./state/organization";

/** A third of create's time is for the endpoint to appear, where the service has no database ClickPipe yet. */
const ENDPOINT_SHARE = 1 / 3;

/** The scaling of one service's database ClickPipes, as Pulumi's engine asks for it. */
export class CdcScalingProvider implements dynamic.ResourceProvider<CheckedInputs, State> {
  constructor(private readonly session: ProviderContext) {}

  /** Only stores: the engine's first questions do not wait for its end. */
  configure({ config }: dynamic.ConfigureRequest): Promise<void> {
    this.session.configure({ get: (key) => config.get(key) });
    return Promise.resolve();
  }

  check(olds: Partial<CheckedInputs>, news: Inputs): Promise<dynamic.CheckResult<CheckedInputs>> {
    return check(olds, news, this.session);
  }

  async diff(id: string, olds: State, news: CheckedInputs): Promise<dynamic.DiffResult> {
    const state = readState(olds, id);
    const replaces = listReplaceKeys(state, news);
    const isDeclared = replaces.length > 0 || haveInputsChanged(state, news);
    if (!isDeclared && !hasDrifted(state, news)) return { changes: false };
    this.session.run.expectOperation(news.__urn);
    const { pendingCores } = state;
    if (pendingCores !== undefined) {
      await this.session.createProgress(news.__urn).info(describeResumption(state, pendingCores, news));
    }
    // Undefined where declared inputs differ: the engine then finds the keys itself, which `replaceOnChanges` needs.
    return isDeclared ? { replaces, deleteBeforeReplace: true } : { changes: true };
  }

  async create(inputs: CheckedInputs): Promise<dynamic.CreateResult<State>> {
    const taken = this.session.run.takeOver(inputs.serviceId);
    const outs = await this.apply("create", inputs, taken);
    return { id: inputs.serviceId, outs };
  }

  async update(id: string, olds: State, news: CheckedInputs): Promise<dynamic.UpdateResult<State>> {
    const state = readState(olds, id);
    if (!isSettingsOnly(state, news)) return { outs: await this.apply("update", news, state) };
    this.session.run.startOperation(news.__urn);
    const organization = keepOrganization(state, news);
    const unitPrice = this.session.getUnitPrice();
    const now = this.session.clock.date();
    return {
      outs: serializeState(
        news,
        organization,
        getObservedSize(state),
        parsePendingChanges(state),
        state,
        unitPrice,
        now,
      ),
    };
  }

  /** What the service has now; its inputs too, so that drift shows as a difference of properties. */
  async read(id: string, props?: State): Promise<dynamic.ReadResult<State>> {
    const state = readPartialState(props, id);
    const client = this.session.getClient(`refresh the ClickPipes size of service ${id}`);
    const operation = this.session.createOperation("read", client, state);
    const size = await operation.run(() => this.sizeNow(operation, state));
    if (size === undefined) return { id: "" };
    // Where an earlier change may still land on top of it, the next `up` waits until it can't.
    const hasArrived =
      state.pendingCores !== undefined &&
      state.__pendingBefore === undefined &&
      formatSize(toSize(state.pendingCores)) === formatSize(size);
    const isBurst = state.phase === "initialLoad" || state.phase === "unknown";
    const burstSince = isBurst ? state.burstSince : undefined;
    const seen: State = {
      ...state,
      ...trackBurst(state, burstSince, hasArrived, this.session.clock.date()),
      ...deriveKeepingPrice(size, this.session.getUnitPrice(), state),
      ...(hasArrived ? { pendingCores: undefined, __pendingSince: undefined } : {}),
    };
    return { id, props: omitUndefined(seen), inputs: toInputs(seen) as State };
  }

  /** Ends what the resource costs: the size after destroy, else the one from before; the setting itself can't be deleted. */
  async delete(id: string, props: State): Promise<void> {
    const state = readPartialState(props, id);
    const progress = this.session.createProgress(state.__urn);
    if (this.session.run.isDeclared(state.serviceId)) {
      this.session.run.handOver(state);
      await progress.info(`this run still declares service ${id}: its size stays as it is`);
      return;
    }
    const cores = getCoresAfterDestroy(state);
    if (cores === undefined) return progress.warn(describeRemainingCost(state, this.session.getUnitPrice()));
    const client = this.session.getClient(`set back the ClickPipes size of service ${id}`);
    const operation = this.session.createOperation("delete", client, state);
    await warnAboutDestroy(this.session, client, state, cores);
    const patience = { mayWake: state.wakeService ?? false };
    const ledger = parsePendingChanges(state);
    await operation.run(async () => {
      try {
        await scaleTo({ target: state, cores, operation, pending: ledger, policy: patience });
      } catch (error) {
        if (await isConfirmedDeleted(operation, state, error)) return;
        const onItsWay = describePendingChange(error, ledger, operation.resumption);
        throw onItsWay === undefined || !(error instanceof ClickPipesError)
          ? error
          : new InterruptedChangeError(error, onItsWay);
      }
    });
  }

  /** The size on a refresh; the state's own where the service sleeps, undefined where the setting is gone. */
  private async sizeNow(operation: Operation, state: PartialState): Promise<Size | undefined> {
    try {
      return await readUntilKnown(new ScalingReader(operation, state, { mayWake: false }), operation);
    } catch (error) {
      if (await isConfirmedDeleted(operation, state, error)) return undefined;
      const size = getObservedSize(state);
      if (!(error instanceof ServiceNotAwakeError) || size === undefined) throw error;
      await operation.progress.warn(
        `the size could not be read and stays as it was: ${error.facts.observed}`,
      );
      return size;
    }
  }

  /** create and update: bring the service to the declared size; whatever happens, keep what was seen. */
  private async apply(
    kind: "create" | "update",
    inputs: CheckedInputs,
    olds: PartialState | undefined,
  ): Promise<State> {
    const { session } = this;
    session.run.startOperation(inputs.__urn);
    const client = session.getClient(`${kind} the ClickPipes size of service ${inputs.serviceId}`);
    const operation = session.createOperation(kind, client, inputs);
    const ledger = parsePendingChanges(olds);
    const isTakeover = kind === "create" && olds !== undefined;
    return operation.run(async () => {
      const organization =
        kind === "update" && olds !== undefined
          ? keepOrganization(olds, inputs)
          : await session.organizations.resolve({
              declared: inputs.organizationId,
              settings: session.settings,
              client,
              signal: operation.signal,
              list: () => operation.retry(() => client.listOrganizations(operation)),
            });
      const target = { organizationId: organization.organizationId, serviceId: inputs.serviceId };
      const patience: WaitPolicy = {
        mayWake: inputs.wakeService ?? false,
        endpointUntilMs:
          kind === "create" ? operation.startedAtMs + operation.timeoutMs * ENDPOINT_SHARE : undefined,
      };
      const record = (size: Size) =>
        serializeState(
          inputs,
          organization,
          size,
          ledger,
          olds,
          session.getUnitPrice(),
          session.clock.date(),
        );
      if (kind === "create") await keepRunningBurst(operation, target, inputs, patience);
      try {
        await scaleTo({ target, cores: inputs.cores, operation, pending: ledger, policy: patience });
      } catch (error) {
        // What was seen before counts too: an update, or a replacement that took over, keeps its resource.
        const seen = ledger.observedSize ?? (olds === undefined ? undefined : getObservedSize(olds));
        const isKept = ledger.mayHaveChanged || isTakeover;
        if (!isKept || seen === undefined) throw error;
        throw new InitializationError(
          inputs.serviceId,
          record(seen),
          error as Error,
          describePendingChange(error, ledger, operation.resumption),
        );
      }
      return record(toSize(inputs.cores));
    });
  }
}
