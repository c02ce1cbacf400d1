import { formatChange, isSameSize, toSize, formatSize, type Size } from "../../sizing";
import {
  ClickPipesError,
  hasStatus,
  isTransient,
  mayHaveTakenEffect,
  NoResponseError,
  ConflictingChangeError,
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
  /** Holds, whatever happens, what was seen and what may still be on its way. */
  readonly pending: PendingChanges;
  /** The one of the operation. */
  readonly reader: ScalingReader;
}

/** Brings a service's database ClickPipes to a size and returns when the service was seen at it. */
export async function scaleTo(task: ScaleRequest): Promise<void> {
  const { operation, pending, reader } = task;
  const { clock } = operation;
  const wanted = toSize(task.cores);
  const convergence = new Convergence<Size>(
    { wanted, inFlight: toInFlight(pending, operation) },
    { same: isSameSize },
  );
  const change = new SizeChange(task);

  const ending = await pollUntilConverged({
    convergence,
    clock,
    deadlineAtMs: operation.deadlineAtMs,
    signal: operation.signal,
    send: () => change.send(),
    async read(rank) {
      const size = await reader.read(rank);
      if (size === undefined) return undefined;
      reader.count(formatSize(size));
      pending.observedSize = size;
      operation.phase = describePhase(wanted, size, pending);
      return size;
    },
  }).catch((error: unknown) => {
    if (error instanceof TimeoutError) return "timeout" as const;
    throw error;
  });
  if (ending === "done") {
    pending.clear();
    await operation.progress.status(
      change.hasSent
        ? `${formatSize(wanted)} after ${formatDuration(operation.elapsedMs)}`
        : `${formatSize(wanted)} found: nothing to change`,
    );
    return;
  }
  throw ending === "conflict"
    ? createConflictError(task, convergence.foreignSize)
    : createTimeoutError(task, {
        foreign: convergence.foreignSize,
        histogram: reader.histogram,
        changeFailure: change.failure,
      });
}

/** Sends a size and tells apart what was taken, what was refused, and what only a later look can tell. */
class SizeChange {
  hasSent = false;
  /** Why the newest request was not clearly accepted. */
  failure: ClickPipesError | undefined;

  constructor(private readonly task: ScaleRequest) {}

  async send(): Promise<"accepted" | "unanswered" | "refused"> {
    const { cores, operation, pending } = this.task;
    this.hasSent = true;
    this.failure = undefined;
    const outcome = await this.request();
    if (outcome === "refused") return outcome;
    pending.add(cores, operation.clock.date());
    if (pending.observedSize !== undefined) {
      operation.phase = describePhase(toSize(cores), pending.observedSize, pending);
    }
    return outcome;
  }

  private async request(): Promise<"accepted" | "unanswered" | "refused"> {
    const { target, cores, operation } = this.task;
    try {
      await operation.client.patchScaling(target, toSize(cores), operation);
      return "accepted";
    } catch (error) {
      if (error instanceof NoResponseError && error.outcome === "taken") return "accepted";
      if (error instanceof ClickPipesError && !(error instanceof TimeoutError)) this.failure = error;
      if (mayHaveTakenEffect(error)) {
        this.task.reader.count("change without response");
        return "unanswered";
      }
      if (hasStatus(error, 409)) return this.refused("change refused (409)");
      if (isTransient(error)) return this.refused("change not sent");
      await this.task.reader.recover(error);
      return "refused";
    }
  }

  private refused(why: string): "refused" {
    this.task.reader.count(why);
    return "refused";
  }
}

function toInFlight(ledger: PendingChanges, { clock }: Operation) {
  return ledger.changes.map(({ cores, since }) => {
    const agoMs = clock.date().getTime() - since.getTime();
    // A clock that was set back must not make an old change young.
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
  // They are the same if the change overtakes an earlier one to another size.
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
  readonly foreign: Size | undefined;
  readonly histogram: string;
  /** Why the newest change was not clearly accepted. */
  readonly changeFailure: ClickPipesError | undefined;
}

function createTimeoutError(
  request: ScaleRequest,
  { foreign, histogram, changeFailure }: TimeoutDetails,
): ClickPipesError {
  const { operation, pending } = request;
  const { lastFailure } = operation;
  const size = pending.observedSize;
  const cause = lastFailure ?? changeFailure;
  const sentences = [
    size === undefined ? "The size could not be read" : `Last observed: ${formatSize(size)}`,
    ...(foreign === undefined ? [] : [`Another client set ${formatSize(foreign)} during the wait`]),
    ...(changeFailure === undefined ? [] : [`Last failure of the change: ${changeFailure.facts.observed}`]),
    ...(lastFailure === undefined ? [] : [describeReadFailures(operation)]),
    ...(histogram === "" ? [] : [`Responses: ${histogram}`]),
  ];
  return new TimeoutError(
    {
      operation: describeOperation(request),
      kind: operation.kind,
      pendingSize: pending.newest && formatSize(toSize(pending.newest.cores)),
      observed: sentences.join(". "),
      requestId: cause?.requestId,
      cause,
    },
    formatDuration(operation.elapsedMs),
  );
}
