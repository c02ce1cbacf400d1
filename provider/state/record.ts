import { findNearestLegalCores, OPENAPI_MAX_CORES, isSameSize, type Size, toSize } from "../../sizing";
import { trackBurst } from "./last-burst";
import { pickArguments, type CheckedInputs, pickDecision } from "./inputs";
import { PendingChanges, type PendingChange } from "./pending-changes";
import { omitUndefined, type PartialState, type State } from "./stored-state";
import { deriveKeepingPrice } from "./derived";
import type { ResolvedOrganization } from "./organization";

/** A ledger that goes on where the state of an earlier operation ends. */
export function parsePendingChanges(state: PartialState | undefined): PendingChanges {
  return new PendingChanges(state === undefined ? [] : parseChanges(state));
}

/** What may still arrive; the newest last. */
function parseChanges({ pendingCores, __pendingSince, __pendingBefore = [] }: PartialState): PendingChange[] {
  if (pendingCores === undefined) return [];
  const all = [...__pendingBefore, { cores: pendingCores, since: __pendingSince ?? "" }];
  return all.map(({ cores, since }) => ({ cores, since: parseDate(since) }));
}

/** A date that is damaged is of long ago. */
function parseDate(text: string): Date {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? new Date(0) : date;
}

/** What a state keeps of what may still arrive. */
function serializeChanges(ledger: PendingChanges) {
  const inFlight = ledger.changes.map(({ cores, since }) => ({ cores, since: since.toISOString() }));
  const newest = inFlight.at(-1);
  const before = inFlight.slice(0, -1);
  return {
    pendingCores: newest?.cores,
    __pendingSince: newest?.since,
    __pendingBefore: before.length === 0 ? undefined : before,
  };
}

/** What create and update leave in the state: the declared inputs, the size that was seen, and what is still on its way. */
export function serializeState(
  inputs: CheckedInputs,
  organization: ResolvedOrganization,
  size: Size,
  ledger: PendingChanges,
  olds: PartialState | undefined,
  usdPerComputeUnitHour: number | undefined,
  now: Date,
): State {
  const isSizeReached = !ledger.mayHaveChanged && isSameSize(size, toSize(inputs.cores));
  return omitUndefined({
    ...pickArguments(inputs),
    ...pickDecision(inputs),
    ...trackBurst(olds, inputs.burstSince, isSizeReached, now),
    __provider: inputs.__provider,
    ...deriveKeepingPrice(size, usdPerComputeUnitHour, olds ?? {}, inputs),
    serviceId: inputs.serviceId,
    organizationId: organization.organizationId,
    __organizationFrom: organization.source,
    baselineCores: olds?.baselineCores ?? getBaseline(ledger, inputs),
    ...serializeChanges(ledger),
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
