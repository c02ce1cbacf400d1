import { distance } from "fastest-levenshtein";
import { z } from "zod";
import {
  costOf,
  DOCUMENTED_MAX_CORES,
  LIST_PRICE,
  MIN_CORES,
  nearestLegalCores,
  OPENAPI_MAX_CORES,
} from "../sizing";
import type { Derived } from "./state";
import { parseDurationMs } from "./wait/duration";

/** What stands for a value that a preview does not know yet, whatever its type. Source: Pulumi SDK, `runtime/rpc`. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export interface Inputs {
  readonly serviceId: string;
  readonly organizationId?: string;
  readonly cores: number;
  readonly maxCores?: number;
  readonly maxUsdPerHour?: number;
  readonly coresAfterDestroy?: number;
  readonly wakeService?: boolean;
  /** `customTimeouts`, which the engine keeps to itself. */
  readonly __timeouts?: Readonly<Record<string, string>>;
  /** The resource's address in the engine, for its status line. */
  readonly __urn: string;
  readonly __provider?: string;
}

/** What a preview shows and create and update get: the inputs, and what follows from them. */
export type CheckedInputs = Inputs & Derived;

export interface Fault {
  readonly property: string;
  readonly reason: string;
}

/** The names a program may use, for "did you mean". */
export const ARGUMENTS = [
  "serviceId",
  "organizationId",
  "cores",
  "maxCores",
  "maxUsdPerHour",
  "coresAfterDestroy",
  "wakeService",
] as const;

const HIDDEN = new Set(["__timeouts", "__urn", "__provider"]);

export function isUnknown(value: unknown): boolean {
  return value === UNKNOWN;
}

/** The inputs that the program gave, ids in the cloud's own spelling. */
export function argumentsOf(news: Inputs): Inputs {
  const names = [...ARGUMENTS, "__timeouts", "__urn"] as const;
  const given = Object.fromEntries(
    names.flatMap((name) => (news[name] === undefined ? [] : [[name, news[name]]])),
  );
  for (const id of ["serviceId", "organizationId"]) {
    if (typeof given[id] === "string") given[id] = given[id].toLowerCase();
  }
  return given as unknown as Inputs;
}

/** Every fault of a resource's inputs, with the value, the rule and the nearest valid value; none where all is well. */
export function faultsOf(news: Readonly<Record<string, unknown>>, usdPerComputeUnitHour?: number): Fault[] {
  const faults: Fault[] = [];
  for (const [property, rule] of Object.entries(rules(news))) {
    const value = news[property];
    if (isUnknown(value)) continue;
    const parsed = rule.safeParse(value);
    for (const issue of parsed.error?.issues ?? []) {
      const path = [property, ...issue.path.map(String)].join(".");
      faults.push({ property: path.replace("__timeouts", "customTimeouts"), reason: issue.message });
    }
  }
  for (const property of Object.keys(news)) {
    if (isArgument(property) || HIDDEN.has(property)) continue;
    faults.push({ property, reason: `no argument of this name${nearestName(property)}` });
  }
  return [...faults, ...costFaults(news, usdPerComputeUnitHour)];
}

function rules(news: Readonly<Record<string, unknown>>): Record<string, z.ZodType> {
  const maxCores = legalCeiling(news.maxCores);
  return {
    serviceId: uuid(),
    organizationId: uuid().optional(),
    cores: coreCount(maxCores),
    maxCores: custom(
      (value) => value === undefined || legalMaxCores(value),
      (value) =>
        `${shown(value)} is not allowed: it takes a whole number from ${DOCUMENTED_MAX_CORES} to ${OPENAPI_MAX_CORES}; ` +
        `the nearest is ${nearest(value, DOCUMENTED_MAX_CORES, OPENAPI_MAX_CORES)}`,
    ),
    maxUsdPerHour: custom(
      (value) => value === undefined || (typeof value === "number" && value > 0 && Number.isFinite(value)),
      (value) => `${shown(value)} is not allowed: it takes US dollars an hour, above 0, such as 0.8`,
    ),
    coresAfterDestroy: coreCount(maxCores).optional(),
    wakeService: custom(
      (value) => value === undefined || typeof value === "boolean",
      (value) => `${shown(value)} is not allowed: it takes true or false; the default is false`,
    ),
    __timeouts: z
      .record(
        z.string(),
        custom(
          (value) => isUnknown(value) || (typeof value === "string" && parseDurationMs(value) !== undefined),
          (value) =>
            `${shown(value)} is not allowed: it takes hours, minutes and seconds, such as "40m" or "1h30m"`,
        ),
      )
      .optional(),
  };
}

function coreCount(maxCores: number): z.ZodType {
  return custom(
    (value) => Number.isInteger(value) && (value as number) >= MIN_CORES && (value as number) <= maxCores,
    (value) => {
      const rule = `a whole number of cores from ${MIN_CORES} to ${maxCores}`;
      if (value === undefined) return `missing: it takes ${rule}`;
      const nearestCores = nearest(value, MIN_CORES, maxCores);
      const optIn =
        typeof value === "number" && value > maxCores && value <= OPENAPI_MAX_CORES
          ? `; ClickHouse's API takes up to ${OPENAPI_MAX_CORES}, its documentation up to ${DOCUMENTED_MAX_CORES}: ` +
            `\`maxCores: ${OPENAPI_MAX_CORES}\` opts in`
          : "";
      return `${shown(value)} is not allowed: it takes ${rule}; the nearest is ${nearestCores}${optIn}`;
    },
  );
}

function uuid(): z.ZodType {
  return custom(
    (value) => z.guid().safeParse(value).success,
    (value) =>
      value === undefined
        ? `missing: it takes a UUID, such as 00000000-0000-4000-8000-000000000001`
        : `${shown(value)} is not allowed: it takes the UUID alone, such as 00000000-0000-4000-8000-000000000001`,
  );
}

function custom(isValid: (value: unknown) => boolean, reason: (value: unknown) => string): z.ZodType {
  return z.unknown().superRefine((value, context) => {
    if (!isValid(value)) context.addIssue({ code: "custom", message: reason(value) });
  });
}

function costFaults(news: Readonly<Record<string, unknown>>, usdPerComputeUnitHour?: number): Fault[] {
  const { cores, maxUsdPerHour } = news;
  if (typeof cores !== "number" || typeof maxUsdPerHour !== "number" || !(maxUsdPerHour > 0)) return [];
  const unitPrice = usdPerComputeUnitHour ?? LIST_PRICE.usdPerComputeUnitHour;
  const { usdPerHour } = costOf(cores, unitPrice);
  if (!(usdPerHour > maxUsdPerHour)) return [];
  let affordable = Math.min(cores, legalCeiling(news.maxCores));
  while (affordable >= MIN_CORES && costOf(affordable, unitPrice).usdPerHour > maxUsdPerHour) affordable--;
  const nearestText =
    affordable >= MIN_CORES ? `the nearest is cores: ${Math.floor(affordable)}` : "no size costs so little";
  return [
    {
      property: "maxUsdPerHour",
      reason: `${cores} cores cost $${usdPerHour.toFixed(2)}/h, above maxUsdPerHour of $${dollars(maxUsdPerHour)}/h; ${nearestText}`,
    },
  ];
}

/** Cents, or as many digits as the program wrote. */
function dollars(usd: number): string {
  return Number.isInteger(usd * 100) ? usd.toFixed(2) : String(usd);
}

/** What `maxCores` comes to; where it is not known yet, nothing that it may come to allow is refused. */
function legalCeiling(maxCores: unknown): number {
  if (isUnknown(maxCores)) return OPENAPI_MAX_CORES;
  return legalMaxCores(maxCores) ? maxCores : DOCUMENTED_MAX_CORES;
}

function legalMaxCores(value: unknown): value is number {
  return (
    Number.isInteger(value) &&
    (value as number) >= DOCUMENTED_MAX_CORES &&
    (value as number) <= OPENAPI_MAX_CORES
  );
}

function nearest(value: unknown, min: number, max: number): number {
  const number = typeof value === "number" || typeof value === "string" ? Number(value) : NaN;
  return Math.max(min, nearestLegalCores(number, max));
}

function isArgument(property: string): boolean {
  return (ARGUMENTS as readonly string[]).includes(property);
}

function nearestName(property: string): string {
  const [best] = [...ARGUMENTS].sort((a, b) => distance(property, a) - distance(property, b));
  const isNear =
    best !== undefined && distance(property.toLowerCase(), best.toLowerCase()) <= 1 + property.length / 3;
  return isNear ? `; did you mean ${best}?` : `; it takes ${ARGUMENTS.join(", ")}`;
}

/** A value as the program wrote it, cut where it is long. */
function shown(value: unknown): string {
  const json = JSON.stringify(value) as string | undefined; // undefined for a function and for undefined itself
  const text = typeof value === "number" ? String(value) : (json ?? String(value));
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
