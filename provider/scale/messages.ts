import { toCores, computeCost, toSize, formatSize, formatUsd } from "../../sizing";
import { ConflictingChangeError, type OperationKind, type PendingChange, TimeoutError } from "../errors";
import type { CheckedInputs } from "../state/inputs";
import type { PendingChanges } from "../state/pending-changes";
import { type PartialState, getObservedSize, type State } from "../state/stored-state";

/** After a timeout the preview has no changed property: the row says what the next `up` resumes. */
export function describeResumption(
  state: State,
  pendingCores: number,
  { currentCores }: CheckedInputs,
): string {
  const pending = formatSize(toSize(pendingCores));
  const what =
    pendingCores === currentCores
      ? `resumes waiting for ${pending}`
      : `replaces an unfinished change to ${pending}`;
  return `${what}; last observed: ${formatSize(getObservedSize(state))}`;
}

/** Says what a destroy leaves if it knows no size to restore. */
export function describeRemainingCost(state: PartialState, unitPrice: number | undefined): string {
  return (
    `service ${state.serviceId} keeps ${describeSizeWithCost(state, unitPrice)}, because the size from before this resource is ` +
    "unknown. Set `coresAfterDestroy` to choose the size that destroy leaves"
  );
}

/** Says why a destroy leaves less than the declared size or the one from before. */
export function describeSmallerSize({ serviceId }: PartialState, cores: number, wanted: number): string {
  return `service ${serviceId} keeps ${cores} cores: a destroy never scales up, so it doesn't restore ${wanted} cores`;
}

function describeSizeWithCost(state: PartialState, unitPrice: number | undefined): string {
  const size = getObservedSize(state);
  if (size === undefined) return "its size and its cost";
  const { usdPerHour, usdPerMonth } = computeCost(toCores(size), unitPrice);
  return `${formatSize(size)} at ${formatUsd(usdPerHour)}/h (${formatUsd(usdPerMonth)} a month)`;
}

/** The change that may still arrive after an error, unless the error is about the wait itself and says so. */
export function getPendingChange(
  error: unknown,
  { newest }: PendingChanges,
  kind: OperationKind,
): PendingChange | undefined {
  const saysItself = error instanceof TimeoutError || error instanceof ConflictingChangeError;
  if (saysItself || newest === undefined) return undefined;
  return { kind, pendingSize: formatSize(toSize(newest.cores)) };
}
