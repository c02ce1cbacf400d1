import type { Phase } from "../../sizing";
import type { DerivedProperties } from "./derived";

export interface InitialLoad {
  readonly cores: number;
  /** ISO 8601 with zone. */
  readonly endBy?: string;
  /** Ids of the pipes that count. */
  readonly pipes?: readonly string[];
}

export interface Inputs {
  readonly serviceId: string;
  readonly organizationId?: string;
  readonly cores: number;
  readonly maxCores?: number;
  readonly initialLoad?: InitialLoad;
  readonly maxUsdPerHour?: number;
  readonly coresAfterDestroy?: number;
  readonly wakeService?: boolean;
  readonly suppressAdvice?: readonly string[];
}

/** What the pipes' states came to, where the program declares an initial load. */
export interface InitialLoadDecision {
  readonly steadyCores?: number;
  readonly phase?: Phase;
  readonly phaseReason?: string;
  /** ISO 8601: since when the burst is decided; absent while it is not. */
  readonly burstSince?: string;
}

export const DECISION_NAMES = [
  "steadyCores",
  "phase",
  "phaseReason",
  "burstSince",
] as const satisfies readonly (keyof InitialLoadDecision)[];

/** What a preview shows and create and update get: the inputs, and what follows from them. */
export type CheckedInputs = Inputs & DerivedProperties & InitialLoadDecision;

/** The names a program may use, for "did you mean". */
export const ARGUMENT_NAMES = [
  "serviceId",
  "organizationId",
  "cores",
  "maxCores",
  "initialLoad",
  "maxUsdPerHour",
  "coresAfterDestroy",
  "wakeService",
  "suppressAdvice",
] as const;

/** The inputs that the program gave, ids in the cloud's own spelling. */
export function pickArguments(news: Inputs): Inputs {
  const given = Object.fromEntries(
    ARGUMENT_NAMES.flatMap((name) => (news[name] === undefined ? [] : [[name, news[name]]])),
  );
  for (const id of ["serviceId", "organizationId"]) {
    if (typeof given[id] === "string") given[id] = given[id].toLowerCase();
  }
  return given as unknown as Inputs;
}

/** What check decided, as it stands in its answer. */
export function pickDecision(inputs: CheckedInputs): InitialLoadDecision {
  return Object.fromEntries(
    DECISION_NAMES.flatMap((name) => (inputs[name] === undefined ? [] : [[name, inputs[name]]])),
  );
}

/** A piece of advice that `suppressAdvice` leaves out. */
export type AdviceName =
  "rarelyNeeded" | "initialLoadParallelism" | "manyPipes" | "noEndBy" | "endByFarAhead";

/** What is wrong with a property, by its path, as the engine shows it. */
export interface InputFailure {
  readonly property: string;
  readonly reason: string;
}
