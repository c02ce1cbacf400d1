import { sameSize, sizeOf, sizeText, type Size } from "../sizing";
import {
  ClickPipesError,
  hasStatus,
  isTransient,
  mayHaveTakenEffect,
  NoAnswerError,
  OverruledError,
  TimeoutError,
} from "./errors";
import type { Ledger } from "./ledger";
import { Look, type Patience } from "./look";
import type { Operation } from "./operation";
import { Convergence } from "./wait/convergence";
import { durationText } from "./wait/duration";
import { converge } from "./wait/loop";

/** A change that goes unanswered this often is given up: the API takes none at the moment. */
const MOST_UNANSWERED = 10;

/**
 * Brings a service's database ClickPipes to a size and returns when the service was seen at it. The ledger holds, whatever
 * happens, what was seen and what may still be on its way.
 */
export async function bringTo(
  cores: number,
  operation: Operation,
  ledger: Ledger,
  patience: Patience,
): Promise<void> {
  const { clock } = operation;
  const wanted = sizeOf(cores);
  const look = new Look(operation, patience);
  const convergence = new Convergence<Size>(
    { wanted, inFlight: inFlightOf(ledger, operation) },
    { same: sameSize },
  );
  const change = new Change(cores, operation, ledger, look);

  const ending = await converge({
    convergence,
    clock,
    deadlineAtMs: operation.deadlineAtMs,
    signal: operation.signal,
    send: () => change.send(),
    async look() {
      const size = await look.once();
      if (size === undefined) return undefined;
      look.note(sizeText(size));
      ledger.seen = size;
      operation.phase = phaseText(wanted, size, ledger);
      return size;
    },
  });
  if (ending === "done") {
    ledger.pending = undefined;
    await operation.progress.status(
      change.hasSent
        ? `${sizeText(wanted)} after ${durationText(operation.elapsedMs)}`
        : `${sizeText(wanted)} found: nothing to change`,
    );
    return;
  }
  throw ending === "overruled"
    ? overruled(wanted, convergence.foreign, operation, ledger)
    : timedOut(wanted, convergence.foreign, operation, ledger, look);
}

/** Sends a size and tells apart what was taken, what was refused, and what only a later look can tell. */
class Change {
  hasSent = false;
  private unanswered = 0;

  constructor(
    private readonly cores: number,
    private readonly operation: Operation,
    private readonly ledger: Ledger,
    private readonly look: Look,
  ) {}

  async send(): Promise<"accepted" | "unanswered" | "refused"> {
    const { client, target, clock, signal } = this.operation;
    await this.operation.mayWrite();
    this.hasSent = true;
    const notTaken = this.ledger.sending(this.cores, clock.date());
    try {
      await client.patchScaling(target, sizeOf(this.cores), signal);
      return "accepted";
    } catch (error) {
      if (error instanceof NoAnswerError && error.outcome === "taken") return "accepted";
      if (mayHaveTakenEffect(error)) {
        this.look.note("change without an answer");
        if (++this.unanswered >= MOST_UNANSWERED) throw error;
        return "unanswered";
      }
      if (this.unanswered === 0) notTaken();
      if (hasStatus(error, 409)) this.look.note("change refused with 409, another one is under way");
      else if (isTransient(error)) this.look.note("change not sent");
      else await this.look.overcome(error);
      return "refused";
    }
  }
}

function inFlightOf(ledger: Ledger, { clock }: Operation) {
  if (ledger.pending === undefined) return undefined;
  const agoMs = clock.date().getTime() - ledger.pending.since.getTime();
  // A clock that was set back must not make an old change young.
  return { size: sizeOf(ledger.pending.cores), sentAtMs: clock.nowMs() - Math.max(0, agoMs) };
}

function phaseText(wanted: Size, now: Size, ledger: Ledger): string {
  return `${ledger.pending === undefined ? "changing" : "waiting"}: ${sizeText(now)} now, ${sizeText(wanted)} wanted`;
}

function asked(wanted: Size, { target }: Operation, ledger: Ledger): string {
  const from = ledger.before === undefined ? "" : ` from ${sizeText(ledger.before)}`;
  return `bring service ${target.serviceId}${from} to ${sizeText(wanted)}`;
}

function overruled(
  wanted: Size,
  foreign: Size | undefined,
  operation: Operation,
  ledger: Ledger,
): ClickPipesError {
  const size = foreign === undefined ? "another size" : sizeText(foreign);
  return new OverruledError({
    asked: asked(wanted, operation, ledger),
    seen: `somebody else set ${size} during the wait, and it stayed after ${durationText(operation.elapsedMs)}`,
    next: "Find out who changes this service; the next `pulumi up` asks for the declared size again",
  });
}

function timedOut(
  wanted: Size,
  foreign: Size | undefined,
  operation: Operation,
  ledger: Ledger,
  look: Look,
): ClickPipesError {
  const still = ledger.seen === undefined ? "no size could be read" : `still ${sizeText(ledger.seen)}`;
  const other = foreign === undefined ? "" : `; somebody else set ${sizeText(foreign)} during the wait`;
  return new TimeoutError({
    asked: asked(wanted, operation, ledger),
    seen: `${still} after ${durationText(operation.elapsedMs)}${other} (${look.summary})`,
    next: ledger.mayHaveChanged
      ? "The change may still arrive: the next `pulumi up` goes on waiting; `customTimeouts` sets a longer limit"
      : "Nothing was changed: run `pulumi up` again later",
  });
}
