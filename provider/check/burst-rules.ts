import { z } from "zod";
import { isUnknown } from "../state/inputs";
import { suggestName } from "./did-you-mean";
import { coreCount, optional, refusal, type Rule, shown, uuid } from "./rules";

/** A fault in a part of an argument. */
export interface PartFault {
  readonly path: readonly string[];
  readonly reason: string;
}

const PARTS = ["cores", "endBy", "pipes"];

/** "2026-12-01T00:00:00Z"; with another zone, and without seconds, too. */
const ISO_WITH_ZONE = z.union([
  z.iso.datetime({ offset: true }),
  z.iso.datetime({ offset: true, precision: -1 }),
]);

/** Every fault of `initialLoad`, each with its path in it. */
export function initialLoadFaults(value: unknown, steadyCores: unknown, maxCores: number): PartFault[] {
  if (value === undefined || isUnknown(value)) return [];
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    const reason = `${shown(value)} is not allowed: it takes an object, such as { cores: 24, endBy: "2026-12-01T00:00:00Z" }`;
    return [{ path: [], reason }];
  }
  const { cores, endBy, pipes } = value as Readonly<Record<string, unknown>>;
  return [
    ...faultOf("cores", cores, coreCount(maxCores)),
    ...belowSteady(cores, steadyCores),
    ...faultOf("endBy", endBy, optional(endByRule)),
    ...pipesFaults(pipes),
    ...Object.keys(value)
      .filter((name) => !PARTS.includes(name))
      .map((name) => ({ path: [name], reason: `no part of this name${suggestName(name, PARTS)}` })),
  ];
}

const endByRule: Rule = {
  isValid: (value) => ISO_WITH_ZONE.safeParse(value).success,
  reason: (value) =>
    `${shown(value)} is not allowed: it takes a time in ISO 8601 with its zone${timeFor(value)}`,
};

/** With the zone that a person has most likely left out, where that is all that is missing. */
function timeFor(value: unknown): string {
  const text = typeof value === "string" ? value.trim().replace(" ", "T") : "";
  const candidates = [text, `${text}Z`, `${text}T00:00:00Z`];
  const nearest = candidates.find((candidate) => ISO_WITH_ZONE.safeParse(candidate).success);
  return nearest === undefined ? ', such as "2026-12-01T00:00:00Z"' : `; the nearest is "${nearest}"`;
}

function belowSteady(cores: unknown, steadyCores: unknown): PartFault[] {
  if (typeof cores !== "number" || typeof steadyCores !== "number" || !(cores < steadyCores)) return [];
  const reason = `${cores} is below the steady size of ${steadyCores} cores: a burst is to be larger; the nearest is ${steadyCores}`;
  return [{ path: ["cores"], reason }];
}

function pipesFaults(pipes: unknown): PartFault[] {
  if (pipes === undefined || isUnknown(pipes)) return [];
  if (!Array.isArray(pipes) || pipes.length === 0) {
    const reason = `${shown(pipes)} is not allowed: it takes a list of one ClickPipe id or more; leave it out for all database ClickPipes`;
    return [{ path: ["pipes"], reason }];
  }
  return pipes.flatMap((id: unknown, index) => {
    const reason = refusal(id, uuid);
    return reason === undefined ? [] : [{ path: ["pipes", String(index)], reason }];
  });
}

function faultOf(name: string, value: unknown, rule: Rule): PartFault[] {
  const reason = refusal(value, rule);
  return reason === undefined ? [] : [{ path: [name], reason }];
}
