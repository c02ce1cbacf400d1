import { z } from "zod";

/**
 * What the dynamic resource passes to its provider beside the arguments, because the engine keeps it to itself. Delete gets the state
 * alone, so the state keeps these too. Displays leave out names that begin with two underscores.
 */
const hiddenSchema = z.object({
  /** The URN of the resource, for its row in the display. */
  __urn: z.string().catch(""),
  /** `customTimeouts`. */
  __timeouts: z.record(z.string(), z.string()).optional().catch(undefined),
  /** Whether `ignoreChanges` keeps `cores`: the engine then passes what an earlier check answered. */
  __ignoresCores: z.boolean().optional().catch(undefined),
  /** The SDK's own: names the module to load. A resource without it can't be updated any more. */
  __provider: z.string().optional().catch(undefined),
});

export type HiddenProperties = Readonly<z.infer<typeof hiddenSchema>>;

const HIDDEN_NAMES = Object.keys(hiddenSchema.shape);

export function readHidden(properties: unknown): HiddenProperties {
  return hiddenSchema.safeParse(properties).data ?? { __urn: "" };
}

/** The properties that the core knows. */
export function omitHidden<Properties extends object>(
  properties: Properties,
): Omit<Properties, keyof HiddenProperties>;
export function omitHidden(properties: object): object {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => !HIDDEN_NAMES.includes(name)));
}
