import type * as dynamic from "@pulumi/pulumi/dynamic";
import { sizeOf, sizeText, type Size } from "../sizing";
import { bring } from "./scale/scale-to";
import { checked } from "./check/check";
import { declaredDiffers, needsNoRequest, replaced, seenDiffers } from "./state/diff";
import { ClickPipesError, InitializationFailure, ServiceNotAwakeError, UnfinishedError } from "./errors";
import { isGone } from "./scale/confirm-deleted";
import { keepFoundBurst } from "./initial-load/keep-running-burst";
import { trackBurst } from "./state/last-burst";
import { warnOfDestroy } from "./initial-load/warn-of-destroy";
import type { CheckedInputs, Inputs } from "./state/inputs";
import { firstSize, Look, type Patience } from "./scale/scaling-reader";
import { onItsWayText, resumptionText, staysText } from "./scale/messages";
import type { Operation } from "./operation/operation";
import { coresAfterDestroy, ledgerOf, recordOf } from "./state/record";
import type { Session } from "./operation/context";
import {
  inputsOf,
  present,
  readState,
  salvageState,
  type Salvaged,
  seenSize,
  type State,
} from "./state/stored-state";
import { derivedKept } from "./state/derived";
import { organizationOf } from "./state/organization";

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

  check(olds: Partial<CheckedInputs>, news: Inputs): Promise<dynamic.CheckResult<CheckedInputs>> {
    return checked(olds, news, this.session);
  }

  async diff(id: string, olds: State, news: CheckedInputs): Promise<dynamic.DiffResult> {
    const state = readState(olds, id);
    const replaces = replaced(state, news);
    const isDeclared = replaces.length > 0 || declaredDiffers(state, news);
    if (!isDeclared && !seenDiffers(state, news)) return { changes: false };
    this.session.run.expect(news.__urn);
    const { pendingCores } = state;
    if (pendingCores !== undefined) {
      await this.session.progress(news.__urn).info(resumptionText(state, pendingCores, news));
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
    if (!needsNoRequest(state, news)) return { outs: await this.apply("update", news, state) };
    this.session.run.begin(news.__urn);
    const organization = organizationOf(state, news);
    const unitPrice = this.session.unitPrice();
    const now = this.session.clock.date();
    return { outs: recordOf(news, organization, seenSize(state), ledgerOf(state), state, unitPrice, now) };
  }

  /** What the service has now; its inputs too, so that drift shows as a difference of properties. */
  async read(id: string, props?: State): Promise<dynamic.ReadResult<State>> {
    const state = salvageState(props, id);
    const client = this.session.client(`refresh the ClickPipes size of service ${id}`);
    const operation = this.session.operation("read", client, state);
    const size = await operation.run(() => this.sizeNow(operation, state));
    if (size === undefined) return { id: "" };
    // Where an earlier change may still land on top of it, the next `up` waits until it can't.
    const hasArrived =
      state.pendingCores !== undefined &&
      state.__pendingBefore === undefined &&
      sizeText(sizeOf(state.pendingCores)) === sizeText(size);
    const isBurst = state.phase === "initialLoad" || state.phase === "unknown";
    const burstSince = isBurst ? state.burstSince : undefined;
    const seen: State = {
      ...state,
      ...trackBurst(state, burstSince, hasArrived, this.session.clock.date()),
      ...derivedKept(size, this.session.unitPrice(), state),
      ...(hasArrived ? { pendingCores: undefined, __pendingSince: undefined } : {}),
    };
    return { id, props: present(seen), inputs: inputsOf(seen) as State };
  }

  /** Ends what the resource costs: the size after destroy, else the one from before; the setting itself can't be deleted. */
  async delete(id: string, props: State): Promise<void> {
    const state = salvageState(props, id);
    const progress = this.session.progress(state.__urn);
    if (this.session.run.declares(state.serviceId)) {
      this.session.run.handOver(state);
      await progress.info(`this run still declares service ${id}: its size stays as it is`);
      return;
    }
    const cores = coresAfterDestroy(state);
    if (cores === undefined) return progress.warn(staysText(state, this.session.unitPrice()));
    const client = this.session.client(`set back the ClickPipes size of service ${id}`);
    const operation = this.session.operation("delete", client, state);
    await warnOfDestroy(this.session, client, state, cores);
    const patience = { mayWake: state.wakeService ?? false };
    const ledger = ledgerOf(state);
    await operation.run(async () => {
      try {
        await bring({ target: state, cores, operation, ledger, patience });
      } catch (error) {
        if (await isGone(operation, state, error)) return;
        const onItsWay = onItsWayText(error, ledger, operation.resumption);
        throw onItsWay === undefined || !(error instanceof ClickPipesError)
          ? error
          : new UnfinishedError(error, onItsWay);
      }
    });
  }

  /** The size on a refresh; the state's own where the service sleeps, undefined where the setting is gone. */
  private async sizeNow(operation: Operation, state: Salvaged): Promise<Size | undefined> {
    try {
      return await firstSize(new Look(operation, state, { mayWake: false }), operation);
    } catch (error) {
      if (await isGone(operation, state, error)) return undefined;
      const size = seenSize(state);
      if (!(error instanceof ServiceNotAwakeError) || size === undefined) throw error;
      await operation.progress.warn(`the size could not be read and stays as it was: ${error.facts.seen}`);
      return size;
    }
  }

  /** create and update: bring the service to the declared size; whatever happens, keep what was seen. */
  private async apply(
    kind: "create" | "update",
    inputs: CheckedInputs,
    olds: Salvaged | undefined,
  ): Promise<State> {
    const { session } = this;
    session.run.begin(inputs.__urn);
    const client = session.client(`${kind} the ClickPipes size of service ${inputs.serviceId}`);
    const operation = session.operation(kind, client, inputs);
    const ledger = ledgerOf(olds);
    const isTakeover = kind === "create" && olds !== undefined;
    return operation.run(async () => {
      const organization =
        kind === "update" && olds !== undefined
          ? organizationOf(olds, inputs)
          : await session.organizations.resolve({
              declared: inputs.organizationId,
              settings: session.credentials,
              client,
              signal: operation.signal,
              list: () => operation.retrying(() => client.listOrganizations(operation)),
            });
      const target = { organizationId: organization.organizationId, serviceId: inputs.serviceId };
      const patience: Patience = {
        mayWake: inputs.wakeService ?? false,
        endpointUntilMs:
          kind === "create" ? operation.startedAtMs + operation.limitMs * ENDPOINT_SHARE : undefined,
      };
      const record = (size: Size) =>
        recordOf(inputs, organization, size, ledger, olds, session.unitPrice(), session.clock.date());
      if (kind === "create") await keepFoundBurst(operation, target, inputs, patience);
      try {
        await bring({ target, cores: inputs.cores, operation, ledger, patience });
      } catch (error) {
        // What was seen before counts too: an update, or a replacement that took over, keeps its resource.
        const seen = ledger.seen ?? (olds === undefined ? undefined : seenSize(olds));
        const isKept = ledger.mayHaveChanged || isTakeover;
        if (!isKept || seen === undefined) throw error;
        throw new InitializationFailure(
          inputs.serviceId,
          record(seen),
          error as Error,
          onItsWayText(error, ledger, operation.resumption),
        );
      }
      return record(sizeOf(inputs.cores));
    });
  }
}
