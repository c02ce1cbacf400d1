import { toPlainLine } from "../../provider/text/plain-text";
import { DOCUMENTED_MAX_CORES } from "../../sizing";
import { computeDifference, computePossibleBurst } from "./cost-total";
import { escapeMarkdown } from "./escape-markdown";
import { formatUsd } from "./format-usd";
import { formatMessage } from "./message-text";
import { isKnownSize, type MaybeKnownSize } from "./priced-size";
import type { ServiceChange } from "./service-change";

/** Lists what a reviewer should know about a change, safe for Markdown. */
export function listNotes(change: ServiceChange): string[] {
  return [...new Set(collectNotes(change).map((note) => escapeMarkdown(note)))];
}

/** The same as plain lines. */
export function listPlainNotes(change: ServiceChange): string[] {
  return [...new Set(collectNotes(change).map(toPlainLine))];
}

/** The most important first. */
function collectNotes(change: ServiceChange): string[] {
  const { messages, burst } = change;
  const selectMessages = (severity: string) =>
    messages.filter((message) => message.severity === severity).map(formatMessage);
  return [
    ...selectMessages("error"),
    noteSize(change),
    notePrice(change),
    noteBurst(change),
    notePossibleBurst(change),
    noteDestroy(change),
    notePendingChange(change),
    ...selectMessages("info"),
    burst?.reason,
    noteCost(change),
    ...selectMessages("warning"),
  ].filter((note) => note !== undefined);
}

type Note = string | undefined;

function noteSize({ after, action, destroyEffect }: ServiceChange): Note {
  if (action === "skipped") return "not part of this preview (--target or --exclude), so its cost is unknown";
  if (after === "unknown" && action !== "failed" && destroyEffect === undefined)
    return "size and cost are unknown: the value is secret or computed during the update";
  if (!isKnownSize(after) || after.cores <= DOCUMENTED_MAX_CORES) return undefined;
  return `${after.cores} cores is above the documented maximum of ${DOCUMENTED_MAX_CORES}`;
}

function notePrice({ stackPrice }: ServiceChange): Note {
  if (stackPrice === undefined) return undefined;
  return `the stack has its own price, ${formatUsd(stackPrice)} per compute unit and hour; this report doesn't use it`;
}

function noteBurst({ burst, after, messages }: ServiceChange): Note {
  if (burst === undefined || burst.phase === "steady") return undefined;
  const { phase, endBy, steadySize } = burst;
  if (phase === "overdue")
    return `endBy (${endBy ?? "unknown"}) passed before the initial load was confirmed as finished`;
  if (endBy !== undefined || !isKnownSize(after) || after.cores === steadySize?.cores) return undefined;
  // The provider's own advice names the argument, too.
  if (messages.some(({ message }) => message.includes("initialLoad.endBy"))) return undefined;
  return `endBy is not set: this size (${formatUsd(after.usdPerMonth)}/month) stays until the initial load finishes`;
}

/** The size in force is the least that the service costs: a later `up` may start the burst. */
function notePossibleBurst(change: ServiceChange): Note {
  const { burstSize, endBy } = change.burst ?? {};
  if (burstSize === undefined || !isKnownSize(change.after) || computePossibleBurst(change) === 0)
    return undefined;
  const until = endBy === undefined || endBy === "unknown" ? "" : ` until ${endBy}`;
  return `initialLoad may raise the size to ${burstSize.cores} cores (${formatUsd(burstSize.usdPerMonth)}/month)${until}`;
}

function noteDestroy({ destroyEffect, before, after }: ServiceChange): Note {
  switch (destroyEffect) {
    case "keepSize":
      return `destroy keeps the current size${formatCost(before)} because the original size is unknown`;
    case "retainSize":
      return `retainOnDelete is set: the current size stays${formatCost(before)}`;
    case "resetSize":
      return after === "unknown" ? "the size after destroy is unknown" : undefined;
    case "rely":
      return `deletedWith is set: nothing resets the size${formatCost(before)}; it costs nothing only if the service itself is deleted`;
    case undefined:
      return undefined;
  }
}

function formatCost(size: MaybeKnownSize | undefined): string {
  return isKnownSize(size) ? ` (still ${formatUsd(size.usdPerMonth)}/month)` : "";
}

/** A message of the provider may already say which change it resumes or replaces. */
function notePendingChange({ pendingCores, messages }: ServiceChange): Note {
  const isNamed = messages.some(({ message }) =>
    /resumes waiting for|replaces an unfinished change/.test(message),
  );
  if (pendingCores === undefined || isNamed) return undefined;
  return `an earlier change to ${pendingCores} cores is still pending`;
}

function noteCost(change: ServiceChange): Note {
  const difference = computeDifference(change);
  if (difference === undefined || difference <= 0) return undefined;
  if (change.before !== undefined) return `cost increases by ${formatUsd(difference)}/month`;
  return "new in this stack: the current cost is unknown, so the full cost counts as an increase";
}
