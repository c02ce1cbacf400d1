import { computeCost, LIST_PRICE, MIN_CORES } from "../../sizing";
import { legalCeiling } from "./rules";
import type { InputFailure } from "../state/inputs";

/** The steady size and the burst, each where it costs more than the program allows. */
export function listCostFailures(
  news: Readonly<Record<string, unknown>>,
  usdPerComputeUnitHour: number = LIST_PRICE.usdPerComputeUnitHour,
): InputFailure[] {
  const { cores, initialLoad, maxUsdPerHour } = news;
  if (typeof maxUsdPerHour !== "number" || !(maxUsdPerHour > 0)) return [];
  const burst = (initialLoad as { cores?: unknown } | null | undefined)?.cores;
  const ceiling = legalCeiling(news.maxCores);
  return Object.entries({ cores, "initialLoad.cores": burst }).flatMap(([path, size]) => {
    if (typeof size !== "number") return [];
    const { usdPerHour } = computeCost(size, usdPerComputeUnitHour);
    if (!(usdPerHour > maxUsdPerHour)) return [];
    const affordable = findAffordableCores(Math.min(size, ceiling), maxUsdPerHour, usdPerComputeUnitHour);
    const nearest =
      affordable === undefined ? "no size costs so little" : `the nearest is ${path}: ${affordable}`;
    const reason = `${size} cores cost $${usdPerHour.toFixed(2)}/h, above maxUsdPerHour of $${formatDollars(maxUsdPerHour)}/h; ${nearest}`;
    return [{ property: "maxUsdPerHour", reason }];
  });
}

function findAffordableCores(from: number, maxUsdPerHour: number, unitPrice: number): number | undefined {
  let affordable = from;
  while (affordable >= MIN_CORES && computeCost(affordable, unitPrice).usdPerHour > maxUsdPerHour)
    affordable--;
  return affordable >= MIN_CORES ? Math.floor(affordable) : undefined;
}

/** Cents, or as many digits as the program wrote. */
function formatDollars(usd: number): string {
  return Number.isInteger(usd * 100) ? usd.toFixed(2) : String(usd);
}
