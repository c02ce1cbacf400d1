import { z } from "zod";
import { createCoreCount } from "./core-count";
import { maybeUnknown } from "./maybe-unknown";
import { uuid } from "./uuid";

const EXAMPLE_TIME = '"2026-12-01T00:00:00Z"';

/** "2026-12-01T00:00:00Z"; other zones and times without seconds too. */
const timeWithZone = z.union([
  z.iso.datetime({ offset: true }),
  z.iso.datetime({ offset: true, precision: -1 }), // minutes
]);

const endBy = maybeUnknown(timeWithZone, {
  mustBe: "an ISO 8601 time with a time zone",
  example: EXAMPLE_TIME,
  nearest: completeTime,
  // The SDK turns a Date into an empty object.
  hint: (value) => (isEmptyObject(value) ? ". Convert a Date with `toISOString()`." : ""),
});

function isEmptyObject(value: unknown): boolean {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length === 0
  );
}

/** People leave out the zone, or the time of a date. */
function completeTime(incomplete: string): string | undefined {
  const text = incomplete.trim().replace(" ", "T");
  const candidates = [text, `${text}Z`, `${text}T00:00:00Z`];
  const complete = candidates.find((candidate) => timeWithZone.safeParse(candidate).success);
  return complete === undefined ? undefined : `"${complete}"`;
}

const pipes = maybeUnknown(z.array(uuid).min(1), {
  mustBe: "a list of at least one ClickPipe id",
  hint: () => ". Leave it out for all database ClickPipes.",
});

const startAhead = maybeUnknown(z.boolean(), { mustBe: "true or false", hint: () => " (default: false)" });

export const INITIAL_LOAD_NAMES = ["cores", "endBy", "pipes", "startAhead"];

export function createInitialLoadSchema(maxCores: number) {
  const cores = createCoreCount(maxCores);
  const schema = z.strictObject({
    cores,
    endBy: endBy.optional(),
    pipes: pipes.optional(),
    startAhead: startAhead.optional(),
  });
  return maybeUnknown(schema, { mustBe: "an object", example: `{ cores: 24, endBy: ${EXAMPLE_TIME} }` });
}
