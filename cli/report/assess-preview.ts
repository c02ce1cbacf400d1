import { LIST_PRICE } from "../../sizing";
import { checkCostLimit, type CostVerdict } from "./cost-limit";
import { computeTotal, type CostTotal } from "./cost-total";
import { listChanges } from "./list-changes";
import type { Message, Preview } from "./preview";
import type { ServiceChange } from "./service-change";
import { parseUrn, type Urn } from "./urn";

export interface AssessmentOptions {
  /** @default no limit */
  readonly maxUsdPerMonth?: number | undefined;
  /** The cost of a burst counts from here to its end. */
  readonly now: Date;
  /** @default the list price */
  readonly usdPerComputeUnitHour?: number | undefined;
  /** @default false */
  readonly excludesLaterBursts?: boolean | undefined;
}

/** What a report says, before it is rendered. */
export interface Assessment {
  readonly changes: readonly ServiceChange[];
  readonly total: CostTotal;
  /** Undefined if there is no limit. */
  readonly verdict: CostVerdict | undefined;
  readonly now: Date;
  readonly usdPerComputeUnitHour: number;
}

export function assessPreview(preview: Preview, options: AssessmentOptions): Assessment {
  const { maxUsdPerMonth, now, usdPerComputeUnitHour = LIST_PRICE.usdPerComputeUnitHour } = options;
  const { excludesLaterBursts = false } = options;
  const changes = listChanges(preview, { usdPerComputeUnitHour, now, excludesLaterBursts });
  const total = computeTotal(changes);
  const verdict = maxUsdPerMonth === undefined ? undefined : checkCostLimit(maxUsdPerMonth, total, preview);
  return { changes, total, verdict, now, usdPerComputeUnitHour };
}

/** Lists the errors that belong to no scaling resource. Those that do are notes on it. */
export function listFailures(messages: readonly Message[], changes: readonly ServiceChange[]): Message[] {
  const inNotes = new Set(changes.flatMap((change) => change.messages));
  return messages.filter((message) => message.severity === "error" && !inNotes.has(message));
}

/** The stack of the preview; undefined if it has no steps. */
export function findStack(steps: Preview["steps"]): Urn | undefined {
  return steps.map(({ urn }) => parseUrn(urn)).find((urn) => urn !== undefined);
}
