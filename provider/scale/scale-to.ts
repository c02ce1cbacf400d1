import { formatChange, isSameSize, toSize, formatSize, type Size } from "../../sizing";
import {
  ClickPipesError,
  hasStatus,
  isTransient,
  mayHaveTakenEffect,
  NoResponseError,
  ConflictingChangeError,
  formatRequestId,
  TimeoutError,
} from "../errors";
import type { PendingChanges } from "../state/pending-changes";
import type { ServiceRef } from "../cloud/client";
import type { ScalingReader } from "./scaling-reader";
import type { Operation } from "../operation/operation";
import { Convergence } from "../wait/convergence";
import { formatDuration } from "../wait/duration";
import { describeReadFailures } from "../operation/read-failures";
import { pollUntilConverged } from "../wait/poll-loop";

export interface ScaleRequest {
  readonly target: ServiceRef;
  readonly cores: number;
  readonly operation: Operation;
  /** Collects what was observed and what may still arrive, even if the operation fails. */
  readonly pending: PendingChanges;
  /** The reader of the operation. */
  readonly reader: ScalingReader;
  /** Called when a change was sent that may arrive. */
  readonly onSend?: () => void;
  /** Called at each read that shows that the change to this size, of this or an earlier command, has not arrived. */
  readonly onWay?: () => void;
  /** Called when the service has the size, before the last status. Must not fail. */
  readonly onArrival?: () => Promise<void>;
  /** What the reader has just read: the first read is then spared. */
  readonly knownSize?: Size;
}

/** Scales the database ClickPipes of a service, and returns when the service has the size. */
export async function scaleTo(request: ScaleRequest): Promise<void> {
  const { operation, pending, reader } = request;
  const wanted = toSize(request.cores);
  const convergence = new Convergence<Size>(
    { wanted, inFlight: toInFlight(pending, operation) },
    { same: isSameSize },
  );
  const change = new SizeChange(request);
  let { knownSize } = request;
  const outcome = await pollUntilConverged({
    convergence,
    clock: operation.clock,
    deadlineAtMs: operation.deadlineAtMs,
    signal: operation.signal,
    send: () => change.send(),
    read: async (rank) => {
      const size = knownSize ?? (await reader.read(rank));
      knownSize = undefined;
      return size && observe(request, size);
    },
  }).catch((error: unknown) => {
    if (error instanceof TimeoutError) return "timeout" as const;
    throw error;
  });
  const { foreignSize } = convergence;
  if (outcome === "conflict") throw createConflictError(request, foreignSize);
  if (outcome === "timeout") {
    const { histogram } = reader;
    throw createTimeoutError(request, { foreignSize, histogram, changeFailure: change.failure });
  }
  pending.clear();
  await request.onArrival?.();
  await operation.progress.status(
    change.hasSent
      ? `${formatSize(wanted)} after ${formatDuration(operation.elapsedMs)}`
      : `${formatSize(wanted)} found: nothing to change`,
  );
}

/** Records a size for the state, the status and the message of an error. */
function observe({ operation, pending, reader, cores, onWay }: ScaleRequest, size: Size): Size {
  reader.count(formatSize(size));
  pending.observedSize = size;
  if (pending.newest?.cores === cores && !isSameSize(toSize(cores), size)) onWay?.();
  operation.showPhase(describePhase(toSize(cores), size, pending));
  return size;
}

/** Sends the change of a size. The outcome says whether it was accepted, refused, or only a later read can tell. */
class SizeChange {
  hasSent = false;
  /** Why the newest request was not clearly accepted. */
  failure: ClickPipesError | undefined;

  constructor(private readonly request: ScaleRequest) {}

  async send(): Promise<"accepted" | "unanswered" | "refused"> {
    const { cores, operation, pending } = this.request;
    this.hasSent = true;
    this.failure = undefined;
    const outcome = await this.patch();
    if (outcome === "refused") return outcome;
    pending.add(cores, operation.clock.date());
    this.request.onSend?.();
    if (pending.observedSize !== undefined) {
      operation.showPhase(describePhase(toSize(cores), pending.observedSize, pending));
    }
    return outcome;
  }

  private async patch(): Promise<"accepted" | "unanswered" | "refused"> {
    const { target, cores, operation } = this.request;
    try {
      await operation.client.patchScaling(target, toSize(cores), operation);
      return "accepted";
    } catch (error) {
      if (error instanceof NoResponseError && error.outcome === "taken") return "accepted";
      if (error instanceof ClickPipesError && !(error instanceof TimeoutError)) this.failure = error;
      if (mayHaveTakenEffect(error)) {
        this.request.reader.count("change without response");
        return "unanswered";
      }
      if (hasStatus(error, 409)) return this.refuse("change refused (409)");
      if (isTransient(error)) return this.refuse("change not sent");
      await this.request.reader.recover(error);
      return "refused";
    }
  }

  private refuse(reason: string): "refused" {
    this.request.reader.count(reason);
    return "refused";
  }
}

function toInFlight(pending: PendingChanges, { clock }: Operation) {
  return pending.changes.map(({ cores, since }) => {
    const agoMs = clock.date().getTime() - since.getTime();
    // If the wall clock was set back, an old change must not count as new.
    return { size: toSize(cores), sentAtMs: clock.nowMs() - Math.max(0, agoMs) };
  });
}

/** The fact first: a terminal of 80 columns cuts the rest of a row. */
function describePhase(wanted: Size, now: Size, { newest }: PendingChanges): string {
  if (isSameSize(now, wanted)) return `${formatSize(wanted)}, confirming`;
  return `${formatChange(now, wanted)}${newest === undefined ? ", sending" : ""}`;
}

function describeOperation({ target, cores, pending }: ScaleRequest): string {
  const wanted = toSize(cores);
  const { sizeBeforeFirstChange: before } = pending;
  // They are the same if the change replaces an earlier one to another size.
  const change =
    before === undefined || isSameSize(before, wanted)
      ? `to ${formatSize(wanted)}`
      : `from ${formatChange(before, wanted).replace("→", "to")}`;
  return `scaling service ${target.serviceId} ${change}`;
}

function createConflictError(request: ScaleRequest, foreign: Size | undefined): ClickPipesError {
  const { operation } = request;
  const size = foreign === undefined ? "another size" : formatSize(foreign);
  return new ConflictingChangeError({
    operation: describeOperation(request),
    kind: operation.kind,
    observed: `another client set ${size} during the wait, and the service still has it after ${formatDuration(operation.elapsedMs)}`,
  });
}

interface TimeoutDetails {
  /** The size that another client set during the wait. */
  readonly foreignSize: Size | undefined;
  readonly histogram: string;
  /** Why the newest change was not clearly accepted. */
  readonly changeFailure: ClickPipesError | undefined;
}

function createTimeoutError(
  request: ScaleRequest,
  { foreignSize, histogram, changeFailure }: TimeoutDetails,
): ClickPipesError {
  const { operation, pending } = request;
  const { lastFailure } = operation;
  const size = pending.observedSize;
  const cause = lastFailure ?? changeFailure;
  const sentences = [
    size === undefined ? "The size could not be read" : `Last observed: ${formatSize(size)}`,
    ...(foreignSize === undefined ? [] : [`Another client set ${formatSize(foreignSize)} during the wait`]),
    ...(changeFailure === undefined
      ? []
      : [`Last failure of the change: ${changeFailure.facts.observed}${formatRequestId(changeFailure)}`]),
    ...(lastFailure === undefined ? [] : [describeReadFailures(operation)]),
    ...(histogram === "" ? [] : [`Responses: ${histogram}`]),
  ];
  return new TimeoutError(
    {
      operation: describeOperation(request),
      kind: operation.kind,
      isKeyShared: operation.isKeyShared,
      pendingSize: pending.newest && formatSize(toSize(pending.newest.cores)),
      observed: sentences.join(". "),
      requestId: cause?.requestId,
      cause,
    },
    operation.formattedTime,
  );
}
