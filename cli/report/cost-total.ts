import { sumUsd } from "./format-usd";
import { isKnownSize, type MaybeKnownSize } from "./priced-size";
import type { ServiceChange } from "./service-change";

/** The cost of all services together. A destroyed resource counts if the size that it leaves behind still costs money. */
export interface CostTotal {
  readonly usdPerHour: number;
  readonly usdPerMonth: number;
  /** Undefined if the cost of a service before or after is unknown. */
  readonly differenceUsdPerMonth: number | undefined;
  /** Changes that the sums leave out, because their cost is unknown. */
  readonly withUnknownCost: readonly ServiceChange[];
  /** Changes whose `initialLoad` may raise the cost, with this `up` or a later one. */
  readonly withPossibleBurst: readonly ServiceChange[];
  /** What those bursts would add. */
  readonly possibleBurstUsdPerMonth: number;
}

export function computeTotal(changes: readonly ServiceChange[]): CostTotal {
  const after = changes.map(getLeastSize).filter(isKnownSize);
  const differences = changes.map(computeDifference);
  return {
    usdPerHour: sumUsd(after.map(({ usdPerHour }) => usdPerHour)),
    usdPerMonth: sumUsd(after.map(({ usdPerMonth }) => usdPerMonth)),
    differenceUsdPerMonth: differences.every((difference) => difference !== undefined)
      ? sumUsd(differences)
      : undefined,
    withUnknownCost: changes.filter((change) => getLeastSize(change) === "unknown"),
    withPossibleBurst: changes.filter((change) => computePossibleBurst(change) > 0),
    possibleBurstUsdPerMonth: sumUsd(changes.map(computePossibleBurst)),
  };
}

/** The size after the change, or the steady one if the phase is unknown: the burst is then a possible one. */
function getLeastSize({ burst, after, action }: ServiceChange): MaybeKnownSize | undefined {
  const isBound = after === "unknown" && action !== "skipped" && burst?.burstSize !== undefined;
  return isBound ? (burst.steadySize ?? after) : after;
}

/** What a burst that this or a later `up` may start would add, in US dollars per month. */
export function computePossibleBurst(change: ServiceChange): number {
  const { burst, action } = change;
  const least = getLeastSize(change);
  if (burst?.isPossible !== true || action === "delete" || !isKnownSize(least)) return 0;
  return Math.max(0, (burst.burstSize?.usdPerMonth ?? 0) - least.usdPerMonth);
}

/** What the change adds, in US dollars per month. Undefined if the cost before or after is unknown. */
export function computeDifference({ before, after }: ServiceChange): number | undefined {
  if (before === "unknown" || after === "unknown") return undefined;
  return sumUsd([after?.usdPerMonth ?? 0, -(before?.usdPerMonth ?? 0)]);
}
