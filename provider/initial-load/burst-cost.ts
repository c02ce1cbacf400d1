import {
  computeCostBetween,
  isBurstPhase,
  computeCost,
  type Decision,
  startOfHour,
  formatUtcTime,
  formatUsd,
} from "../../sizing";
import type { AdviceContext } from "./advice";

/** The reason, with the cost of the burst if one is active or may become active. It doesn't change with the time of day. */
export function explainWithCost(decision: Decision, { burst, isNew, unitPrice }: AdviceContext): string {
  const { reason, phase } = decision;
  const isPossible = phase === "unknown" && isNew;
  if (burst === undefined || !(isBurst(decision, burst.cores) || isPossible)) return reason;
  const { usdPerHour, usdPerMonth } = computeCost(burst.cores, unitPrice);
  const perHour = `${formatUsd(usdPerHour)}/h`;
  return burst.endBy === undefined
    ? `${reason}; ${perHour}, ${formatUsd(usdPerMonth)} a month`
    : `${reason}; ${perHour}`;
}

/** What the burst costs from now to its end. Undefined if none is in force, or if it has no end. */
export function describeBurstCost(
  decision: Decision,
  { burst, now, unitPrice }: AdviceContext,
): string | undefined {
  if (burst?.endBy === undefined || !isBurst(decision, burst.cores)) return undefined;
  const { hours, usd } = computeCostBetween(burst.cores, startOfHour(now), burst.endBy, unitPrice);
  const end = formatUtcTime(burst.endBy);
  return `the burst of ${burst.cores} cores costs at most ${formatUsd(usd)}, in the ${hours} h until ${end}`;
}

function isBurst({ cores, phase }: Decision, burstCores: number): boolean {
  return cores === burstCores && (isBurstPhase(phase) || phase === "unknown");
}
