import { z } from "zod";
import { type Amount, amountAt, amountIn, numberOf } from "./amount";
import type { Properties } from "./preview";

/** A size for the time of an initial load, and what comes after it. */
export interface Burst {
  readonly phase: string;
  readonly reason: string | undefined;
  /** ISO 8601; "unknown" where the preview does not know it yet. */
  readonly endBy: string | undefined;
  /** What the service goes to when the load is over. */
  readonly steady: Amount | undefined;
  /** The burst's own size. */
  readonly largest: Amount | undefined;
}

const UNKNOWN = "unknown";

const declared = z
  .object({ endBy: z.string().optional().catch(UNKNOWN), cores: z.unknown().optional() })
  .catch({ endBy: UNKNOWN });

export function burstIn(properties: Properties): Burst | undefined {
  if (properties.initialLoad === undefined) return undefined;
  const { phase, phaseReason } = properties;
  const steadyCores = numberOf(properties.steadyCores);
  const { endBy, cores } = declared.parse(properties.initialLoad);
  const burstCores = numberOf(cores);
  return {
    phase: typeof phase === "string" ? phase : UNKNOWN,
    reason: typeof phaseReason === "string" ? phaseReason : undefined,
    endBy: endBy === undefined || !Number.isNaN(Date.parse(endBy)) ? endBy : UNKNOWN,
    steady: steadyCores === undefined ? undefined : amountAt(steadyCores, amountIn(properties)),
    largest: burstCores === undefined ? undefined : amountAt(burstCores, amountIn(properties)),
  };
}
