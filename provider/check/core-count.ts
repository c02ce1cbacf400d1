import { z } from "zod";
import { DOCUMENTED_MAX_CORES, findNearestLegalCores, MIN_CORES, OPENAPI_MAX_CORES } from "../../sizing";
import { isUnknown } from "../state/unknown";
import type { Rule } from "./explain-rule";
import { maybeUnknown } from "./maybe-unknown";

const OPT_IN = `. The API accepts up to ${OPENAPI_MAX_CORES}; set \`maxCores: ${OPENAPI_MAX_CORES}\` to allow it.`;

export const maxCoresSchema = createWholeNumber(DOCUMENTED_MAX_CORES, OPENAPI_MAX_CORES);

export function createCoreCount(maximum: number) {
  return createWholeNumber(MIN_CORES, maximum, (value) =>
    typeof value === "number" && value > maximum && value <= OPENAPI_MAX_CORES ? OPT_IN : "",
  );
}

function createWholeNumber(min: number, max: number, hint: Rule["hint"] = () => "") {
  return maybeUnknown(z.int().min(min).max(max), {
    mustBe: `a whole number from ${min} to ${max}`,
    nearest: (text) => Math.max(min, findNearestLegalCores(Number(text), max)),
    hint,
  });
}

/** The largest size that `maxCores` allows. While it is unknown, no size is refused that it may come to allow. */
export function getMaximum(maxCores: unknown): number {
  const { data = DOCUMENTED_MAX_CORES } = maxCoresSchema.safeParse(maxCores);
  return isUnknown(data) ? OPENAPI_MAX_CORES : data;
}
