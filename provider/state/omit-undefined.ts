/** Returns the properties that are not undefined, because the engine's wire format has no such value. */
export function omitUndefined<Properties extends object>(properties: Properties): Properties;
export function omitUndefined(properties: object): object {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined));
}
