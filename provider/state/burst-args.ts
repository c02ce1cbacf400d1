import { type PreviousDecision, type Burst, findNearestLegalCores, OPENAPI_MAX_CORES } from "../../sizing";
import type { CheckedInputs, InitialLoad } from "./inputs";
import { isUnknown, type Unresolved } from "./unknown";

/** Parses a burst whose parts are all known. */
export function parseBurst({ cores, endBy, pipes }: InitialLoad): Burst {
  return {
    cores,
    ...(endBy === undefined ? {} : { endBy: new Date(endBy) }),
    ...(pipes === undefined ? {} : { pipes: pipes.map((id) => id.toLowerCase()) }),
  };
}

/** Parses the burst of a preview. Undefined if any part of it is unknown. */
export function parseKnownBurst(initialLoad: Unresolved<InitialLoad>): Burst | undefined {
  if (isUnknown(initialLoad)) return undefined;
  const { cores, endBy, pipes } = initialLoad;
  if (isUnknown(cores) || isUnknown(endBy) || isUnknown(pipes)) return undefined;
  return pipes?.some(isUnknown) === true ? undefined : parseBurst({ cores, endBy, pipes });
}

/** What an earlier check decided or a refresh observed. Undefined for a new resource. */
export function getPreviousDecision({
  currentCores,
  phase,
}: Partial<CheckedInputs>): PreviousDecision | undefined {
  if (typeof currentCores !== "number") return undefined;
  // An observed size may be one that the API doesn't accept.
  return { cores: findNearestLegalCores(currentCores, OPENAPI_MAX_CORES), phase };
}
