import { findNearestLegalCores, OPENAPI_MAX_CORES, isSameSize, type Size, toSize } from "../../sizing";
import { trackBurst } from "./last-burst";
import { pickArguments, type CheckedInputs, pickDecision } from "./inputs";
import { type PendingChanges, serializePendingChanges } from "./pending-changes";
import { omitUndefined } from "./omit-undefined";
import type { PartialState, State } from "./stored-state";
import { deriveKeepingPrice } from "./derived";
import type { ResolvedOrganization } from "./organization";

export interface ObservedState {
  readonly inputs: CheckedInputs;
  readonly organization: ResolvedOrganization;
  /** As last observed. */
  readonly size: Size;
  readonly pending: PendingChanges;
  readonly olds: PartialState | undefined;
  readonly usdPerComputeUnitHour: number | undefined;
  readonly now: Date;
}

/** What create and update leave in the state: the declared inputs, the size that was seen, and what is still on its way. */
export function serializeState(observed: ObservedState): State {
  const { inputs, organization, size, pending, olds, usdPerComputeUnitHour, now } = observed;
  const isSizeReached = !pending.mayHaveChanged && isSameSize(size, toSize(inputs.cores));
  return omitUndefined({
    ...pickArguments(inputs),
    ...pickDecision(inputs),
    ...trackBurst(olds, inputs.burstSince, isSizeReached, now),
    ...deriveKeepingPrice(size, usdPerComputeUnitHour, olds ?? {}, inputs),
    serviceId: inputs.serviceId,
    organizationId: organization.organizationId,
    __organizationFrom: organization.source,
    baselineCores: olds?.baselineCores ?? getBaseline(pending, inputs),
    ...serializePendingChanges(pending),
  });
}

/** A burst that was found is what an earlier run has left, not what was there before: a destroy must not bring it back. */
function getBaseline({ baselineCores }: PendingChanges, { initialLoad }: CheckedInputs): number | undefined {
  return baselineCores === initialLoad?.cores ? undefined : baselineCores;
}

/** The cores that a destroy puts back; undefined where nothing is known that could be put back. */
export function getCoresAfterDestroy({
  coresAfterDestroy: declared,
  baselineCores,
}: PartialState): number | undefined {
  // What no service can have, the state has damaged: the largest that one can have is no guess to pay for.
  const cores = [declared, baselineCores].find((known) => known !== undefined && known <= OPENAPI_MAX_CORES);
  return cores === undefined ? undefined : findNearestLegalCores(cores, OPENAPI_MAX_CORES);
}
