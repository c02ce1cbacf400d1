import type { CostTotal } from "./cost-total";
import { countUnchanged } from "./count";
import { formatUsd } from "./format-usd";
import type { Preview } from "./preview";
import type { ServiceChange } from "./service-change";

export interface CostVerdict {
  readonly isWithinLimit: boolean;
  readonly reason: string;
}

/** Checks the total against the limit. Fails if the total is uncertain, because a check that passes by mistake goes unnoticed. */
export function checkCostLimit(maxUsdPerMonth: number, total: CostTotal, preview: Preview): CostVerdict {
  const limit = `--max-usd-per-month (${formatUsd(maxUsdPerMonth)})`;
  const cost = `${formatUsd(total.usdPerMonth)}/month after this change`;
  if (total.usdPerMonth > maxUsdPerMonth)
    return { isWithinLimit: false, reason: `${cost} is above ${limit}` };
  const doubt = findDoubt(maxUsdPerMonth, total, preview);
  if (doubt !== undefined) return { isWithinLimit: false, reason: `can't check ${limit}: ${doubt}` };
  return { isWithinLimit: true, reason: `${cost} is within ${limit}` };
}

/** Returns why the total may be above the limit although the sum is not. */
function findDoubt(maxUsdPerMonth: number, total: CostTotal, preview: Preview): string | undefined {
  const { withUnknownCost, withPossibleBurst } = total;
  const { hasFailed, omittedCount } = preview;
  if (hasFailed) return "the preview failed";
  if (withUnknownCost.length > 0)
    return `the cost of ${listNames(withUnknownCost)} is unknown until the update`;
  const mostUsdPerMonth = total.usdPerMonth + total.possibleBurstUsdPerMonth;
  if (mostUsdPerMonth > maxUsdPerMonth)
    return `an initial load of ${listNames(withPossibleBurst)} may raise the cost to ${formatUsd(mostUsdPerMonth)}/month`;
  if (omittedCount > 0)
    return `the preview omits ${countUnchanged(omittedCount)}; run \`pulumi preview --json --show-sames\``;
  return undefined;
}

function listNames(changes: readonly ServiceChange[]): string {
  return changes.map(({ name }) => name).join(", ");
}
