import type { Known } from "./amount";
import type { Burst } from "./burst";
import type { Change } from "./changes";
import { inert } from "./inert";
import { fitting } from "./length";
import { differenceText, usdNumber, usdText } from "./money";
import { risksOf } from "./risks";
import { growthOf, totalOf } from "./total";

/** A row for each service that something is to be said of, and one for all others. */
export function table(changes: readonly Change[]): string {
  if (changes.length === 0) return "";
  const rest = changes.filter((change) => !isShown(change));
  return [
    "| | service | cores | compute units | $/h | $/month | difference | phase |",
    "| --- | --- | --: | --: | --: | --: | --: | --- |",
    fitting(changes.filter(isShown).map(row), (more) =>
      cells(["", `and ${more} more`, "", "", "", "", "", ""]),
    ),
    ...(rest.length === 0 ? [] : [restRow(rest)]),
  ]
    .filter((line) => line !== "")
    .join("\n");
}

/** Nothing is to be said of a resource that stays as it is. */
export function isShown(change: Change): boolean {
  return change.action !== "unchanged" || risksOf(change).length > 0;
}

function row(change: Change): string {
  const { before, after, action, burst } = change;
  const growth = growthOf(change);
  return cells([
    action,
    serviceText(change),
    both(before, after, ({ cores, memoryGb }) => `${cores} (${memoryGb} GB)`),
    both(before, after, ({ computeUnits }) => String(computeUnits)),
    both(before, after, ({ usdPerHour }) => usdNumber(usdPerHour)),
    both(before, after, ({ usdPerMonth }) => usdNumber(usdPerMonth)),
    growth === undefined ? "?" : differenceText(growth),
    burst === undefined ? "" : phaseText(burst),
  ]);
}

function restRow(rest: readonly Change[]): string {
  const { usdPerHour, usdPerMonth } = totalOf(rest);
  const units = rest.reduce(
    (sum, { after }) => sum + (typeof after === "object" ? after.computeUnits : 0),
    0,
  );
  const services = `${rest.length} ${rest.length === 1 ? "service" : "services"}`;
  return cells([
    "unchanged",
    services,
    "",
    String(units),
    usdNumber(usdPerHour),
    usdNumber(usdPerMonth),
    "",
    "",
  ]);
}

function cells(texts: readonly string[]): string {
  return `| ${texts.join(" | ")} |`;
}

function serviceText({ name, serviceId, takenOverFrom, action }: Change): string {
  const from = takenOverFrom === undefined ? "" : `, before: ${nameText(takenOverFrom)}`;
  const id = serviceId ?? (action === "fails" ? "" : "not known yet");
  return `**${nameText(name)}**${from}${id === "" ? "" : ` (${id})`}`;
}

const LONGEST_NAME = 80;

export function nameText(name: string): string {
  return inert(name, LONGEST_NAME);
}

/** "2 => 8", or one of them where they are the same. */
function both(
  before: Known | undefined,
  after: Known | undefined,
  text: (amount: Exclude<Known, "unknown">) => string,
): string {
  const one = (known: Known | undefined, none: string) => {
    if (known === undefined) return none;
    return known === "unknown" ? "?" : text(known);
  };
  const [from, to] = [one(before, "?"), one(after, "none")];
  return from === to ? from : `${from} => ${to}`;
}

function phaseText({ phase, endBy, steady }: Burst): string {
  const until = endBy === undefined ? "" : ` until ${inert(endBy)}`;
  const then =
    steady === undefined ? "" : `, then ${steady.cores} cores (${usdText(steady.usdPerMonth)}/month)`;
  switch (phase) {
    case "initialLoad":
      return `initial load${until}${then}`;
    case "overdue":
      return `overdue${endBy === undefined ? "" : ` since ${inert(endBy)}`}`;
    case "steady":
      return "steady";
    default:
      return `not known${until}`;
  }
}
