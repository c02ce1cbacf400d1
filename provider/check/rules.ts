import { z } from "zod";
import { DOCUMENTED_MAX_CORES, MIN_CORES, findNearestLegalCores, OPENAPI_MAX_CORES } from "../../sizing";
import { isUnknown } from "../state/inputs";

/** What makes up the rules of arguments: whether a value passes, and what is said where it does not. */
export interface Rule {
  readonly isValid: (value: unknown) => boolean;
  readonly reason: (value: unknown) => string;
}

export const SERVICE_ID_EXAMPLE = "00000000-0000-4000-8000-000000000001";

export const uuid: Rule = {
  isValid: (value) => z.guid().safeParse(value).success,
  reason: (value) =>
    value === undefined
      ? `missing: it takes a UUID, such as ${SERVICE_ID_EXAMPLE}`
      : `${shown(value)} is not allowed: it takes the UUID alone, such as ${SERVICE_ID_EXAMPLE}`,
};

export function coreCount(maxCores: number): Rule {
  return {
    isValid: (value) =>
      Number.isInteger(value) && (value as number) >= MIN_CORES && (value as number) <= maxCores,
    reason(value) {
      const rule = `a whole number of cores from ${MIN_CORES} to ${maxCores}`;
      if (value === undefined) return `missing: it takes ${rule}`;
      const optIn =
        typeof value === "number" && value > maxCores && value <= OPENAPI_MAX_CORES
          ? `; ClickHouse's API takes up to ${OPENAPI_MAX_CORES}, some of its pages say ${DOCUMENTED_MAX_CORES}: ` +
            `\`maxCores: ${OPENAPI_MAX_CORES}\` opts in`
          : "";
      return `${shown(value)} is not allowed: it takes ${rule}; the nearest is ${nearest(value, MIN_CORES, maxCores)}${optIn}`;
    },
  };
}

export const maxCoresRule: Rule = {
  isValid: legalMaxCores,
  reason: (value) =>
    `${shown(value)} is not allowed: it takes a whole number from ${DOCUMENTED_MAX_CORES} to ${OPENAPI_MAX_CORES}; ` +
    `the nearest is ${nearest(value, DOCUMENTED_MAX_CORES, OPENAPI_MAX_CORES)}`,
};

export function optional(rule: Rule): Rule {
  return { ...rule, isValid: (value) => value === undefined || rule.isValid(value) };
}

/** Why a value is refused; undefined where it passes, as one does that a preview does not know yet. */
export function refusal(value: unknown, { isValid, reason }: Rule): string | undefined {
  return isUnknown(value) || isValid(value) ? undefined : reason(value);
}

/** What `maxCores` comes to; where it is not known yet, nothing that it may come to allow is refused. */
export function legalCeiling(maxCores: unknown): number {
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
  return Math.max(min, findNearestLegalCores(number, max));
}

/** A value as the program wrote it, cut where it is long. */
export function shown(value: unknown): string {
  const json = JSON.stringify(value) as string | undefined; // undefined for a function and for undefined itself
  const text = typeof value === "number" ? String(value) : (json ?? String(value));
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
