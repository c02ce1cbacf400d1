/** Half of what a comment on GitHub takes (65,536 characters), less some for the rest: for the table, and for the risks. */
const MOST_CHARACTERS = 30_000;

/** As many lines as a comment has room for. */
export function fitting(lines: readonly string[], more: (count: number) => string): string {
  let length = 0;
  const shown = lines.filter((line) => (length += line.length + 1) <= MOST_CHARACTERS);
  const left = lines.length - shown.length;
  return [...shown, ...(left > 0 ? [more(left)] : [])].join("\n");
}
