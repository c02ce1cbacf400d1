/** Returns the names of the expectations that are false. */
export function listViolations(expectations: Readonly<Record<string, boolean>>): string[] {
  return Object.entries(expectations).flatMap(([name, isMet]) => (isMet ? [] : [name]));
}
