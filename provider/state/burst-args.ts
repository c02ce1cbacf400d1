import { type PreviousDecision, type Burst, findNearestLegalCores, OPENAPI_MAX_CORES } from "../../sizing";
import type { CheckedInputs, InitialLoad } from "./inputs";
import { isUnknown, type Unresolved } from "./unknown";

/** Parses a burst whose parts are all known. */
export function parseBurst({ cores, endBy, pipes, startAhead }: InitialLoad): Burst {
  return {
    cores,
    ...(endBy === undefined ? {} : { endBy: new Date(endBy) }),
    ...(pipes === undefined ? {} : { pipes: pipes.map((id) => id.toLowerCase()) }),
    ...(startAhead === undefined ? {} : { startAhead }),
  };
}

/** The burst of a preview, and whether its pipes are known. */
export interface KnownBurst {
  readonly burst: Burst;
  readonly arePipesKnown: boolean;
}

/** Parses the burst of a preview. Undefined if its size, its end or its start is unknown. */
export function parseKnownBurst(initialLoad: Unresolved<InitialLoad>): KnownBurst | undefined {
  if (isUnknown(initialLoad)) return undefined;
  const { cores, endBy, pipes = [], startAhead } = initialLoad;
  if (isUnknown(cores) || isUnknown(endBy) || isUnknown(startAhead)) return undefined;
  const known = { cores, endBy, startAhead };
  if (isUnknown(pipes) || pipes.some(isUnknown)) return { burst: parseBurst(known), arePipesKnown: false };
  const ids = initialLoad.pipes === undefined ? {} : { pipes };
  return { burst: parseBurst({ ...known, ...ids }), arePipesKnown: true };
}

/** What an earlier check decided or a refresh observed. Undefined for a new resource. */
export function getPreviousDecision(olds: Partial<CheckedInputs>): PreviousDecision | undefined {
  const { currentCores, phase, initialLoad, __pipesBefore: pipesBefore, __heldSince: heldSince } = olds;
  if (typeof currentCores !== "number") return undefined;
  return {
    // An observed size may be one that the API doesn't accept.
    cores: findNearestLegalCores(currentCores, OPENAPI_MAX_CORES),
    phase,
    startAhead: initialLoad?.startAhead === true,
    pipesBefore,
    heldSince: heldSince === undefined ? undefined : new Date(heldSince),
  };
}
