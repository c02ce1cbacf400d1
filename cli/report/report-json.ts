import { toPlainLine } from "../../provider/text/plain-text";
import { type Assessment, findStack, listFailures } from "./assess-preview";
import { computeDifference } from "./cost-total";
import { sumUsd } from "./format-usd";
import { formatMessage } from "./message-text";
import { listPlainNotes } from "./notes";
import type { Preview } from "./preview";
import type { MaybeKnownSize } from "./priced-size";
import type { Action, ServiceChange } from "./service-change";

/**
 * What `report --json` prints. Scripts read it: fields may be added, and are never renamed or removed. Amounts are US dollars. Null
 * stands for what does not exist or is not known.
 */
export interface ReportJson {
  readonly stack: { readonly project: string; readonly name: string } | null;
  readonly hasFailed: boolean;
  /** Errors that belong to no service. */
  readonly errors: readonly string[];
  /** Of all services after the change. */
  readonly usdPerHour: number;
  readonly usdPerMonth: number;
  /** Whether the sums may miss something: the preview failed, omits resources, or does not know a cost. */
  readonly isMinimum: boolean;
  readonly differenceUsdPerMonth: number | null;
  /** With every burst that this or a later `up` may start. */
  readonly maximumUsdPerMonth: number;
  /** Unchanged resources that the preview leaves out. */
  readonly omittedCount: number;
  /** Of --max-usd-per-month. */
  readonly check: { readonly isWithinLimit: boolean; readonly reason: string } | null;
  readonly services: readonly ServiceJson[];
}

interface ServiceJson {
  readonly name: string;
  readonly serviceId: string | null;
  readonly action: Action;
  readonly before: SizeJson | null;
  readonly after: SizeJson | null;
  readonly differenceUsdPerMonth: number | null;
  readonly initialLoad: { readonly phase: string; readonly endBy: string | null } | null;
  readonly notes: readonly string[];
}

interface SizeJson {
  readonly cores: number;
  readonly memoryGb: number;
  readonly computeUnits: number;
  readonly usdPerHour: number;
  readonly usdPerMonth: number;
}

export function toReportJson(preview: Preview, { changes, total, verdict }: Assessment): ReportJson {
  const { hasFailed, messages, omittedCount, steps } = preview;
  const stack = findStack(steps);
  const { usdPerHour, usdPerMonth, differenceUsdPerMonth, withUnknownCost, possibleBurstUsdPerMonth } = total;
  return {
    stack: stack === undefined ? null : { project: stack.project, name: stack.stack },
    hasFailed,
    errors: listFailures(messages, changes).map((message) => toPlainLine(formatMessage(message))),
    usdPerHour,
    usdPerMonth,
    isMinimum: hasFailed || withUnknownCost.length > 0 || omittedCount > 0,
    differenceUsdPerMonth: (hasFailed ? undefined : differenceUsdPerMonth) ?? null,
    maximumUsdPerMonth: sumUsd([usdPerMonth, possibleBurstUsdPerMonth]),
    omittedCount,
    check:
      verdict === undefined
        ? null
        : { isWithinLimit: verdict.isWithinLimit, reason: toPlainLine(verdict.reason) },
    services: changes.map(toServiceJson),
  };
}

function toServiceJson(change: ServiceChange): ServiceJson {
  const { name, serviceId, action, before, after, burst } = change;
  return {
    name: toPlainLine(name),
    serviceId: serviceId ?? null,
    action,
    before: toSizeJson(before),
    after: toSizeJson(after),
    differenceUsdPerMonth: computeDifference(change) ?? null,
    initialLoad:
      burst === undefined
        ? null
        : {
            phase: toPlainLine(burst.phase),
            endBy: burst.endBy === undefined ? null : toPlainLine(burst.endBy),
          },
    notes: listPlainNotes(change),
  };
}

function toSizeJson(size: MaybeKnownSize | undefined): SizeJson | null {
  if (size === undefined || size === "unknown") return null;
  const { cores, memoryGb, computeUnits, usdPerHour, usdPerMonth } = size;
  return { cores, memoryGb, computeUnits, usdPerHour, usdPerMonth };
}
