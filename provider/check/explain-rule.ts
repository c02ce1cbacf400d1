/** The rule that a value follows, in the words of its message. */
export interface Rule {
  /** What follows "must be": "a UUID". */
  readonly mustBe: string;
  readonly example?: string;
  /** The valid value that a text or a number (else "") most likely means; undefined if none is close. */
  readonly nearest?: (text: string) => string | number | undefined;
  readonly hint?: (value: unknown) => string;
}

/** Says what is wrong with a value: "must be a whole number from 1 to 24, got 25 (nearest: 24)". */
export function explainRule({ mustBe, example, nearest, hint }: Rule, value: unknown): string {
  if (value === undefined) {
    return `is required: must be ${mustBe}${example === undefined ? "" : `, such as ${example}`}`;
  }
  const near = nearest?.(typeof value === "string" || typeof value === "number" ? String(value) : "");
  const valid = near !== undefined ? ` (nearest: ${near})` : example ? ` (example: ${example})` : "";
  return `must be ${mustBe}, got ${formatValue(value)}${valid}${hint?.(value) ?? ""}`;
}

/** The value as the program wrote it, at most 60 characters. */
function formatValue(value: unknown): string {
  const json: string | undefined = typeof value === "number" ? undefined : JSON.stringify(value);
  const text = json ?? String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
