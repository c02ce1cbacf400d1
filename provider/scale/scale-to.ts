import { changeText, sameSize, sizeOf, sizeText, type Size } from "../../sizing";
import {
  ClickPipesError,
  hasStatus,
  isTransient,
  mayHaveTakenEffect,
  NoAnswerError,
  OverruledError,
  TimeoutError,
} from "../errors";
import type { Ledger } from "../state/pending-changes";
import type { Target } from "../cloud/client";
import { Look, type Patience } from "./scaling-reader";
import type { Operation } from "../operation/operation";
import { Convergence } from "../wait/convergence";
import { durationText } from "../wait/duration";
import { converge } from "../wait/poll-loop";

export interface Task {
  readonly target: Target;
  readonly cores: number;
  readonly operation: Operation;
  /** Holds, whatever happens, what was seen and what may still be on its way. */
  readonly ledger: Ledger;
  readonly patience: Patience;
}

/** Brings a service's database ClickPipes to a size and returns when the service was seen at it. */
export async function bring(task: Task): Promise<void> {
  const { operation, ledger } = task;
  const { clock } = operation;
  const wanted = sizeOf(task.cores);
  const look = new Look(operation, task.target, task.patience);
  const convergence = new Convergence<Size>(
    { wanted, inFlight: inFlightOf(ledger, operation) },
    { same: sameSize },
  );
  const change = new Change(task, look);

  const ending = await converge({
    convergence,
    clock,
    deadlineAtMs: operation.deadlineAtMs,
    signal: operation.signal,
    send: () => change.send(),
    async look(rank) {
      const size = await look.once(rank);
      if (size === undefined) return undefined;
      look.note(sizeText(size));
      ledger.seen = size;
      operation.phase = phaseText(wanted, size, ledger);
      return size;
    },
  }).catch((error: unknown) => {
    if (error instanceof TimeoutError) return "timeout" as const;
    throw error;
  });
  if (ending === "done") {
    ledger.arrived();
    await operation.progress.status(
      change.hasSent
        ? `${sizeText(wanted)} after ${durationText(operation.elapsedMs)}`
        : `${sizeText(wanted)} found: nothing to change`,
    );
    return;
  }
  throw ending === "overruled"
    ? overruled(task, convergence.foreign)
    : timedOut(task, convergence.foreign, look.summary, change.failure);
}

/** Sends a size and tells apart what was taken, what was refused, and what only a later look can tell. */
class Change {
  hasSent = false;
  /** Why the newest request was not clearly accepted. */
  failure: ClickPipesError | undefined;

  constructor(
    private readonly task: Task,
    private readonly look: Look,
  ) {}

  async send(): Promise<"accepted" | "unanswered" | "refused"> {
    const { cores, operation, ledger } = this.task;
    this.hasSent = true;
    this.failure = undefined;
    const outcome = await this.request();
    if (outcome !== "refused") ledger.sent(cores, operation.clock.date());
    return outcome;
  }

  private async request(): Promise<"accepted" | "unanswered" | "refused"> {
    const { target, cores, operation } = this.task;
    try {
      await operation.client.patchScaling(target, sizeOf(cores), operation);
      return "accepted";
    } catch (error) {
      if (error instanceof NoAnswerError && error.outcome === "taken") return "accepted";
      if (error instanceof ClickPipesError) this.failure = error;
      if (mayHaveTakenEffect(error)) {
        this.look.note("change without an answer");
        return "unanswered";
      }
      if (hasStatus(error, 409)) return this.refused("change refused with 409, another one is under way");
      if (isTransient(error)) return this.refused("change not sent");
      await this.look.overcome(error);
      return "refused";
    }
  }

  private refused(why: string): "refused" {
    this.look.note(why);
    return "refused";
  }
}

function inFlightOf(ledger: Ledger, { clock }: Operation) {
  return ledger.inFlight.map(({ cores, since }) => {
    const agoMs = clock.date().getTime() - since.getTime();
    // A clock that was set back must not make an old change young.
    return { size: sizeOf(cores), sentAtMs: clock.nowMs() - Math.max(0, agoMs) };
  });
}

function phaseText(wanted: Size, now: Size, ledger: Ledger): string {
  return `${ledger.pending === undefined ? "changing" : "waiting"}: ${changeText(now, wanted)}`;
}

function asked({ target, cores, ledger }: Task): string {
  const wanted = sizeOf(cores);
  // They are the same where an earlier change, to another size, is to be overtaken.
  const before = ledger.before && !sameSize(ledger.before, wanted) ? ledger.before : undefined;
  const from = before === undefined ? "" : ` from ${sizeText(before)}`;
  return `bring service ${target.serviceId}${from} to ${sizeText(wanted)}`;
}

function overruled(task: Task, foreign: Size | undefined): ClickPipesError {
  const { operation } = task;
  const size = foreign === undefined ? "another size" : sizeText(foreign);
  return new OverruledError({
    asked: asked(task),
    seen: `somebody else set ${size} during the wait, and it stayed after ${durationText(operation.elapsedMs)}`,
    next: `Find out who changes this service; the next \`${operation.command}\` asks for that size again`,
  });
}

function timedOut(
  task: Task,
  foreign: Size | undefined,
  summary: string,
  unsent: ClickPipesError | undefined,
): ClickPipesError {
  const { operation, ledger } = task;
  const { failure: unread } = operation;
  const after = `after ${durationText(operation.elapsedMs)}`;
  const size = ledger.seen === undefined ? undefined : sizeText(ledger.seen);
  const still = unread === undefined ? `still ${size} ${after}` : `${size} when last read, not read ${after}`;
  const parts = [
    size === undefined ? `no size could be read ${after}` : still,
    ...(foreign === undefined ? [] : [`somebody else set ${sizeText(foreign)} during the wait`]),
    ...(unsent === undefined ? [] : [`to the change ${unsent.facts.seen}`]),
    ...(unread === undefined ? [] : [`at last, asked to ${unread.facts.asked}, ${unread.facts.seen}`]),
  ];
  return new TimeoutError({
    asked: asked(task),
    seen: `${parts.join("; ")}${summary === "" ? "" : ` (${summary})`}`,
    next: ledger.mayHaveChanged
      ? `The change may still arrive: ${operation.resumption}; \`customTimeouts\` sets a longer limit`
      : `Nothing was changed: run \`${operation.command}\` again later`,
    requestId: (unread ?? unsent)?.facts.requestId,
  });
}
