import { distance } from "fastest-levenshtein";

/** The name that an unknown one most likely means; undefined if none is close. */
export function findNearestName(given: string, names: readonly string[]): string | undefined {
  const [best = ""] = [...names].sort((a, b) => distance(given, a) - distance(given, b));
  return distance(given.toLowerCase(), best.toLowerCase()) <= 1 + given.length / 3 ? best : undefined;
}
