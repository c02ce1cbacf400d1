import { type PreviousDecision, type Burst, findNearestLegalCores, OPENAPI_MAX_CORES } from "../../sizing";
import type { CheckedInputs, InitialLoad } from "./inputs";
import { isUnknown, type Unresolved } from "./unknown";

/** The burst that a program declares, once all of it is known. */
export function parseBurst({ cores, endBy, pipes }: InitialLoad): Burst {
  return {
    cores,
    ...(endBy === undefined ? {} : { endBy: new Date(endBy) }),
    ...(pipes === undefined ? {} : { pipes: pipes.map((id) => id.toLowerCase()) }),
  };
}

/** The burst of a preview; undefined while any part of it is unknown. */
export function parseKnownBurst(initialLoad: Unresolved<InitialLoad>): Burst | undefined {
  if (isUnknown(initialLoad)) return undefined;
  const { cores, endBy, pipes } = initialLoad;
  if (isUnknown(cores) || isUnknown(endBy) || isUnknown(pipes)) return undefined;
  return pipes?.some(isUnknown) === true ? undefined : parseBurst({ cores, endBy, pipes });
}

/** The steady size. With `ignoreChanges` on `cores` the engine puts in what an earlier check answered, a burst perhaps. */
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

/** What an earlier check decided, or a refresh saw; undefined for a new resource. */
export function getPreviousDecision({ cores, phase }: Partial<CheckedInputs>): PreviousDecision | undefined {
  if (typeof cores !== "number") return undefined;
  // A size that was seen can be one that nobody can ask for.
  return { cores: findNearestLegalCores(cores, OPENAPI_MAX_CORES), phase };
}
