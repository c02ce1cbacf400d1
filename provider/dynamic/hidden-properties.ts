import { z } from "zod";

/**
 * What the dynamic resource passes to its provider in addition to the arguments, because the engine doesn't. The state keeps these too,
 * because delete gets nothing else. Displays omit names that start with two underscores.
 */
const hiddenSchema = z.object({
  /** The URN of the resource, for its row in the display. */
  __urn: z.string().catch(""),
  /** `customTimeouts`. */
  __timeouts: z.record(z.string(), z.string()).optional().catch(undefined),
  /** The arguments of the program that this version doesn't know. */
  __unknown: z.array(z.string()).optional().catch(undefined),
  /** The properties to encrypt, because they show a secret of the stack config. */
  __secrets: z.array(z.string()).optional().catch(undefined),
  /** Of the SDK: names the module to load. Without it a resource can't be updated any more. */
  __provider: z.string().optional().catch(undefined),
});

export type HiddenProperties = Readonly<z.infer<typeof hiddenSchema>>;

const HIDDEN_NAMES = Object.keys(hiddenSchema.shape);

export function readHidden(properties: unknown): HiddenProperties {
  return hiddenSchema.safeParse(properties).data ?? { __urn: "" };
}

/** Omits the hidden properties: the core doesn't know them. */
export function omitHidden<Properties extends object>(
  properties: Properties,
): Omit<Properties, keyof HiddenProperties>;
export function omitHidden(properties: object): object {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => !HIDDEN_NAMES.includes(name)));
}
