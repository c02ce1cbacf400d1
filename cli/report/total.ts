import type { Known } from "./amount";
import type { Change } from "./changes";
import { sumOf, usdText } from "./money";
import type { Preview } from "./preview";

/** The cost of all services together; a destroy's too, where the size that it leaves goes on costing. */
export interface Total {
  readonly usdPerHour: number;
  readonly usdPerMonth: number;
  readonly differencePerMonth: number;
  /** Resources whose cost is not in the sums. */
  readonly notCounted: readonly Change[];
  /** Resources that may go to their burst, since nobody knew whether their pipes load. */
  readonly undecided: readonly Change[];
  /** What that would add to a month. */
  readonly mayAddPerMonth: number;
}

export function totalOf(changes: readonly Change[]): Total {
  const counted = changes.filter(({ before, after }) => before !== "unknown" && after !== "unknown");
  const after = changes.map((change) => change.after).filter(isCounted);
  return {
    usdPerHour: sumOf(after.map(({ usdPerHour }) => usdPerHour)),
    usdPerMonth: sumOf(after.map(({ usdPerMonth }) => usdPerMonth)),
    differencePerMonth: sumOf(counted.map((change) => growthOf(change) ?? 0)),
    notCounted: changes.filter((change) => change.after === "unknown"),
    undecided: changes.filter((change) => burstAddsTo(change) > 0),
    mayAddPerMonth: sumOf(changes.map(burstAddsTo)),
  };
}

function burstAddsTo({ burst, after, action }: Change): number {
  if (burst?.phase !== "unknown" || action === "delete" || !isCounted(after)) return 0;
  return Math.max(0, (burst.largest?.usdPerMonth ?? 0) - after.usdPerMonth);
}

/** What the change adds to a month; undefined where either side is not known. */
export function growthOf({ before, after }: Change): number | undefined {
  if (before === "unknown" || after === "unknown") return undefined;
  return sumOf([after?.usdPerMonth ?? 0, -(before?.usdPerMonth ?? 0)]);
}

function isCounted(known: Known | undefined): known is Exclude<Known, "unknown"> {
  return known !== undefined && known !== "unknown";
}

export interface Verdict {
  readonly isWithin: boolean;
  readonly reason: string;
}

/** Whether the limit is kept; one that can't be judged is not, since a check that passes unseen is none. */
export function verdictOn(maxUsdPerMonth: number, total: Total, preview: Preview): Verdict {
  const limit = `--max-usd-per-month of ${usdText(maxUsdPerMonth)}`;
  const cost = `${usdText(total.usdPerMonth)} a month after this change`;
  const within = (isWithin: boolean, reason: string) => ({ isWithin, reason });
  if (total.usdPerMonth > maxUsdPerMonth) return within(false, `${cost} is above ${limit}`);
  const cannot = `whether ${limit} is kept can't be told`;
  if (preview.hasFailed) return within(false, `${cannot}: the preview failed`);
  if (total.notCounted.length > 0) {
    const names = total.notCounted.map(({ name }) => name).join(", ");
    return within(false, `${cannot}: the cost of ${names} is not known before the update`);
  }
  if (total.usdPerMonth + total.mayAddPerMonth > maxUsdPerMonth) {
    const names = total.undecided.map(({ name }) => name).join(", ");
    const most = usdText(total.usdPerMonth + total.mayAddPerMonth);
    return within(
      false,
      `${cannot}: the pipes of ${names} could not be read, and with their bursts it is ${most} a month`,
    );
  }
  if (preview.leftOut > 0) {
    return within(
      false,
      `${cannot}: the preview leaves out what does not change (${preview.leftOut}); run \`pulumi preview --json --show-sames\``,
    );
  }
  return within(true, `${cost} is within ${limit}`);
}
