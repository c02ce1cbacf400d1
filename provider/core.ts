import { isBurstPhase, isSameSize, MIN_CORES, type Size, toCores, toSize } from "../sizing";
import { check, type CheckRequest, type CheckResult } from "./check/check";
import type { ServiceRef } from "./cloud/client";
import type { SettingsSource } from "./cloud/settings";
import {
  ClickPipesError,
  InitializationError,
  InterruptedChangeError,
  type OperationKind,
  ServiceNotAwakeError,
} from "./errors";
import { keepRunningBurst } from "./initial-load/keep-running-burst";
import { LoadWatch } from "./initial-load/guard/load-watch";
import { warnAboutLostLoads } from "./initial-load/guard/warn-of-lost-loads";
import { warnAboutDestroy } from "./initial-load/guard/warn-of-destroy";
import type { ProviderContext } from "./operation/context";
import type { Operation } from "./operation/operation";
import { isConfirmedDeleted } from "./scale/confirm-deleted";
import {
  describeRemainingCost,
  describeResumption,
  describeSmallerSize,
  getPendingChange,
} from "./scale/messages";
import { scaleTo } from "./scale/scale-to";
import { readUntilKnown, ScalingReader } from "./scale/scaling-reader";
import { deriveFromSize } from "./state/derived";
import { hasDrifted, haveInputsChanged, isSettingsOnly, listReplaceKeys } from "./state/diff";
import type { CheckedInputs } from "./state/inputs";
import { trackBurst } from "./state/last-burst";
import { omitUndefined } from "./state/omit-undefined";
import { keepOrganization, type ResolvedOrganization } from "./state/organization";
import { parsePendingChanges, type PendingChanges, serializePendingChanges } from "./state/pending-changes";
import type { ResizedLoad } from "./state/resized-load";
import { getCoresAfterDestroy, serializeState } from "./state/record";
import {
  getObservedSize,
  type PartialState,
  readPartialState,
  readState,
  type State,
  toInputs,
} from "./state/stored-state";

/** The share of create's time to wait for the first database ClickPipe of a service, and with it the endpoint. */
const ENDPOINT_SHARE = 1 / 3;

/** What every call of a front carries. */
export interface ResourceRequest {
  /** Where the engine shows what happens to the resource. */
  readonly urn: string;
  /** @default 30 minutes for create, 20 for update and delete, 2 for read */
  readonly timeoutMs?: number | undefined;
}

export interface CreateRequest extends ResourceRequest {
  readonly inputs: CheckedInputs;
}

export interface StateRequest extends ResourceRequest {
  readonly id: string;
  /** The old outputs, as the engine stored them. */
  readonly state: unknown;
}

export interface UpdateRequest extends StateRequest {
  readonly inputs: CheckedInputs;
}

export interface DiffResult {
  /** Whether nothing is to be done. If not, the engine compares the inputs, and applies `ignoreChanges` and `replaceOnChanges`. */
  readonly isUnchanged: boolean;
  readonly replaces: readonly string[];
}

/** The scaling of one service's database ClickPipes: what every front of the provider calls. */
export class Core {
  private readonly operations = new Set<Operation>();

  constructor(private readonly context: ProviderContext) {}

  configure(source: SettingsSource): void {
    this.context.configure(source);
  }

  check(request: CheckRequest): Promise<CheckResult> {
    return check(request, this.context);
  }

  async diff({ urn, id, state: stored, inputs }: UpdateRequest): Promise<DiffResult> {
    const state = readState(stored, { id, urn });
    await warnAboutLostLoads(this.context, urn, state);
    const replaces = listReplaceKeys(state, inputs);
    const isChanged = replaces.length > 0 || haveInputsChanged(state, inputs);
    if (!isChanged && !hasDrifted(state, inputs)) return { isUnchanged: true, replaces };
    this.context.run.expectOperation(urn);
    const { pendingCores } = state;
    if (pendingCores !== undefined) {
      await this.context.createProgress(urn).info(describeResumption(state, pendingCores, inputs));
    }
    return { isUnchanged: false, replaces };
  }

  create(request: CreateRequest): Promise<State> {
    return this.apply("create", request, this.context.run.takeOver(request.inputs.serviceId));
  }

  async update(request: UpdateRequest): Promise<State> {
    const { urn, id, inputs } = request;
    const state = readState(request.state, { id, urn });
    if (!isSettingsOnly(state, inputs)) return this.apply("update", request, state);
    this.context.run.startOperation(urn);
    const pending = parsePendingChanges(state);
    const organization = keepOrganization(state, inputs);
    return this.serialize({ inputs, organization, size: getObservedSize(state), pending, olds: state });
  }

  /** Reads the current size, into the inputs too, so that drift is a diff of properties. Undefined if the endpoint was deleted. */
  async read({
    urn,
    timeoutMs,
    id,
    state: stored,
  }: StateRequest): Promise<
    { readonly state: State; readonly inputs: ReturnType<typeof toInputs> } | undefined
  > {
    const state = readPartialState(stored, { id, urn });
    const client = this.context.getClient(`refreshing the ClickPipes size of service ${id}`);
    const operation = this.context.createOperation("read", client, { urn, timeoutMs });
    const size = await this.run(operation, () => readCurrentSize(operation, state));
    if (size === undefined) return undefined;
    const pending = parsePendingChanges(state);
    // An earlier change may still overwrite the newest one: then the next `up` waits until it can't.
    const [only, ...others] = pending.changes;
    const hasArrived = only !== undefined && others.length === 0 && isSameSize(toSize(only.cores), size);
    if (hasArrived) pending.clear();
    const now = this.context.clock.date();
    const isBurst =
      state.burstSince !== undefined && (isBurstPhase(state.phase) || state.phase === "unknown");
    const derived = deriveFromSize(size, this.context.getUnitPrice());
    const observed: State = omitUndefined({
      ...state,
      ...trackBurst({ olds: state, isBurst, isSizeReached: hasArrived, startedAt: now, now }),
      ...derived,
      cores: state.initialLoad === undefined ? derived.currentCores : (state.cores ?? derived.currentCores),
      ...serializePendingChanges(pending),
    });
    return { state: observed, inputs: toInputs(observed) };
  }

  /** Restores `coresAfterDestroy` or the size from before. The endpoint itself can't be deleted. */
  async delete({ urn, timeoutMs, id, state: stored }: StateRequest): Promise<void> {
    const state = readPartialState(stored, { id, urn });
    const progress = this.context.createProgress(urn);
    if (this.context.run.isDeclared(state.serviceId)) {
      this.context.run.handOver(state);
      await progress.info(`another resource of this program declares service ${id}: its size is unchanged`);
      return;
    }
    const cores = getCoresAfterDestroy(state);
    if (cores === undefined) return progress.warn(describeRemainingCost(state, this.context.getUnitPrice()));
    const client = this.context.getClient(`restoring the ClickPipes size of service ${id}`);
    const operation = this.context.createOperation("delete", client, { urn, timeoutMs });
    await warnAboutDestroy({ context: this.context, urn, client, state, cores });
    const loads = this.watchLoads(operation, state, state);
    await this.run(operation, () => scaleBack(operation, state, cores, loads.hooks));
  }

  /** Ends every operation in progress. The state keeps what is known of each, and the next command resumes. */
  cancel(reason: string): void {
    for (const operation of this.operations) operation.cancel(reason);
  }

  /** Scales the service to its declared size. If that fails, the state keeps what was observed. */
  private async apply(
    kind: "create" | "update",
    { urn, timeoutMs, inputs }: CreateRequest,
    olds: PartialState | undefined,
  ): Promise<State> {
    const { context } = this;
    context.run.startOperation(urn);
    const { currentCores: cores } = inputs;
    const client = context.getClient(`scaling service ${inputs.serviceId} to ${cores} cores`);
    const operation = context.createOperation(kind, client, { urn, timeoutMs });
    const pending = parsePendingChanges(olds);
    return this.run(operation, async () => {
      const kept = kind === "update" && olds !== undefined ? keepOrganization(olds, inputs) : undefined;
      const organization = kept ?? (await this.resolveOrganization(operation, inputs));
      const target = { organizationId: organization.organizationId, serviceId: inputs.serviceId };
      const reader = createReader(kind, operation, target, inputs);
      const loads = this.watchLoads(operation, target, inputs);
      const parts = { inputs, organization, pending, olds };
      if (kind === "create") await keepRunningBurst({ operation, reader, target, inputs });
      try {
        await scaleTo({ target, cores, operation, pending, reader, ...loads.hooks });
      } catch (error) {
        // A replacement keeps what the replaced resource knew.
        const isTakeover = kind === "create" && olds !== undefined;
        const size = pending.observedSize ?? (olds === undefined ? undefined : getObservedSize(olds));
        if (size === undefined || !(pending.mayHaveChanged || isTakeover)) throw error;
        const cause = addPendingChange(error, pending, kind);
        const resizedLoads = await loads.listThreatened();
        throw new InitializationError(
          inputs.serviceId,
          this.serialize({ ...parts, size, resizedLoads }),
          cause,
        );
      }
      return this.serialize({ ...parts, size: toSize(cores), resizedLoads: loads.met });
    });
  }

  private watchLoads(
    operation: Operation,
    target: ServiceRef,
    inputs: Pick<CheckedInputs, "initialLoad" | "suppressAdvice">,
  ): LoadWatch {
    return new LoadWatch({
      context: this.context,
      operation,
      target,
      hasInitialLoad: inputs.initialLoad !== undefined,
      isWarningSuppressed: inputs.suppressAdvice?.includes("resizeDuringLoad") ?? false,
    });
  }

  private async resolveOrganization(
    operation: Operation,
    { organizationId }: CheckedInputs,
  ): Promise<ResolvedOrganization> {
    const { client, signal } = operation;
    return this.context.organizations.resolve({
      declared: organizationId,
      settings: this.context.settings,
      client,
      signal,
      list: () => operation.retry(() => client.listOrganizations(operation)),
    });
  }

  private serialize(parts: {
    readonly inputs: CheckedInputs;
    readonly organization: ResolvedOrganization;
    readonly size: Size;
    readonly pending: PendingChanges;
    readonly olds: PartialState | undefined;
    readonly resizedLoads?: readonly ResizedLoad[];
  }): State {
    const { clock } = this.context;
    return serializeState({
      ...parts,
      usdPerComputeUnitHour: this.context.getUnitPrice(),
      now: clock.date(),
    });
  }

  private async run<Result>(operation: Operation, work: () => Promise<Result>): Promise<Result> {
    this.operations.add(operation);
    try {
      return await operation.run(work);
    } finally {
      this.operations.delete(operation);
    }
  }
}

function createReader(
  kind: "create" | "update",
  operation: Operation,
  target: ServiceRef,
  { wakeService = false }: CheckedInputs,
): ScalingReader {
  const endpointUntilMs =
    kind === "create" ? operation.startedAtMs + operation.timeoutMs * ENDPOINT_SHARE : undefined;
  return new ScalingReader(operation, target, { mayWake: wakeService, endpointUntilMs });
}

/** The size for a refresh: the stored one if the service is idle, undefined if the endpoint was deleted. */
async function readCurrentSize(operation: Operation, state: PartialState): Promise<Size | undefined> {
  try {
    return await readUntilKnown(new ScalingReader(operation, state, { mayWake: false }), operation);
  } catch (error) {
    if (await isConfirmedDeleted(operation, state, error)) return undefined;
    const size = getObservedSize(state);
    if (!(error instanceof ServiceNotAwakeError) || size === undefined) throw error;
    await operation.progress.warn(
      `the size could not be read (${error.facts.observed}); the state keeps the last one`,
    );
    return size;
  }
}

/** Never scales up: a damaged state, or a baseline from before someone else scaled down, must not start to cost. */
async function scaleBack(
  operation: Operation,
  state: PartialState,
  cores: number,
  hooks: LoadWatch["hooks"],
): Promise<void> {
  const pending = parsePendingChanges(state);
  const reader = new ScalingReader(operation, state, { mayWake: state.wakeService ?? false });
  try {
    const knownSize = await readUntilKnown(reader, operation);
    const smallest = Math.min(cores, toCores(knownSize), pending.newest?.cores ?? cores);
    // A service may show a fraction, which no request can set. Without a pending change it just stays.
    const least = pending.mayHaveChanged ? Math.max(MIN_CORES, Math.floor(smallest)) : smallest;
    if (least < cores) await operation.progress.info(describeSmallerSize(state, least, cores));
    // Unlike check, a destroy has warned of the pipes that it read.
    const { onSend } = hooks;
    await scaleTo({
      target: state,
      cores: least,
      operation,
      pending,
      reader,
      knownSize,
      ...hooks,
      onWay: onSend,
    });
  } catch (error) {
    if (await isConfirmedDeleted(operation, state, error)) return;
    throw addPendingChange(error, pending, "delete");
  }
}

/** The error with the change that may still arrive, if there is one. */
function addPendingChange(error: unknown, pending: PendingChanges, kind: OperationKind): Error {
  const change = getPendingChange(error, pending, kind);
  if (change !== undefined && error instanceof ClickPipesError)
    return new InterruptedChangeError(error, change);
  return error as Error;
}
