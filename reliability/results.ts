import type { Outcome } from "./fault-trial";
import type { FaultTrial } from "./fault-world";

export interface TrialResult {
  readonly trial: FaultTrial;
  readonly outcome: Outcome;
}

/** Violations by the description of the crash. */
export type CrashResults = ReadonlyMap<string, readonly string[]>;

/** A row of the summary. */
export interface SummaryRow {
  readonly what: string;
  readonly target: string;
  readonly result: string;
  readonly isMet: boolean;
}
