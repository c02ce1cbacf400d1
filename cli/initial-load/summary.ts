import { formatDuration } from "../../provider/wait/duration";
import { computeCost, formatUtcTime, formatUsd } from "../../sizing";
import { billBurst, type EndedBurst } from "./bill";

const NEXT_STEP =
  "Remove initialLoad from the program, or set its endBy: a resync or an added table counts as an initial load too.";

/** Each service's last burst and its cost, one per line, and the total. */
export function summarize(bursts: readonly EndedBurst[], unitPrice: number | undefined): string {
  if (bursts.length === 0) return "No pipe is loading. Every service has its steady size.";
  const bills = bursts.map((burst) => ({ burst, ...billBurst(burst, unitPrice) }));
  const lines = bills.map(({ burst: { name, cores, steadyCores, from, to }, hours, usd }) => {
    const duration = formatDuration(to.getTime() - from.getTime());
    const period = `${formatUtcTime(toSecond(from))} to ${formatUtcTime(toSecond(to))}`;
    const steady = `${steadyCores} cores at ${formatUsd(computeCost(steadyCores, unitPrice).usdPerHour)}/h since`;
    const started = `${hours} started ${hours === 1 ? "hour" : "hours"}`;
    return `${name}: ${cores} cores for ${duration} (${period}), ${started}, ${formatUsd(usd)}; ${steady}`;
  });
  const total = bills.reduce((sum, { usd }) => sum + usd, 0);
  return [...lines, ...(bills.length > 1 ? [`Total: ${formatUsd(total)}`] : []), NEXT_STEP].join("\n");
}

function toSecond(time: Date): Date {
  return new Date(Math.round(time.getTime() / 1_000) * 1_000);
}
