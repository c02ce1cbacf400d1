/** A comment on GitHub holds 65,536 characters. The table and the notes get almost half of that each. */
const MAX_CHARACTERS = 30_000;

/** Joins the lines that fit into a comment, and adds a line about those that do not. */
export function truncateLines(lines: readonly string[], describeRest: (count: number) => string): string {
  let length = 0;
  const shown = lines.filter((line) => (length += line.length + 1) <= MAX_CHARACTERS);
  const hiddenCount = lines.length - shown.length;
  return [...shown, ...(hiddenCount > 0 ? [describeRest(hiddenCount)] : [])].join("\n");
}
