import { toCores, computeCost, toSize, formatSize, formatUsd } from "../../sizing";
import { ConflictingChangeError, TimeoutError } from "../errors";
import type { CheckedInputs } from "../state/inputs";
import type { PendingChanges } from "../state/pending-changes";
import { type PartialState, getObservedSize, type State } from "../state/stored-state";

/** After a wait that ran out the preview has no changed property: the row says what the next `up` goes on with. */
export function describeResumption(state: State, pendingCores: number, { cores }: CheckedInputs): string {
  const pending = formatSize(toSize(pendingCores));
  const what =
    pendingCores === cores
      ? `resumes: goes on waiting for ${pending}`
      : `replaces an unfinished change to ${pending}`;
  return `${what}; ${formatSize(getObservedSize(state))} when last seen`;
}

/** What a destroy leaves that knows of no size to put back. */
export function describeRemainingCost(state: PartialState, unitPrice: number | undefined): string {
  return (
    `the size of service ${state.serviceId} stays ${describeSizeWithCost(state, unitPrice)}: what it was before is not known. ` +
    "`coresAfterDestroy` says what a destroy is to leave"
  );
}

function describeSizeWithCost(state: PartialState, unitPrice: number | undefined): string {
  const size = getObservedSize(state);
  if (size === undefined) return "as it is, and goes on costing";
  const { usdPerHour, usdPerMonth } = computeCost(toCores(size), unitPrice);
  return `at ${formatSize(size)}, which goes on costing ${formatUsd(usdPerHour)}/h (${formatUsd(usdPerMonth)} a month)`;
}

/** A failure that is not about the wait itself, such as a key that expired during it, leaves open what becomes of the change. */
export function describePendingChange(
  error: unknown,
  { newest }: PendingChanges,
  resumption: string,
): string | undefined {
  const saysItself = error instanceof TimeoutError || error instanceof ConflictingChangeError;
  if (saysItself || newest === undefined) return undefined;
  return `The change to ${formatSize(toSize(newest.cores))} may still arrive: ${resumption}`;
}
