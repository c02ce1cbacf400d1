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
    : createTimeoutError(task, convergence.foreignSize, reader.histogram, change.failure);
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
      if (error instanceof ClickPipesError) this.failure = error;
      if (mayHaveTakenEffect(error)) {
        this.task.reader.count("change without an answer");
        return "unanswered";
      }
      if (hasStatus(error, 409)) return this.refused("change refused with 409, another one is under way");
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
  return `${formatChange(now, wanted)}${newest === undefined ? ", sending" : ""}`;
}

function describeOperation({ target, cores, pending }: ScaleRequest): string {
  const wanted = toSize(cores);
  // They are the same where an earlier change, to another size, is to be overtaken.
  const before =
    pending.sizeBeforeFirstChange && !isSameSize(pending.sizeBeforeFirstChange, wanted)
      ? pending.sizeBeforeFirstChange
      : undefined;
  const from = before === undefined ? "" : ` from ${formatSize(before)}`;
  return `bring service ${target.serviceId}${from} to ${formatSize(wanted)}`;
}

function createConflictError(task: ScaleRequest, foreign: Size | undefined): ClickPipesError {
  const { operation } = task;
  const size = foreign === undefined ? "another size" : formatSize(foreign);
  return new ConflictingChangeError({
    operation: describeOperation(task),
    observed: `somebody else set ${size} during the wait, and it stayed after ${formatDuration(operation.elapsedMs)}`,
    remedy: `Find out who changes this service; the next \`${operation.command}\` asks for that size again`,
  });
}

function createTimeoutError(
  task: ScaleRequest,
  foreign: Size | undefined,
  summary: string,
  unsent: ClickPipesError | undefined,
): ClickPipesError {
  const { operation, pending } = task;
  const { lastFailure: unread } = operation;
  const after = `after ${formatDuration(operation.elapsedMs)}`;
  const size = pending.observedSize === undefined ? undefined : formatSize(pending.observedSize);
  const still = unread === undefined ? `still ${size} ${after}` : `${size} when last read, not read ${after}`;
  const parts = [
    size === undefined ? `no size could be read ${after}` : still,
    ...(foreign === undefined ? [] : [`somebody else set ${formatSize(foreign)} during the wait`]),
    ...(unsent === undefined ? [] : [`to the change ${unsent.facts.observed}`]),
    ...(unread === undefined
      ? []
      : [`at last, asked to ${unread.facts.operation}, ${unread.facts.observed}`]),
  ];
  return new TimeoutError({
    operation: describeOperation(task),
    observed: `${parts.join("; ")}${summary === "" ? "" : ` (${summary})`}`,
    remedy: pending.mayHaveChanged
      ? `The change may still arrive: ${operation.resumption}; \`customTimeouts\` sets a longer limit`
      : `Nothing was changed: run \`${operation.command}\` again later`,
    requestId: (unread ?? unsent)?.facts.requestId,
  });
}
