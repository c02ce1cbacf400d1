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

/** The steady size. With `ignoreChanges` on `cores`, the engine passes the result of an earlier check, which may be a burst. */
export function getSteadyCores({ cores, keepsCores, oldInputs }: SteadyCoresRequest): unknown {
  return keepsCores ? (oldInputs.steadyCores ?? cores) : cores;
}

export interface SteadyCoresRequest {
  /** As the program wrote it. */
  readonly cores: unknown;
  /** Whether `ignoreChanges` keeps `cores`. */
  readonly keepsCores: boolean;
  readonly oldInputs: Partial<CheckedInputs>;
}

/** What an earlier check decided or a refresh observed. Undefined for a new resource. */
export function getPreviousDecision({ cores, phase }: Partial<CheckedInputs>): PreviousDecision | undefined {
  if (typeof cores !== "number") return undefined;
  // An observed size may be one that the API doesn't accept.
  return { cores: findNearestLegalCores(cores, OPENAPI_MAX_CORES), phase };
}
