import { distance } from "fastest-levenshtein";

/** For a name that is none of those: "; did you mean cores?", or all of them where none is near. */
export function suggestName(given: string, names: readonly string[]): string {
  const [best] = [...names].sort((a, b) => distance(given, a) - distance(given, b));
  const isNear =
    best !== undefined && distance(given.toLowerCase(), best.toLowerCase()) <= 1 + given.length / 3;
  return isNear ? `; did you mean ${best}?` : `; it takes ${names.join(", ")}`;
}
