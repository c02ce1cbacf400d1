import { type Change, changesOf } from "./changes";
import { inert } from "./inert";
import { fitting } from "./length";
import { differenceText, usdText } from "./money";
import type { Preview } from "./preview";
import { risksOf, textOf } from "./risks";
import { isShown, nameText, table } from "./table";
import { type Total, totalOf, type Verdict, verdictOn } from "./total";
import { urnOf } from "./urn";

/** With its row of the table, a resource takes fewer than 6 lines. */
const MOST_RISKS = 4;
const MOST_FAILURES = 3;

/** How a comment begins that holds a report: the next report replaces it. */
const MARK = "pulumi-clickpipes report";

export interface Report {
  readonly markdown: string;
  readonly verdict: Verdict | undefined;
}

export function reportOf(preview: Preview, maxUsdPerMonth?: number): Report {
  const changes = changesOf(preview);
  const total = totalOf(changes);
  const verdict = maxUsdPerMonth === undefined ? undefined : verdictOn(maxUsdPerMonth, total, preview);
  const blocks = [
    mark(preview),
    `### ClickPipes compute: ${headline(changes, total)}`,
    ...failures(preview, changes),
    table(changes),
    fitting(changes.filter(isShown).flatMap(riskLines), (more) => `- and ${more} lines more`),
    verdict === undefined ? "" : `${verdict.isWithin ? "" : "**Fails**: "}${inert(verdict.reason)}.`,
    leftOut(preview),
  ];
  return { markdown: `${blocks.filter((block) => block !== "").join("\n\n")}\n`, verdict };
}

/** One comment for each stack: a repository may have more than one. */
function mark({ steps }: Preview): string {
  const stack = steps.map(({ urn }) => urnOf(urn)).find((urn) => urn !== undefined);
  const name = stack === undefined ? "" : ` of ${stack.project}/${stack.stack}`;
  return `<!-- ${MARK}${name.replaceAll(/[^\w. /-]|-(?=-)/g, "_")} -->`;
}

function headline(changes: readonly Change[], total: Total): string {
  if (changes.length === 0) return "none in this preview";
  const atLeast = total.notCounted.length > 0 ? "at least " : "";
  const { usdPerHour, usdPerMonth, differencePerMonth } = total;
  const difference = differencePerMonth === 0 ? "unchanged" : differenceText(differencePerMonth);
  return `${atLeast}${usdText(usdPerMonth)} a month (${difference}), ${usdText(usdPerHour)}/h`;
}

/** What failed beside our resources, where it is not known whether the rest would follow. */
function failures({ messages, hasFailed }: Preview, changes: readonly Change[]): string[] {
  if (!hasFailed) return [];
  const ours = new Set(changes.flatMap((change) => change.messages));
  const others = messages.filter((message) => message.severity === "error" && !ours.has(message));
  const more = others.length - MOST_FAILURES;
  const lines = [
    ...others.slice(0, MOST_FAILURES).map((message) => `- error: ${inert(textOf(message))}`),
    ...(more > 0 ? [`- and ${more} more, in the preview`] : []),
  ];
  return [["**The preview failed**: what follows may not be all.", ...lines].join("\n")];
}

function riskLines(change: Change): string[] {
  const risks = risksOf(change);
  const shown = risks.length > MOST_RISKS ? risks.slice(0, MOST_RISKS - 1) : risks;
  const more = risks.length - shown.length;
  const lines = [...shown, ...(more > 0 ? [`and ${more} more, in the preview`] : [])];
  return lines.map((line) => `- **${nameText(change.name)}**: ${line}`);
}

function leftOut({ leftOut: count }: Preview): string {
  if (count === 0) return "";
  const resources = count === 1 ? "1 resource" : `${count} resources`;
  return `Not in this preview: what does not change (${resources}, of any kind). \`--show-sames\` shows it.`;
}
