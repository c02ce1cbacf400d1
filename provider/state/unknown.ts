/** The placeholder for a value that a preview doesn't know yet. Source: Pulumi SDK, `runtime/rpc`. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export type Unknown = typeof UNKNOWN;

/**
 * A value that a preview may not know yet. Narrow it with `isUnknown` before you compute with it. The compiler checks that for all
 * types but `string`, which includes the placeholder.
 */
export type MaybeUnknown<Value> = Value | Unknown;

/** A value that may be unknown, as a whole or in parts. */
export type Unresolved<Value> = Value extends readonly (infer Element)[]
  ? MaybeUnknown<readonly Unresolved<Element>[]>
  : Value extends object
    ? MaybeUnknown<{ readonly [Name in keyof Value]: Unresolved<Value[Name]> }>
    : Value extends undefined
      ? Value
      : MaybeUnknown<Value>;

export function isUnknown(value: unknown): value is Unknown {
  return value === UNKNOWN;
}
