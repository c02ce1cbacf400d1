import { type Assessment, findStack, listFailures } from "./assess-preview";
import type { CostVerdict } from "./cost-limit";
import { countUnchanged } from "./count";
import { escapeMarkdown, escapeName } from "./escape-markdown";
import { renderHeadline } from "./render-headline";
import { formatMessage } from "./message-text";
import { listNotes } from "./notes";
import type { Preview } from "./preview";
import { hasOwnRow, renderTable } from "./render-table";
import type { ServiceChange } from "./service-change";
import { truncateLines } from "./truncate";

/** With its row in the table, a service takes at most 5 lines. */
const MAX_NOTES = 4;
const MAX_FAILURES = 3;

/** The hidden marker in the first line of a report. It tells which comment the next report replaces. */
const MARKER = "pulumi-clickpipes report";

/** A comment for a pull request. */
export function renderMarkdown(preview: Preview, assessment: Assessment): string {
  const { changes, verdict } = assessment;
  const blocks = [
    renderMarker(preview),
    `### ClickPipes compute: ${renderHeadline(preview, changes, assessment)}`,
    renderFailures(preview, changes),
    renderTable(changes),
    truncateLines(
      changes.filter(hasOwnRow).flatMap(renderNotes),
      (count) => `- ${count} more lines not shown`,
    ),
    verdict === undefined ? "" : renderVerdict(verdict),
    renderOmitted(preview),
  ];
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}

/** Names the stack, because a repository with several stacks has a comment for each. */
function renderMarker({ steps }: Preview): string {
  const stack = findStack(steps);
  const suffix = stack === undefined ? "" : ` of ${stack.project}/${stack.stack}`;
  return `<!-- ${MARKER}${suffix.replaceAll(/[^\w. /-]|-(?=-)/g, "_")} -->`;
}

function renderFailures({ messages, hasFailed }: Preview, changes: readonly ServiceChange[]): string {
  if (!hasFailed) return "";
  const failures = listFailures(messages, changes);
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
