/** The type token of the resource that `CdcCompute` and `CdcScaling` declare. */
export const SCALING_TYPE = "pulumi-nodejs:dynamic/clickpipes:CdcScaling";

/** The list price of a compute unit and hour, in US dollars. A stack's own price doesn't count: the change under review may set it. */
export const LIST_PRICE_USD = 0.2;

/** A resource's properties as a policy sees them: after the provider's check, so with size and cost. */
export type Properties = Readonly<Record<string, unknown>>;

/** What the rules need of a resource. */
export interface Resource {
  readonly type: string;
  readonly name: string;
  readonly props: Properties;
}

/** What a stack may cost, and the price that the policies count with. */
export interface CostLimit {
  readonly maxUsdPerMonth: number;
  readonly usdPerComputeUnitHour: number;
  /** Whether only a burst counts that this update may start. @default false */
  readonly excludeLaterBursts?: boolean | undefined;
}

/** The message of a violation, or undefined. */
type Violation = string | undefined;

type Sizes = { readonly largestCores: number } | { readonly violation: string };

const DYNAMIC_TYPE = "pulumi-nodejs:dynamic";
const PROVIDER_MODULE = "pulumi-clickpipes/provider";
/** Our provider's check adds them to each of its resources, whatever the type is. */
const COMPUTED_NAMES = ["computeUnits", "usdPerHour", "usdPerMonth"];

const CORES_PER_COMPUTE_UNIT = 2;
const HOURS_PER_MONTH = 730;
const MS_PER_DAY = 86_400_000;
/** Half a cent, and the error of binary fractions. */
const ROUNDING_USD = 0.005 + 1e-6;

/** Stands for a value that a preview doesn't know yet. */
const UNKNOWN = Symbol("unknown until the update");

/** Tells whether our provider sizes a resource. Its type alone does not: any dynamic resource may name our provider. */
export function isScaling({ type, props }: Resource): boolean {
  if (type === SCALING_TYPE || namesProvider(props)) return true;
  return type.startsWith(DYNAMIC_TYPE) && COMPUTED_NAMES.every((name) => Object.hasOwn(props, name));
}

/** Checks that a resource with our provider has our type. */
export function checkType({ type, name, props }: Resource): Violation {
  if (type === SCALING_TYPE || !namesProvider(props)) return undefined;
  return `${name} uses the provider of pulumi-clickpipes under another type, ${type}. Declare a CdcCompute instead.`;
}

/** Checks the size in force, the steady size, and the burst if it may still come. */
export function checkLargestSize(resource: Resource, maxCores: number, now: Date): Violation {
  const sizes = readSizes(resource, now);
  if ("violation" in sizes) return sizes.violation;
  if (sizes.largestCores <= maxCores) return undefined;
  return `${resource.name} may use ${sizes.largestCores} cores. The limit is ${maxCores}.`;
}

/** Checks that a temporary size ends on a date that is not too far away, even if a pipe never finishes its initial load. */
export function checkBurstEnd({ name, props }: Resource, maxDays: number, now: Date): Violation {
  const burst = readBurst(props);
  if (burst === undefined) return undefined;
  const endBy = read(burst, "endBy");
  if (endBy === undefined || endBy === null)
    return `initialLoad of ${name} has no endBy. A stuck pipe would keep the burst size forever.`;
  const endMs = typeof endBy === "string" ? Date.parse(endBy) : NaN;
  if ((endMs - now.getTime()) / MS_PER_DAY <= maxDays) return undefined;
  const shown = endBy === UNKNOWN ? "unknown until the update" : JSON.stringify(endBy);
  return `initialLoad of ${name} must end within ${maxDays} days. Its endBy is ${shown}.`;
}

/** Checks the cost of all services of the stack together, each at its largest size. */
export function checkMonthlyCost(services: readonly Resource[], limit: CostLimit, now: Date): Violation {
  const { maxUsdPerMonth, usdPerComputeUnitHour, excludeLaterBursts } = limit;
  const wrongPrice = checkPrice(usdPerComputeUnitHour);
  if (wrongPrice !== undefined) return wrongPrice;
  const sizes = services.map((service) => readSizes(service, now, excludeLaterBursts));
  const violations = sizes.flatMap((size) => ("violation" in size ? [size.violation] : []));
  if (violations.length > 0) return violations.join(" ");
  const cores = sizes.reduce((sum, size) => sum + ("largestCores" in size ? size.largestCores : 0), 0);
  const usdPerMonth = computeUsdPerHour(cores, usdPerComputeUnitHour) * HOURS_PER_MONTH;
  if (usdPerMonth <= maxUsdPerMonth + ROUNDING_USD) return undefined;
  return `All services may cost $${usdPerMonth.toFixed(2)} a month. The limit is $${maxUsdPerMonth.toFixed(2)}.`;
}

/** Finds a stack that counts with another price than the policies. It is no reason to refuse: discounts exist. */
export function checkStackPrice({ name, props }: Resource, usdPerComputeUnitHour: number): Violation {
  const shown = read(props, "usdPerHour");
  const cores = read(props, "currentCores") ?? read(props, "cores");
  if (checkPrice(usdPerComputeUnitHour) !== undefined || !isSize(cores)) return undefined;
  const usdPerHour = computeUsdPerHour(cores, usdPerComputeUnitHour);
  if (typeof shown === "number" && Math.abs(shown - usdPerHour) <= ROUNDING_USD) return undefined;
  const own = typeof shown === "number" ? `$${shown.toFixed(2)} an hour` : "no price";
  return (
    `The stack shows ${own} for ${name}. The policies count $${usdPerHour.toFixed(2)}: ` +
    `${cores} cores at $${usdPerComputeUnitHour} for each compute unit and hour.`
  );
}

function checkPrice(usdPerComputeUnitHour: unknown): Violation {
  if (isSize(usdPerComputeUnitHour)) return undefined;
  return `The policy's usdPerComputeUnitHour must be a number above 0. It is ${describe(usdPerComputeUnitHour)}.`;
}

/** Reads every size of a resource. One that can't be read is a violation, because counting it as 0 would let anything pass. */
function readSizes({ name, props }: Resource, now: Date, excludeLaterBursts = false): Sizes {
  const burst = readBurst(props);
  const currentCores = read(props, "currentCores");
  const sizes = {
    cores: read(props, "cores"),
    // A state of an early release has none without an initial load. Then `cores` is the size in force.
    ...(currentCores === undefined && burst === undefined ? {} : { currentCores }),
    ...(burst === undefined ? {} : { "initialLoad.cores": read(burst, "cores") }),
  };
  const [unreadable] = Object.entries(sizes).filter(([, size]) => !isSize(size));
  if (unreadable !== undefined) {
    const [property, value] = unreadable;
    return { violation: `The size of ${name} can't be checked: ${property} is ${describe(value)}.` };
  }
  const isLater = excludeLaterBursts && ["steady", "overdue"].includes(String(read(props, "phase")));
  const isOver = isLater || (burst !== undefined && hasEnded(burst, now));
  const counted = Object.entries(sizes).filter(([property]) => property !== "initialLoad.cores" || !isOver);
  return { largestCores: Math.max(...counted.map(([, size]) => size).filter(isSize)) };
}

/** An end that is missing, unknown or no date has not passed. */
function hasEnded(burst: Properties, now: Date): boolean {
  const endBy = read(burst, "endBy");
  return typeof endBy === "string" && Date.parse(endBy) <= now.getTime();
}

function computeUsdPerHour(cores: number, usdPerComputeUnitHour: number): number {
  return (cores / CORES_PER_COMPUTE_UNIT) * usdPerComputeUnitHour;
}

/** Undefined if no burst is declared. One that is not an object has no readable size, and so is a violation. */
function readBurst(props: Properties): Properties | undefined {
  const burst = read(props, "initialLoad");
  if (burst === undefined || burst === null) return undefined;
  return isObject(burst) ? burst : { cores: burst, endBy: burst };
}

/** The engine hides `__provider` from validations, but not from remediations (Pulumi 3.259, `analyzer_plugin.go`). */
function namesProvider(props: Properties): boolean {
  const code = unwrapSecret(read(props, "__provider"));
  return typeof code === "string" && code.includes(PROVIDER_MODULE);
}

/** The SDK unwraps secrets (1.21, `deserialize.js`). This is for one that does not. */
function unwrapSecret(value: unknown): unknown {
  return isObject(value) ? read(value, "value") : value;
}

/** Reading an unknown value throws in a policy, and Pulumi would turn the violation into advice. */
function read(properties: Properties, name: string): unknown {
  try {
    return properties[name];
  } catch {
    return UNKNOWN;
  }
}

function isObject(value: unknown): value is Properties {
  return typeof value === "object" && value !== null;
}

function isSize(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value > 0;
}

function describe(value: unknown): string {
  if (value === UNKNOWN) return "unknown until the update";
  if (value === undefined) return "missing";
  if (typeof value === "string") return "text";
  return typeof value === "number" ? String(value) : "not a number";
}
