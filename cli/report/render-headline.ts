import { computeCostBetween, formatUtcTime, startOfHour } from "../../sizing";
import { computeTotal } from "./cost-total";
import { formatUsd, formatUsdDifference, sumUsd } from "./format-usd";
import type { Preview } from "./preview";
import { isKnownSize } from "./priced-size";
import type { ServiceChange } from "./service-change";

interface HeadlineOptions {
  readonly now: Date;
  readonly usdPerComputeUnitHour: number;
}

/** The cost of all services in one line. It never claims less than the rows below it. */
export function renderHeadline(
  { hasFailed }: Preview,
  changes: readonly ServiceChange[],
  { now, usdPerComputeUnitHour }: HeadlineOptions,
): string {
  const failed = hasFailed ? "preview failed" : "";
  if (changes.length === 0) return failed || "no resources in this preview";
  const total = computeTotal(changes);
  const { usdPerHour, usdPerMonth, differenceUsdPerMonth, withUnknownCost, possibleBurstUsdPerMonth } = total;
  const isMinimum = hasFailed || withUnknownCost.length > 0;
  const most = usdPerMonth + possibleBurstUsdPerMonth;
  const cost = [
    `${isMinimum ? "at least " : ""}${formatUsd(usdPerMonth)}/month`,
    ...(possibleBurstUsdPerMonth > 0
      ? [`up to ${formatUsd(most)}/month${describeEnd(total.withPossibleBurst, now)}`]
      : []),
  ].join(", ");
  const line = `${cost} (${describeDifference(hasFailed ? undefined : differenceUsdPerMonth)}), ${formatUsd(usdPerHour)}/hour`;
  return [failed, line, describeBursts(changes, { now, usdPerComputeUnitHour })]
    .filter((part) => part !== "")
    .join("; ");
}

/** Says when the last of these bursts ends, if each has a known end. */
function describeEnd(changes: readonly ServiceChange[], now: Date): string {
  const ends = changes.map(({ burst }) => new Date(burst?.endBy ?? NaN)).filter((end) => end > now);
  if (ends.length < changes.length) return "";
  return ` until ${formatUtcTime(new Date(Math.max(...ends.map((end) => end.getTime()))))}`;
}

function describeDifference(usdPerMonth: number | undefined): string {
  if (usdPerMonth === undefined) return "difference unknown";
  return usdPerMonth === 0 ? "unchanged" : formatUsdDifference(usdPerMonth);
}

/** What the active bursts cost until their ends, and the cost of all services after them. */
function describeBursts(
  changes: readonly ServiceChange[],
  { now, usdPerComputeUnitHour }: HeadlineOptions,
): string {
  const bursting = changes.filter(isBursting);
  if (bursting.length === 0) return "";
  const steady = changes.map((change) =>
    isBursting(change) ? { ...change, after: change.burst?.steadySize } : change,
  );
  const next = `then ${formatUsd(computeTotal(steady).usdPerMonth)}/month`;
  const until = describeEnd(bursting, now);
  if (until === "") return `burst until the initial load is done, ${next}`;
  const costs = bursting.map(({ after, burst }) => {
    if (!isKnownSize(after)) return 0;
    const end = new Date(burst?.endBy ?? NaN);
    return computeCostBetween(after.cores, startOfHour(now), end, usdPerComputeUnitHour).usd;
  });
  return `burst${until} at the latest costs ${formatUsd(sumUsd(costs))}, ${next}`;
}

function isBursting({ after, burst, action }: ServiceChange): boolean {
  if (action === "delete" || !isKnownSize(after) || burst?.steadySize === undefined) return false;
  return burst.phase !== "overdue" && after.cores > burst.steadySize.cores;
}
