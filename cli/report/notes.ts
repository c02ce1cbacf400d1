import { DOCUMENTED_MAX_CORES } from "../../sizing";
import { computeDifference } from "./cost-total";
import { escapeMarkdown } from "./escape-markdown";
import { formatUsd } from "./format-usd";
import { formatMessage } from "./message-text";
import { isKnownSize, type MaybeKnownSize } from "./priced-size";
import type { ServiceChange } from "./service-change";

/** Lists what a reviewer should know about a change: escaped, without duplicates, the most important first. */
export function listNotes(change: ServiceChange): string[] {
  const { messages, burst } = change;
  const selectMessages = (severity: string) =>
    messages.filter((message) => message.severity === severity).map(formatMessage);
  const notes = [
    ...selectMessages("error"),
    noteSize(change),
    noteBurst(change),
    noteDestroy(change),
    notePendingChange(change),
    ...selectMessages("info"),
    burst?.reason,
    noteCost(change),
    ...selectMessages("warning"),
  ];
  return [...new Set(notes.filter((note) => note !== undefined).map((note) => escapeMarkdown(note)))];
}

type Note = string | undefined;

function noteSize({ after, action, destroyEffect }: ServiceChange): Note {
  if (after === "unknown" && action !== "fails" && destroyEffect === undefined)
    return "its size and cost are not known to a preview: a secret, or a value that comes with the update";
  if (!isKnownSize(after) || after.cores <= DOCUMENTED_MAX_CORES) return undefined;
  return `${after.cores} cores are more than the ${DOCUMENTED_MAX_CORES} that ClickHouse documents`;
}

function noteBurst({ burst, after, messages }: ServiceChange): Note {
  if (burst === undefined || burst.phase === "steady") return undefined;
  const { phase, endBy, steadySize } = burst;
  if (phase === "overdue")
    return `its initial load was not seen to be over before its end, ${endBy ?? "unknown"}`;
  if (endBy !== undefined || !isKnownSize(after) || after.cores === steadySize?.cores) return undefined;
  // The provider's own advice names the argument, too.
  if (messages.some(({ message }) => message.includes("initialLoad.endBy"))) return undefined;
  return `no endBy: only the end of its initial load ends this size, which costs ${formatUsd(after.usdPerMonth)} a month`;
}

function noteDestroy({ destroyEffect, before, after }: ServiceChange): Note {
  switch (destroyEffect) {
    case "keepSize":
      return `destroy leaves its size, which goes on costing${formatCost(before)}: what it was before is not known`;
    case "retainSize":
      return `retainOnDelete: its size stays and goes on costing${formatCost(before)}`;
    case "resetSize":
      return after === "unknown" ? "what destroy leaves is not known" : undefined;
    case "deleteService":
    case undefined:
      return undefined;
  }
}

function formatCost(size: MaybeKnownSize | undefined): string {
  return isKnownSize(size) ? ` ${formatUsd(size.usdPerMonth)} a month` : "";
}

/** An info message of the provider already says which change it resumes. */
function notePendingChange({ pendingCores, messages }: ServiceChange): Note {
  if (pendingCores === undefined || messages.some(({ severity }) => severity === "info")) return undefined;
  return `an earlier change to ${pendingCores} cores has not been seen yet`;
}

function noteCost(change: ServiceChange): Note {
  const difference = computeDifference(change);
  if (difference === undefined || difference <= 0) return undefined;
  if (change.before !== undefined) return `grows by ${formatUsd(difference)} a month`;
  return "new in this stack: what its service costs now is not known, so all of it counts as growth";
}
