import { nearestLegalCores, OPENAPI_MAX_CORES, sameSize, type Size, sizeOf } from "../../sizing";
import { trackBurst } from "./last-burst";
import { argumentsOf, type CheckedInputs, decidedOf } from "./inputs";
import { Ledger, type Pending } from "./pending-changes";
import { present, type Salvaged, type State } from "./stored-state";
import { derivedKept } from "./derived";
import type { ResolvedOrganization } from "./organization";

/** A ledger that goes on where the state of an earlier operation ends. */
export function ledgerOf(state: Salvaged | undefined): Ledger {
  return new Ledger(state === undefined ? [] : inFlightOf(state));
}

/** What may still arrive; the newest last. */
function inFlightOf({ pendingCores, __pendingSince, __pendingBefore = [] }: Salvaged): Pending[] {
  if (pendingCores === undefined) return [];
  const all = [...__pendingBefore, { cores: pendingCores, since: __pendingSince ?? "" }];
  return all.map(({ cores, since }) => ({ cores, since: dateOf(since) }));
}

/** A date that is damaged is of long ago. */
function dateOf(text: string): Date {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? new Date(0) : date;
}

/** What a state keeps of what may still arrive. */
function pendingIn(ledger: Ledger) {
  const inFlight = ledger.inFlight.map(({ cores, since }) => ({ cores, since: since.toISOString() }));
  const newest = inFlight.at(-1);
  const before = inFlight.slice(0, -1);
  return {
    pendingCores: newest?.cores,
    __pendingSince: newest?.since,
    __pendingBefore: before.length === 0 ? undefined : before,
  };
}

/** What create and update leave in the state: the declared inputs, the size that was seen, and what is still on its way. */
export function recordOf(
  inputs: CheckedInputs,
  organization: ResolvedOrganization,
  size: Size,
  ledger: Ledger,
  olds: Salvaged | undefined,
  usdPerComputeUnitHour: number | undefined,
  now: Date,
): State {
  const isSizeReached = !ledger.mayHaveChanged && sameSize(size, sizeOf(inputs.cores));
  return present({
    ...argumentsOf(inputs),
    ...decidedOf(inputs),
    ...trackBurst(olds, inputs.burstSince, isSizeReached, now),
    __provider: inputs.__provider,
    ...derivedKept(size, usdPerComputeUnitHour, olds ?? {}, inputs),
    serviceId: inputs.serviceId,
    organizationId: organization.organizationId,
    __organizationFrom: organization.from,
    baselineCores: olds?.baselineCores ?? baselineOf(ledger, inputs),
    ...pendingIn(ledger),
  });
}

/** A burst that was found is what an earlier run has left, not what was there before: a destroy must not bring it back. */
function baselineOf({ baselineCores }: Ledger, { initialLoad }: CheckedInputs): number | undefined {
  return baselineCores === initialLoad?.cores ? undefined : baselineCores;
}

/** The cores that a destroy puts back; undefined where nothing is known that could be put back. */
export function coresAfterDestroy({
  coresAfterDestroy: declared,
  baselineCores,
}: Salvaged): number | undefined {
  // What no service can have, the state has damaged: the largest that one can have is no guess to pay for.
  const cores = [declared, baselineCores].find((known) => known !== undefined && known <= OPENAPI_MAX_CORES);
  return cores === undefined ? undefined : nearestLegalCores(cores, OPENAPI_MAX_CORES);
}
