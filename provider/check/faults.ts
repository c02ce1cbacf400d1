import { ADVICE } from "../initial-load/advice";
import { initialLoadFaults } from "./burst-rules";
import { listCostFailures } from "./cost-limit";
import { ARGUMENT_NAMES, isUnknown } from "../state/inputs";
import { suggestName } from "./did-you-mean";
import { coreCount, legalCeiling, maxCoresRule, optional, refusal, type Rule, shown, uuid } from "./rules";
import { parseDurationMs } from "../wait/duration";
import type { InputFailure } from "../state/inputs";

type Values = Readonly<Record<string, unknown>>;

const HIDDEN = new Set(["__timeouts", "__urn", "__provider", "__ignoresCores"]);

/** Every fault of a resource's inputs, with the value, the rule and the nearest valid value; none where all is well. */
export function validate(news: Values, usdPerComputeUnitHour?: number): InputFailure[] {
  const ofArguments = Object.entries(rules(news)).flatMap(([property, rule]) =>
    faultOf(property, news[property], rule),
  );
  return [
    ...ofArguments,
    ...partFaults(news),
    ...listFaults(news.suppressAdvice),
    ...timeoutFaults(news.__timeouts),
    ...nameFaults(news),
    ...listCostFailures(news, usdPerComputeUnitHour),
  ];
}

function rules(news: Values): Record<string, Rule> {
  const cores = coreCount(legalCeiling(news.maxCores));
  return {
    serviceId: uuid,
    organizationId: optional(uuid),
    cores,
    maxCores: optional(maxCoresRule),
    maxUsdPerHour: optional({
      isValid: (value) => typeof value === "number" && value > 0 && Number.isFinite(value),
      reason: (value) => `${shown(value)} is not allowed: it takes US dollars an hour, above 0, such as 0.8`,
    }),
    coresAfterDestroy: optional(cores),
    wakeService: optional({
      isValid: (value) => typeof value === "boolean",
      reason: (value) => `${shown(value)} is not allowed: it takes true or false; the default is false`,
    }),
  };
}

function partFaults({ initialLoad, cores, maxCores }: Values): InputFailure[] {
  return initialLoadFaults(initialLoad, cores, legalCeiling(maxCores)).map(({ path, reason }) => ({
    property: ["initialLoad", ...path].join("."),
    reason,
  }));
}

function listFaults(suppressAdvice: unknown): InputFailure[] {
  if (suppressAdvice === undefined || isUnknown(suppressAdvice)) return [];
  const names = Object.keys(ADVICE);
  if (!Array.isArray(suppressAdvice)) {
    const reason = `${shown(suppressAdvice)} is not allowed: it takes a list of names: ${names.join(", ")}`;
    return [{ property: "suppressAdvice", reason }];
  }
  return suppressAdvice.flatMap((name: unknown, index) => {
    if (isUnknown(name) || names.includes(name as string)) return [];
    const near = suggestName(String(name), names);
    return [{ property: `suppressAdvice.${index}`, reason: `${shown(name)} is no advice's name${near}` }];
  });
}

const TIMEOUT: Rule = {
  isValid: (value) => typeof value === "string" && parseDurationMs(value) !== undefined,
  reason: (value) =>
    `${shown(value)} is not allowed: it takes hours, minutes and seconds, such as "40m" or "1h30m"`,
};

function timeoutFaults(timeouts: unknown): InputFailure[] {
  if (timeouts === undefined || isUnknown(timeouts)) return [];
  if (typeof timeouts !== "object" || timeouts === null) {
    const reason = `${shown(timeouts)} is not allowed: it takes an object, such as { create: "40m" }`;
    return [{ property: "customTimeouts", reason }];
  }
  return Object.entries(timeouts).flatMap(([kind, value]) =>
    faultOf(`customTimeouts.${kind}`, value, TIMEOUT),
  );
}

function nameFaults(news: Values): InputFailure[] {
  return Object.keys(news)
    .filter((property) => !(ARGUMENT_NAMES as readonly string[]).includes(property) && !HIDDEN.has(property))
    .map((property) => ({
      property,
      reason: `no argument of this name${suggestName(property, ARGUMENT_NAMES)}`,
    }));
}

function faultOf(property: string, value: unknown, rule: Rule): InputFailure[] {
  const reason = refusal(value, rule);
  return reason === undefined ? [] : [{ property, reason }];
}
