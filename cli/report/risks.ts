import { stripVTControlCharacters } from "node:util";
import { DOCUMENTED_MAX_CORES } from "../../sizing";
import type { Change } from "./changes";
import { inert } from "./inert";
import { usdText } from "./money";
import type { Message } from "./preview";
import { growthOf } from "./total";

/** What a reviewer is to know of a change, the worst first, each once and ready for a comment. */
export function risksOf(change: Change): string[] {
  const { messages } = change;
  const of = (severity: string) => messages.filter((message) => message.severity === severity).map(textOf);
  const risks = [
    ...of("error"),
    ...sizeRisks(change),
    ...burstRisks(change),
    ...endRisks(change),
    ...pendingRisks(change),
    ...of("info"),
    ...burstReasons(change),
    ...growthRisks(change),
    ...of("warning"),
  ];
  return [...new Set(risks.map((risk) => inert(risk)))];
}

function sizeRisks({ after, action, ending }: Change): string[] {
  if (after === "unknown" && action !== "fails" && ending === undefined)
    return ["its size and cost are not known to a preview: a secret, or a value that comes with the update"];
  if (after === undefined || after === "unknown" || after.cores <= DOCUMENTED_MAX_CORES) return [];
  return [`${after.cores} cores are more than the ${DOCUMENTED_MAX_CORES} that ClickHouse documents`];
}

function burstRisks({ burst, after, messages }: Change): string[] {
  if (burst === undefined || burst.phase === "steady") return [];
  if (burst.phase === "overdue")
    return [`its initial load was not seen to be over before its end, ${burst.endBy ?? "unknown"}`];
  const isLarger = after !== undefined && after !== "unknown" && after.cores !== burst.steady?.cores;
  const isSaid = messages.some(({ message }) => message.includes("initialLoad.endBy"));
  if (burst.endBy !== undefined || !isLarger || isSaid) return [];
  return [
    `no endBy: only the end of its initial load ends this size, which costs ${usdText(after.usdPerMonth)} a month`,
  ];
}

function endRisks({ ending, before, after }: Change): string[] {
  switch (ending) {
    case "stays":
      return [
        `destroy leaves its size, which goes on costing${costText(before)}: what it was before is not known`,
      ];
    case "retained":
      return [`retainOnDelete: its size stays and goes on costing${costText(before)}`];
    case "putBack":
      return after === "unknown" ? ["what destroy leaves is not known"] : [];
    case "gone":
    case undefined:
      return [];
  }
}

function costText(known: Change["before"]): string {
  return known === undefined || known === "unknown" ? "" : ` ${usdText(known.usdPerMonth)} a month`;
}

/** Where the provider says on its row what it resumes, that is said already; so with its advice on a burst. */
function pendingRisks({ pendingCores, messages }: Change): string[] {
  const isSaid = messages.some(({ severity }) => severity === "info");
  if (pendingCores === undefined || isSaid) return [];
  return [`an earlier change to ${pendingCores} cores has not been seen yet`];
}

function growthRisks(change: Change): string[] {
  const { before, after } = change;
  const growth = growthOf(change);
  if (growth === undefined || growth <= 0 || after === undefined || after === "unknown") return [];
  if (before !== undefined && before !== "unknown") return [`grows by ${usdText(growth)} a month`];
  return [`new in this stack: what its service costs now is not known, so all of it counts as growth`];
}

function burstReasons({ burst }: Change): string[] {
  return burst?.reason === undefined ? [] : [burst.reason];
}

/** Pulumi's prefixes repeat the severity and the resource; a stack trace is for the log. */
export function textOf({ message }: Message): string {
  return stripVTControlCharacters(message)
    .replace(/^(error|warning|info): /, "")
    .replace(/^pulumi-nodejs:dynamic\/clickpipes:CdcScaling resource '.*?': /, "")
    .replace(/\n\s+at .*/s, "");
}
