/** The token of the resource that `CdcCompute` and `CdcScaling` declare. */
export const SCALING = "pulumi-nodejs:dynamic/clickpipes:CdcScaling";

/** A resource's properties as policies see them: after the provider's check, so with size and cost. */
export type Properties = Readonly<Record<string, unknown>>;

/** Each rule gives what to say of a violation, or nothing. */
type Finding = string | undefined;

/** Sizes above the limit, a burst's and the steady one. */
export function largestSize(properties: Properties, maxCores: number): Finding {
  const largest = Math.max(
    numberOf(properties.cores),
    numberOf(properties.steadyCores),
    numberOf(burstOf(properties)?.cores),
  );
  if (largest <= maxCores) return undefined;
  return `${largest} cores are more than the ${maxCores} that are allowed`;
}

/** A temporary size whose end hangs on the pipes alone, or that is too far away. */
export function burstEnds(properties: Properties, maxDays: number, now: Date): Finding {
  const burst = burstOf(properties);
  if (burst === undefined) return undefined;
  const { endBy } = burst;
  if (endBy === undefined)
    return "an initial load without `endBy` keeps its size for as long as a pipe is stuck: set `endBy`";
  const end = typeof endBy === "string" ? Date.parse(endBy) : NaN;
  const days = (end - now.getTime()) / 86_400_000;
  if (days <= maxDays) return undefined;
  return `\`endBy\` ${JSON.stringify(endBy)} is not within ${maxDays} days`;
}

/** What all services of the stack cost together, at their sizes after the change; at their bursts where nobody knew whether a pipe loads. */
export function monthlyCost(services: readonly Properties[], maxUsdPerMonth: number): Finding {
  const cents = services.reduce((sum, service) => sum + Math.round(monthOf(service) * 100), 0);
  if (cents <= maxUsdPerMonth * 100) return undefined;
  const cost = (cents / 100).toFixed(2);
  return `$${cost} a month for all services is more than the $${maxUsdPerMonth.toFixed(2)} that are allowed`;
}

function monthOf(properties: Properties): number {
  const { usdPerMonth, cores, phase } = properties;
  const isUndecided = phase === "unknown" && numberOf(cores) > 0;
  const share = isUndecided ? numberOf(burstOf(properties)?.cores) / numberOf(cores) : 1;
  return numberOf(usdPerMonth) * Math.max(1, share);
}

function burstOf({ initialLoad }: Properties): Properties | undefined {
  return typeof initialLoad === "object" && initialLoad !== null ? (initialLoad as Properties) : undefined;
}

function numberOf(value: unknown): number {
  return typeof value === "number" ? value : 0;
}
