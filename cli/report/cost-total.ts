import { sumUsd } from "./format-usd";
import { isKnownSize } from "./priced-size";
import type { ServiceChange } from "./service-change";

/** The cost of all services together. A destroyed resource counts if the size that it leaves behind still costs money. */
export interface CostTotal {
  readonly usdPerHour: number;
  readonly usdPerMonth: number;
  readonly differenceUsdPerMonth: number;
  /** Changes that the sums leave out, because their cost is unknown. */
  readonly withUnknownCost: readonly ServiceChange[];
  /** Changes that may scale to their burst size, because it is unknown whether their pipes are loading. */
  readonly withPossibleBurst: readonly ServiceChange[];
  /** What those bursts would add. */
  readonly possibleBurstUsdPerMonth: number;
}

export function computeTotal(changes: readonly ServiceChange[]): CostTotal {
  const after = changes.map((change) => change.after).filter(isKnownSize);
  return {
    usdPerHour: sumUsd(after.map(({ usdPerHour }) => usdPerHour)),
    usdPerMonth: sumUsd(after.map(({ usdPerMonth }) => usdPerMonth)),
    differenceUsdPerMonth: sumUsd(changes.map((change) => computeDifference(change) ?? 0)),
    withUnknownCost: changes.filter((change) => change.after === "unknown"),
    withPossibleBurst: changes.filter((change) => computePossibleBurst(change) > 0),
    possibleBurstUsdPerMonth: sumUsd(changes.map(computePossibleBurst)),
  };
}

/** US dollars per month. */
function computePossibleBurst({ burst, after, action }: ServiceChange): number {
  if (burst?.phase !== "unknown" || action === "delete" || !isKnownSize(after)) return 0;
  return Math.max(0, (burst.burstSize?.usdPerMonth ?? 0) - after.usdPerMonth);
}

/** What the change adds, in US dollars per month. Undefined if the cost before or after is unknown. */
export function computeDifference({ before, after }: ServiceChange): number | undefined {
  if (before === "unknown" || after === "unknown") return undefined;
  return sumUsd([after?.usdPerMonth ?? 0, -(before?.usdPerMonth ?? 0)]);
}
