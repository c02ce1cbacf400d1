import { LIST_PRICE } from "../../sizing";
import { checkCostLimit, type CostVerdict } from "./cost-limit";
import { computeTotal } from "./cost-total";
import { countUnchanged } from "./count";
import { escapeMarkdown, escapeName } from "./escape-markdown";
import { renderHeadline } from "./render-headline";
import { listChanges } from "./list-changes";
import { formatMessage } from "./message-text";
import { listNotes } from "./notes";
import type { Preview } from "./preview";
import { hasOwnRow, renderTable } from "./render-table";
import type { ServiceChange } from "./service-change";
import { truncateLines } from "./truncate";
import { parseUrn } from "./urn";

/** With its row in the table, a service takes at most 5 lines. */
const MAX_NOTES = 4;
const MAX_FAILURES = 3;

/** The hidden marker in the first line of a report. It tells which comment the next report replaces. */
const MARKER = "pulumi-clickpipes report";

export interface Report {
  readonly markdown: string;
  /** Undefined if there is no limit. */
  readonly verdict: CostVerdict | undefined;
}

export interface ReportOptions {
  /** @default no limit */
  readonly maxUsdPerMonth?: number | undefined;
  /** The cost of a burst counts from here to its end. */
  readonly now: Date;
  /** @default the list price */
  readonly usdPerComputeUnitHour?: number | undefined;
  /** @default false */
  readonly excludesLaterBursts?: boolean | undefined;
}

export function renderReport(preview: Preview, options: ReportOptions): Report {
  const { maxUsdPerMonth, now, usdPerComputeUnitHour = LIST_PRICE.usdPerComputeUnitHour } = options;
  const { excludesLaterBursts = false } = options;
  const changes = listChanges(preview, { usdPerComputeUnitHour, now, excludesLaterBursts });
  const total = computeTotal(changes);
  const verdict = maxUsdPerMonth === undefined ? undefined : checkCostLimit(maxUsdPerMonth, total, preview);
  const blocks = [
    renderMarker(preview),
    `### ClickPipes compute: ${renderHeadline(preview, changes, { now, usdPerComputeUnitHour })}`,
    renderFailures(preview, changes),
    renderTable(changes),
    truncateLines(
      changes.filter(hasOwnRow).flatMap(renderNotes),
      (count) => `- ${count} more lines not shown`,
    ),
    verdict === undefined ? "" : renderVerdict(verdict),
    renderOmitted(preview),
  ];
  return { markdown: `${blocks.filter((block) => block !== "").join("\n\n")}\n`, verdict };
}

/** Names the stack, because a repository with several stacks has a comment for each. */
function renderMarker({ steps }: Preview): string {
  const stack = steps.map(({ urn }) => parseUrn(urn)).find((urn) => urn !== undefined);
  const suffix = stack === undefined ? "" : ` of ${stack.project}/${stack.stack}`;
  return `<!-- ${MARKER}${suffix.replaceAll(/[^\w. /-]|-(?=-)/g, "_")} -->`;
}

/** Lists the errors that belong to no scaling resource. Those that do are notes on it. */
function renderFailures({ messages, hasFailed }: Preview, changes: readonly ServiceChange[]): string {
  if (!hasFailed) return "";
  const inNotes = new Set(changes.flatMap((change) => change.messages));
  const failures = messages.filter((message) => message.severity === "error" && !inNotes.has(message));
  const hiddenCount = failures.length - MAX_FAILURES;
  return [
    "**The preview failed**, so this report may be incomplete.",
    ...failures.slice(0, MAX_FAILURES).map((message) => `- error: ${escapeMarkdown(formatMessage(message))}`),
    ...(hiddenCount > 0 ? [`- ${hiddenCount} more not shown`] : []),
  ].join("\n");
}

function renderNotes(change: ServiceChange): string[] {
  const notes = listNotes(change);
  const shown = notes.length > MAX_NOTES ? notes.slice(0, MAX_NOTES - 1) : notes;
  const hiddenCount = notes.length - shown.length;
  const lines = [...shown, ...(hiddenCount > 0 ? [`${hiddenCount} more not shown`] : [])];
  return lines.map((line) => `- **${escapeName(change.name)}**: ${line}`);
}

function renderVerdict({ isWithinLimit, reason }: CostVerdict): string {
  return `${isWithinLimit ? "" : "**Cost check failed**: "}${escapeMarkdown(reason)}.`;
}

function renderOmitted({ omittedCount }: Preview): string {
  if (omittedCount === 0) return "";
  return `This preview omits ${countUnchanged(omittedCount)}, so the total may be incomplete. Run it with \`--show-sames\`.`;
}
