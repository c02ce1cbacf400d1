import { z } from "zod";
import { ADVICE } from "../initial-load/advice";
import { parseDurationMs } from "../wait/duration";
import { createCoreCount, maxCoresSchema } from "./core-count";
import { findNearestName } from "./did-you-mean";
import { createInitialLoadSchema } from "./initial-load-schema";
import { maybeUnknown } from "./maybe-unknown";
import { uuid } from "./uuid";

const maxUsdPerHour = maybeUnknown(z.number().positive(), {
  mustBe: "US dollars per hour, a number above 0",
  example: "0.8",
});

const wakeService = maybeUnknown(z.boolean(), { mustBe: "true or false", hint: () => " (default: false)" });

const adviceNames = Object.keys(ADVICE);
const adviceName = maybeUnknown(
  z.string().refine((name) => adviceNames.includes(name)),
  { mustBe: `one of ${adviceNames.join(", ")}`, nearest: (text) => findNearestName(text, adviceNames) },
);

const suppressAdvice = maybeUnknown(z.array(adviceName), {
  mustBe: `a list of names out of ${adviceNames.join(", ")}`,
});

const duration = maybeUnknown(
  z.string().refine((text) => parseDurationMs(text) !== undefined),
  { mustBe: "a duration in hours, minutes and seconds", example: '"1h30m"' },
);

export const customTimeoutsSchema = maybeUnknown(z.record(z.string(), duration), {
  mustBe: "an object",
  example: '{ create: "40m" }',
});

/** The arguments of a resource, by the largest size that it may have. */
function createArgumentsSchema(maximum: number) {
  const cores = createCoreCount(maximum);
  return z.strictObject({
    serviceId: uuid,
    organizationId: uuid.optional(),
    cores,
    maxCores: maxCoresSchema.optional(),
    initialLoad: createInitialLoadSchema(maximum).optional(),
    maxUsdPerHour: maxUsdPerHour.optional(),
    coresAfterDestroy: cores.optional(),
    wakeService: wakeService.optional(),
    suppressAdvice: suppressAdvice.optional(),
  });
}

/** What a program declares, as a preview sees it: anything may still be unknown. */
export type DeclaredArguments = z.output<ReturnType<typeof createArgumentsSchema>>;

const schemas: Record<number, ReturnType<typeof createArgumentsSchema> | undefined> = {};

/** Returns the schema, made once for each maximum: that takes 2 ms, parsing with it 0.1 ms. */
export const getArgumentsSchema = (maximum: number) => (schemas[maximum] ??= createArgumentsSchema(maximum));
