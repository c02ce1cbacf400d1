/** The names a program may use, for "did you mean". */
export const ARGUMENT_NAMES = [
  "serviceId",
  "organizationId",
  "cores",
  "maxCores",
  "initialLoad",
  "maxUsdPerHour",
  "coresAfterDestroy",
  "wakeService",
  "suppressAdvice",
] as const;

export function isArgumentName(name: string): boolean {
  return (ARGUMENT_NAMES as readonly string[]).includes(name);
}
