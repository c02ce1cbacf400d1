import { findNearestLegalCores, OPENAPI_MAX_CORES, isSameSize, type Size, toSize } from "../../sizing";
import { isBurst, trackBurst } from "./last-burst";
import { pickArguments, type CheckedInputs, pickDecision } from "./inputs";
import { type PendingChanges, serializePendingChanges } from "./pending-changes";
import { omitUndefined } from "./omit-undefined";
import type { ResizedLoad } from "./resized-load";
import type { PartialState, State } from "./stored-state";
import { deriveFromSize } from "./derived";
import type { ResolvedOrganization } from "./organization";

export interface ObservedState {
  readonly inputs: CheckedInputs;
  readonly organization: ResolvedOrganization;
  /** As last observed. */
  readonly size: Size;
  readonly pending: PendingChanges;
  readonly olds: PartialState | undefined;
  /** The loads that this operation's change met. Undefined if it sent none. */
  readonly resizedLoads?: readonly ResizedLoad[] | undefined;
  readonly usdPerComputeUnitHour: number | undefined;
  readonly now: Date;
}

/** The state after create and update: the declared inputs, the observed size, and the pending changes. */
export function serializeState(observed: ObservedState): State {
  const { inputs, organization, size, pending, olds, usdPerComputeUnitHour, now } = observed;
  const { resizedLoads } = observed;
  const isSizeReached = !pending.mayHaveChanged && isSameSize(size, toSize(inputs.currentCores));
  const derived = deriveFromSize(size, usdPerComputeUnitHour);
  return omitUndefined({
    ...pickArguments(inputs),
    cores: inputs.initialLoad === undefined ? derived.currentCores : inputs.cores,
    ...pickDecision(inputs),
    ...trackBurst({
      olds,
      isBurst: isBurst(inputs),
      isSizeReached,
      startedAt: pending.firstChangeAt ?? now,
      now,
    }),
    ...derived,
    serviceId: inputs.serviceId,
    organizationId: organization.organizationId,
    __organizationFrom: organization.source,
    baselineCores: olds?.baselineCores ?? getBaseline(pending, inputs),
    ...serializePendingChanges(pending),
    __resizedLoads: mergeResizedLoads(olds?.__resizedLoads, resizedLoads),
  });
}

/** A load that an earlier change met stays known: it may fail later. Undefined if there is none. */
function mergeResizedLoads(
  before: readonly ResizedLoad[] = [],
  met: readonly ResizedLoad[] = [],
): readonly ResizedLoad[] | undefined {
  const loads = [...before.filter(({ id }) => !met.some((load) => load.id === id)), ...met];
  return loads.length === 0 ? undefined : loads;
}

/** The size before the first change. An active burst doesn't count, because an earlier run left it and a destroy must not restore it. */
function getBaseline({ baselineCores }: PendingChanges, { initialLoad }: CheckedInputs): number | undefined {
  return baselineCores === initialLoad?.cores ? undefined : baselineCores;
}

/** The cores that a destroy restores. Undefined if none are known. */
export function getCoresAfterDestroy({
  coresAfterDestroy: declared,
  baselineCores,
}: PartialState): number | undefined {
  // A size that no service can have means that the state is damaged. Clamping it would restore, and bill, the largest size.
  const cores = [declared, baselineCores].find((known) => known !== undefined && known <= OPENAPI_MAX_CORES);
  return cores === undefined ? undefined : findNearestLegalCores(cores, OPENAPI_MAX_CORES);
}
