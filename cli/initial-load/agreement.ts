import { isDeepStrictEqual } from "node:util";
import { getResourceName } from "../../provider/state/urn";
import type { PlannedInputs, PlannedStep } from "./planned-step";

/** The settings of the stack that decide what a size costs and where requests go. */
export interface AgreedSettings {
  readonly usdPerComputeUnitHour: number | undefined;
  readonly apiUrl: string;
}

/** What a person confirmed: the resources with their sizes, the price and the address. */
export interface Agreement {
  readonly steps: readonly PlannedStep[];
  readonly settings: AgreedSettings;
}

/** A later preview shows something else than what was confirmed. A retry can't help. */
export class DeviationError extends Error {}

/** What a program declares of a resource. The size in force is no part of it: it changes between the two sizes. */
const DECLARED = ["serviceId", "organizationId", "cores", "initialLoad", "coresAfterDestroy"] as const;

/** Operations on a confirmed resource that at most change its size. */
const ALLOWED_OPERATIONS = ["read", "refresh", "update"];

/** Throws a DeviationError if the later steps or settings are not those that were confirmed. */
export function assertAgreed(agreement: Agreement, later: Agreement): void {
  const deviations = [
    ...listSettingDeviations(agreement.settings, later.settings),
    ...later.steps.flatMap((step) => listDeviations(agreement.steps, step)),
  ];
  if (deviations.length === 0) return;
  throw new DeviationError(
    `Stopped before \`pulumi up\`, because it would not do what you confirmed: ${deviations.join("; ")}. ` +
      "Run `pulumi-clickpipes initial-load` again to review it.",
  );
}

function listSettingDeviations(confirmed: AgreedSettings, now: AgreedSettings): string[] {
  const names = { usdPerComputeUnitHour: "the price of the stack", apiUrl: "the address of the API" };
  return (["usdPerComputeUnitHour", "apiUrl"] as const)
    .filter((name) => confirmed[name] !== now[name])
    .map((name) => `${names[name]} has changed`);
}

function listDeviations(
  confirmed: readonly PlannedStep[],
  { urn, operation, inputs }: PlannedStep,
): string[] {
  if (operation === "same") return [];
  const name = getResourceName(urn);
  const known = confirmed.find((step) => step.urn === urn);
  if (known === undefined) return [`${name} was not confirmed (${operation})`];
  if (!ALLOWED_OPERATIONS.includes(operation)) return [`${name} would be changed by ${operation}`];
  if (inputs === undefined || known.inputs === undefined) return [];
  const before = known.inputs;
  const changed = DECLARED.filter((property) => !isDeepStrictEqual(inputs[property], before[property])).map(
    (property) =>
      `${name} has ${property} ${format(inputs[property])} instead of ${format(before[property])}`,
  );
  const isAbove = !(Number(inputs.currentCores) <= getLargestSize(before));
  const above = `${name} would get ${format(inputs.currentCores)} cores, more than the ${getLargestSize(before)} confirmed`;
  return [...changed, ...(isAbove ? [above] : [])];
}

/** The larger of steady and burst size. NaN, and so nothing is allowed, if one of them is no number. */
function getLargestSize({ cores, initialLoad }: PlannedInputs): number {
  const burst = (initialLoad as { readonly cores?: unknown } | undefined)?.cores ?? cores;
  return Math.max(Number(cores), Number(burst));
}

function format(value: unknown): string {
  return value === undefined ? "none" : JSON.stringify(value);
}
