import { costOf, timeText, usdText } from "../../sizing";
import { durationText } from "../../provider/wait/duration";
import { billOf } from "./bill";
import type { BurstRun } from "./record";

/** What the bursts came to, a line for each, and in all. */
export function summaryOf(runs: readonly BurstRun[], unitPrice: number | undefined, now: Date): string {
  if (runs.length === 0) return "No pipe takes its initial load: every service has its steady size.";
  const bills = runs.map((run) => ({ run, ...billOf({ ...run, to: run.to ?? now }, unitPrice) }));
  const lines = bills.map(({ run: { name, cores, steadyCores, from, to = now, isEndSeen }, hours, usd }) => {
    const took = durationText(to.getTime() - from.getTime());
    const end = isEndSeen ? "" : ", last seen then: its end was not watched, and its bill may be higher";
    const steady = `${steadyCores} cores at ${usdText(costOf(steadyCores, unitPrice).usdPerHour)}/h since`;
    return `${name}: ${cores} cores for ${took} (${timeText(toSecond(from))} to ${timeText(toSecond(to))}), ${hours} begun hours, ${usdText(usd)}${end}; ${steady}`;
  });
  const total = bills.reduce((sum, { usd }) => sum + usd, 0);
  return [...lines, ...(bills.length > 1 ? [`In all ${usdText(total)}`] : []), NEXT].join("\n");
}

const NEXT =
  "Take initialLoad out of the program, or set its endBy: a resync or an added table counts as an initial load, too.";

function toSecond(time: Date): Date {
  return new Date(Math.round(time.getTime() / 1_000) * 1_000);
}
