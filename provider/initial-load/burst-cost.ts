import {
  computeCostBetween,
  computeCost,
  type Decision,
  startOfHour,
  formatUtcTime,
  formatUsd,
} from "../../sizing";
import type { CheckedInputs } from "../state/inputs";
import type { AdviceContext } from "./advice";

/** Since when the burst is decided; undefined while it is not. Kept, so that its cost does not change with the hour. */
export function computeBurstSince(
  olds: Partial<CheckedInputs>,
  decision: Decision,
  { burst, now }: AdviceContext,
): Date | undefined {
  const isBurst =
    decision.phase === "initialLoad" || (decision.phase === "unknown" && olds.phase !== "steady");
  if (!isBurst || decision.cores !== burst?.cores) return undefined;
  const kept = new Date(olds.burstSince ?? NaN);
  return Number.isNaN(kept.getTime()) ? floorToSecond(now) : kept;
}

function floorToSecond(time: Date): Date {
  return new Date(Math.floor(time.getTime() / 1_000) * 1_000);
}

/** The reason, with the cost of the burst if one is active or may become active. */
export function explainWithCost(
  { reason, phase }: Decision,
  { burst, isNew, now, unitPrice }: AdviceContext,
  since: Date | undefined,
): string {
  const isPossible = phase === "unknown" && isNew;
  if (burst === undefined || (since === undefined && !isPossible)) return reason;
  const { usdPerHour, usdPerMonth } = computeCost(burst.cores, unitPrice);
  const perHour = `${formatUsd(usdPerHour)}/h`;
  const { endBy } = burst;
  if (endBy === undefined) return `${reason}; ${perHour}, ${formatUsd(usdPerMonth)} a month`;
  // To the hour: a preview and the update after it are to say the same.
  const from = startOfHour(since ?? now);
  const { hours, usd } = computeCostBetween(burst.cores, from, endBy, unitPrice);
  return `${reason}; ${perHour}, ${formatUsd(usd)} in the ${hours} h from ${formatUtcTime(from)} to ${formatUtcTime(endBy)}`;
}
