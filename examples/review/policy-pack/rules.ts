/** The type token of the resource that `CdcCompute` and `CdcScaling` declare. */
export const SCALING_TYPE = "pulumi-nodejs:dynamic/clickpipes:CdcScaling";

/** A resource's properties as a policy sees them: after the provider's check, so with size and cost. */
export type Properties = Readonly<Record<string, unknown>>;

/** The message of a violation, or undefined. */
type Violation = string | undefined;

const MS_PER_DAY = 86_400_000;

/** Checks the current size, the burst size and the steady size. */
export function checkLargestSize(properties: Properties, maxCores: number): Violation {
  const { cores, currentCores } = properties;
  const largest = Math.max(...[cores, currentCores, getBurst(properties)?.cores].map(toNumber));
  if (largest <= maxCores) return undefined;
  return `${largest} cores is above the allowed maximum of ${maxCores}`;
}

/** Checks that a temporary size ends on a date that is not too far away, even if a pipe never finishes its initial load. */
export function checkBurstEnd(properties: Properties, maxDays: number, now: Date): Violation {
  const burst = getBurst(properties);
  if (burst === undefined) return undefined;
  const { endBy } = burst;
  if (endBy === undefined)
    return "initialLoad.endBy is not set: a stuck pipe would keep the burst size indefinitely";
  const endMs = typeof endBy === "string" ? Date.parse(endBy) : NaN;
  const days = (endMs - now.getTime()) / MS_PER_DAY;
  if (days <= maxDays) return undefined;
  return `initialLoad.endBy must be at most ${maxDays} days away, got ${JSON.stringify(endBy)}`;
}

/** Checks the cost of all services of the stack together, at their sizes after the change. */
export function checkMonthlyCost(services: readonly Properties[], maxUsdPerMonth: number): Violation {
  const cents = services.reduce((sum, service) => sum + Math.round(computeUsdPerMonth(service) * 100), 0);
  if (cents <= maxUsdPerMonth * 100) return undefined;
  const cost = (cents / 100).toFixed(2);
  return `$${cost}/month for all services is above the allowed maximum of $${maxUsdPerMonth.toFixed(2)}`;
}

/** Counts the burst size if it is unknown whether a pipe is loading. */
function computeUsdPerMonth(properties: Properties): number {
  const { usdPerMonth, phase } = properties;
  const cores = toNumber(properties.currentCores);
  const mayBurst = phase === "unknown" && cores > 0;
  const factor = mayBurst ? toNumber(getBurst(properties)?.cores) / cores : 1;
  return toNumber(usdPerMonth) * Math.max(1, factor);
}

function getBurst({ initialLoad }: Properties): Properties | undefined {
  return isObject(initialLoad) ? initialLoad : undefined;
}

function isObject(value: unknown): value is Properties {
  return typeof value === "object" && value !== null;
}

function toNumber(value: unknown): number {
  return typeof value === "number" ? value : 0;
}
