import type { Burst } from "./burst";
import { computeDifference, computeTotal } from "./cost-total";
import { escapeMarkdown, escapeName } from "./escape-markdown";
import { formatNumber, formatUsd, formatUsdDifference } from "./format-usd";
import { listNotes } from "./notes";
import { isKnownSize, type MaybeKnownSize, type PricedSize } from "./priced-size";
import type { ServiceChange } from "./service-change";
import { truncateLines } from "./truncate";

/** Renders a row for each change that has something to show, and one row for all others. */
export function renderTable(changes: readonly ServiceChange[]): string {
  if (changes.length === 0) return "";
  const rest = changes.filter((change) => !hasOwnRow(change));
  return [
    "| action | service | cores | compute units | $/hour | $/month | difference per month | phase |",
    "| --- | --- | --: | --: | --: | --: | --: | --- |",
    truncateLines(changes.filter(hasOwnRow).map(renderRow), (count) =>
      joinCells(["", `${count} more not shown`, "", "", "", "", "", ""]),
    ),
    rest.length === 0 ? "" : renderRestRow(rest),
  ]
    .filter((line) => line !== "")
    .join("\n");
}

/** An unchanged service without notes has no row of its own. */
export function hasOwnRow(change: ServiceChange): boolean {
  return change.action !== "unchanged" || listNotes(change).length > 0;
}

function renderRow(change: ServiceChange): string {
  const { before, after, action, burst } = change;
  const difference = computeDifference(change);
  const renderTransition = (format: (size: PricedSize) => string) => {
    const from = formatSize(before, { format, none: "?" });
    const to = formatSize(after, { format, none: "none" });
    return from === to ? from : `${from} => ${to}`;
  };
  return joinCells([
    action,
    renderService(change),
    renderTransition(({ cores, memoryGb }) => `${cores} (${memoryGb} GB)`),
    renderTransition(({ computeUnits }) => String(computeUnits)),
    renderTransition(({ usdPerHour }) => formatNumber(usdPerHour)),
    renderTransition(({ usdPerMonth }) => formatNumber(usdPerMonth)),
    difference === undefined ? "?" : formatUsdDifference(difference),
    burst === undefined ? "" : renderPhase(burst),
  ]);
}

function renderRestRow(rest: readonly ServiceChange[]): string {
  const { usdPerHour, usdPerMonth } = computeTotal(rest);
  const computeUnits = rest
    .map(({ after }) => after)
    .filter(isKnownSize)
    .reduce((sum, size) => sum + size.computeUnits, 0);
  return joinCells([
    "unchanged",
    rest.length === 1 ? "1 service" : `${rest.length} services`,
    "",
    String(computeUnits),
    formatNumber(usdPerHour),
    formatNumber(usdPerMonth),
    "",
    "",
  ]);
}

function joinCells(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

function renderService({ name, serviceId, previousName, action }: ServiceChange): string {
  const previous = previousName === undefined ? "" : `, previously ${escapeName(previousName)}`;
  const id = serviceId ?? (action === "failed" ? "" : "ID not known yet");
  return `**${escapeName(name)}**${previous}${id === "" ? "" : ` (${id})`}`;
}

interface SizeFormat {
  readonly format: (size: PricedSize) => string;
  /** Stands for a size that does not exist. */
  readonly none: string;
}

function formatSize(size: MaybeKnownSize | undefined, { format, none }: SizeFormat): string {
  if (size === undefined) return none;
  return size === "unknown" ? "?" : format(size);
}

function renderPhase({ phase, endBy, steadySize }: Burst): string {
  const until =
    endBy === undefined ? "" : ` until ${endBy === "unknown" ? "an unknown time" : escapeMarkdown(endBy)}`;
  const next =
    steadySize === undefined
      ? ""
      : `, then ${steadySize.cores} cores (${formatUsd(steadySize.usdPerMonth)}/month)`;
  switch (phase) {
    case "prepared":
      return `prepared for an initial load${until}${next}`;
    case "initialLoad":
      return `initial load${until}${next}`;
    case "overdue":
      return `overdue${endBy === undefined ? "" : ` since ${escapeMarkdown(endBy)}`}`;
    case "steady":
      return "steady";
    default:
      return `unknown${endBy === undefined ? "" : ` (endBy ${escapeMarkdown(endBy)})`}`;
  }
}
