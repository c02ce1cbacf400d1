import { costBetween, costOf, type Decision, hourOf, timeText, usdText } from "../../sizing";
import type { CheckedInputs } from "../state/inputs";
import type { Situation } from "./advice";

/** Since when the burst is decided; undefined while it is not. Kept, so that its cost does not change with the hour. */
export function burstSince(
  olds: Partial<CheckedInputs>,
  decision: Decision,
  { burst, now }: Situation,
): Date | undefined {
  const isBurst =
    decision.phase === "initialLoad" || (decision.phase === "unknown" && olds.phase !== "steady");
  if (!isBurst || decision.cores !== burst?.cores) return undefined;
  const kept = new Date(olds.burstSince ?? NaN);
  return Number.isNaN(kept.getTime()) ? secondOf(now) : kept;
}

function secondOf(time: Date): Date {
  return new Date(Math.floor(time.getTime() / 1_000) * 1_000);
}

/** The reason, with what the burst costs where there is one, or where one may turn out to be needed. */
export function reasonWithCost(
  { reason, phase }: Decision,
  { burst, isNew, now, unitPrice }: Situation,
  since: Date | undefined,
): string {
  const isPossible = phase === "unknown" && isNew;
  if (burst === undefined || (since === undefined && !isPossible)) return reason;
  const { usdPerHour, usdPerMonth } = costOf(burst.cores, unitPrice);
  const perHour = `${usdText(usdPerHour)}/h`;
  const { endBy } = burst;
  if (endBy === undefined) return `${reason}; ${perHour}, ${usdText(usdPerMonth)} a month`;
  // To the hour: a preview and the update after it are to say the same.
  const from = hourOf(since ?? now);
  const { hours, usd } = costBetween(burst.cores, from, endBy, unitPrice);
  return `${reason}; ${perHour}, ${usdText(usd)} in the ${hours} h from ${timeText(from)} to ${timeText(endBy)}`;
}
