import { CORES_PER_COMPUTE_UNIT } from "./size";

/** The list price of one compute unit (2 cores, 8 GB) of database ClickPipes. */
export const LIST_PRICE = Object.freeze({
  usdPerComputeUnitHour: 0.2,
  readOn: "2026-08",
  source: "https://clickhouse.com/docs/products/cloud/reference/billing/clickpipes/clickpipes-for-cdc",
});

/** The list price of the data that an initial load or a resync reads. Source and date: those of `LIST_PRICE`. */
export const LOAD_USD_PER_GB = 0.1;

/** Hours in a month, as ClickHouse and most clouds count them. */
export const HOURS_PER_MONTH = 730;

export interface Cost {
  readonly computeUnits: number;
  /** Rounded to cents. */
  readonly usdPerHour: number;
  /** 730 hours, rounded to cents. */
  readonly usdPerMonth: number;
}

export function computeCost(
  cores: number,
  usdPerComputeUnitHour: number = LIST_PRICE.usdPerComputeUnitHour,
): Cost {
  const computeUnits = cores / CORES_PER_COMPUTE_UNIT;
  const usdPerHour = computeUnits * usdPerComputeUnitHour;
  return {
    computeUnits,
    usdPerHour: roundToCents(usdPerHour),
    usdPerMonth: roundToCents(usdPerHour * HOURS_PER_MONTH),
  };
}

/** Rounds half up. The added term corrects the binary error of products such as 1.005 x 100. */
function roundToCents(usd: number): number {
  return Math.round(usd * 100 + 1e-9) / 100;
}

const HOUR_MS = 3_600_000;

/** The cost of a size between two times. Each started hour is billed in full. */
export function computeCostBetween(
  cores: number,
  from: Date,
  to: Date,
  usdPerComputeUnitHour: number = LIST_PRICE.usdPerComputeUnitHour,
): { hours: number; usd: number } {
  const hours = Math.max(0, Math.ceil((to.getTime() - from.getTime()) / HOUR_MS));
  return { hours, usd: roundToCents((cores / CORES_PER_COMPUTE_UNIT) * usdPerComputeUnitHour * hours) };
}

/** The start of the hour, in UTC, that contains a time. */
export function startOfHour(time: Date): Date {
  return new Date(Math.floor(time.getTime() / HOUR_MS) * HOUR_MS);
}

/** Formats US dollars: "$2.40", "$1,752.00". */
export function formatUsd(usd: number): string {
  const [dollars = "0", cents = "00"] = usd.toFixed(2).split(".");
  return `$${dollars.replace(/\B(?=(\d{3})+$)/g, ",")}.${cents}`;
}
