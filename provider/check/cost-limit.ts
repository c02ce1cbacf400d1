import { computeCost, LIST_PRICE, MIN_CORES } from "../../sizing";
import type { InputFailure } from "../state/inputs";
import type { DeclaredSizes } from "./declared-sizes";

/** A failure for the steady size, and one for the burst, if it costs more than `maxUsdPerHour`. */
export function listCostFailures(
  { cores, initialLoad, maxUsdPerHour = 0 }: DeclaredSizes,
  maxCores: number,
  usdPerComputeUnitHour: number = LIST_PRICE.usdPerComputeUnitHour,
): InputFailure[] {
  if (maxUsdPerHour <= 0) return [];
  const sizes = { cores, "initialLoad.cores": initialLoad.cores };
  return Object.entries(sizes).flatMap(([path, size = 0]) => {
    const { usdPerHour } = computeCost(size, usdPerComputeUnitHour);
    if (usdPerHour <= maxUsdPerHour) return [];
    const affordable = findAffordableCores(Math.min(size, maxCores), maxUsdPerHour, usdPerComputeUnitHour);
    const nearest =
      affordable === undefined ? "no size costs that little" : `nearest: \`${path}: ${affordable}\``;
    const limit = `the limit of $${formatDollars(maxUsdPerHour)}/h`;
    const reason = `${size} cores cost $${usdPerHour.toFixed(2)}/h, above ${limit} (${nearest})`;
    return [{ property: "maxUsdPerHour", reason }];
  });
}

function findAffordableCores(from: number, maxUsdPerHour: number, unitPrice: number): number | undefined {
  for (let cores = Math.floor(from); cores >= MIN_CORES; cores--) {
    if (computeCost(cores, unitPrice).usdPerHour <= maxUsdPerHour) return cores;
  }
  return undefined;
}

/** Cents, or as many digits as the program wrote. */
function formatDollars(usd: number): string {
  return Number.isInteger(usd * 100) ? usd.toFixed(2) : String(usd);
}
