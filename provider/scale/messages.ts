import { coresOf, costOf, sizeOf, sizeText, usdText } from "../../sizing";
import { OverruledError, TimeoutError } from "../errors";
import type { CheckedInputs } from "../state/inputs";
import type { Ledger } from "../state/pending-changes";
import { type Salvaged, seenSize, type State } from "../state/stored-state";

/** After a wait that ran out the preview has no changed property: the row says what the next `up` goes on with. */
export function resumptionText(state: State, pendingCores: number, { cores }: CheckedInputs): string {
  const pending = sizeText(sizeOf(pendingCores));
  const what =
    pendingCores === cores
      ? `resumes: goes on waiting for ${pending}`
      : `replaces an unfinished change to ${pending}`;
  return `${what}; ${sizeText(seenSize(state))} when last seen`;
}

/** What a destroy leaves that knows of no size to put back. */
export function staysText(state: Salvaged, unitPrice: number | undefined): string {
  return (
    `the size of service ${state.serviceId} stays ${sizeWithCost(state, unitPrice)}: what it was before is not known. ` +
    "`coresAfterDestroy` says what a destroy is to leave"
  );
}

function sizeWithCost(state: Salvaged, unitPrice: number | undefined): string {
  const size = seenSize(state);
  if (size === undefined) return "as it is, and goes on costing";
  const { usdPerHour, usdPerMonth } = costOf(coresOf(size), unitPrice);
  return `at ${sizeText(size)}, which goes on costing ${usdText(usdPerHour)}/h (${usdText(usdPerMonth)} a month)`;
}

/** A failure that is not about the wait itself, such as a key that expired during it, leaves open what becomes of the change. */
export function onItsWayText(error: unknown, { pending }: Ledger, resumption: string): string | undefined {
  const saysItself = error instanceof TimeoutError || error instanceof OverruledError;
  if (saysItself || pending === undefined) return undefined;
  return `The change to ${sizeText(sizeOf(pending.cores))} may still arrive: ${resumption}`;
}
