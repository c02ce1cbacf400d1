/** The largest size of the OpenAPI document. A PATCH accepts no more than the guess `maxCores` says. */
export const MAX_CORES = 32;

/** What is wrong with a size that {@link isLegalSize} rejects. */
export const LEGAL_SIZE = `cores must be a whole number from 1 to ${MAX_CORES}`;

/** Whether the cores per replica are a size that a request can set. */
export function isLegalSize(cores: unknown): cores is number {
  return typeof cores === "number" && Number.isInteger(cores) && isPossibleSize(cores);
}

/** Whether a service could show these cores per replica. Also fractions, such as 0.5, which a change of the tier could bring. */
export function isPossibleSize(cores: number): boolean {
  return typeof cores === "number" && cores > 0 && cores <= MAX_CORES;
}
