import type { Phase } from "../../sizing";
import type { DerivedProperties } from "./derived";
import { omitUndefined } from "./omit-undefined";
import type { Unresolved } from "./unknown";

export interface InitialLoad {
  readonly cores: number;
  /** ISO 8601 with zone. */
  readonly endBy?: string | undefined;
  /** Ids of the pipes that count. */
  readonly pipes?: readonly string[] | undefined;
  readonly startAhead?: boolean | undefined;
}

export interface Inputs {
  readonly serviceId: string;
  readonly organizationId?: string | undefined;
  readonly cores: number;
  readonly maxCores?: number | undefined;
  readonly initialLoad?: InitialLoad | undefined;
  readonly maxUsdPerHour?: number | undefined;
  readonly coresAfterDestroy?: number | undefined;
  readonly wakeService?: boolean | undefined;
  readonly suppressAdvice?: readonly string[] | undefined;
}

/** The size that should be in force, and why. */
export type ResolvedSize = Pick<DerivedProperties, "currentCores"> & InitialLoadDecision;

/** The inputs as a preview has them: any value, and any part of one, may be unknown. */
export type PreviewInputs = { readonly [Name in keyof Inputs]: Unresolved<Inputs[Name]> };

/** Why the size in force is what it is. Absent if the program declares no initial load. */
export interface InitialLoadDecision {
  readonly phase?: Phase | undefined;
  readonly phaseReason?: string | undefined;
  /** What the next check has to know: check sees the inputs of an earlier one, but no outputs. Displays hide it. */
  readonly __pipesBefore?: readonly string[] | undefined;
  readonly __heldSince?: string | undefined;
}

export const DECISION_NAMES = [
  "phase",
  "phaseReason",
  "__pipesBefore",
  "__heldSince",
] as const satisfies readonly (keyof InitialLoadDecision)[];

/**
 * The inputs and what follows from them: what a preview shows, and what create and update get. `cores` is the declared size,
 * `currentCores` the size that should be in force.
 */
export type CheckedInputs = Inputs & DerivedProperties & InitialLoadDecision;

/** The same in a preview, where any value may be unknown. */
export type PreviewCheckedInputs = {
  readonly [Name in keyof CheckedInputs]: Unresolved<CheckedInputs[Name]>;
};

/** The arguments of the program, without what check adds. */
export function pickArguments(inputs: Inputs): Inputs {
  const { serviceId, organizationId, cores, maxCores, initialLoad } = inputs;
  const { maxUsdPerHour, coresAfterDestroy, wakeService, suppressAdvice } = inputs;
  return omitUndefined({
    ...{ serviceId, organizationId, cores, maxCores, initialLoad },
    ...{ maxUsdPerHour, coresAfterDestroy, wakeService, suppressAdvice },
  });
}

/** The decision, as check has returned it. */
export function pickDecision(inputs: CheckedInputs): InitialLoadDecision {
  const { phase, phaseReason, __pipesBefore, __heldSince } = inputs;
  return omitUndefined({ phase, phaseReason, __pipesBefore, __heldSince });
}

/**
 * The name of a piece of advice, for `suppressAdvice`.
 *
 * @public
 */
export type AdviceName =
  "rarelyNeeded" | "initialLoadParallelism" | "manyPipes" | "noEndBy" | "endByFarAhead" | "resizeDuringLoad";

/** What is wrong with a property. The engine shows it with the path. */
export interface InputFailure {
  readonly property: string;
  readonly reason: string;
}
