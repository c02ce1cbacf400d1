import { stripVTControlCharacters } from "node:util";

/** What the rows after the first of a line are indented by, so that they don't look like lines of their own. */
const HANGING = "  ";

/** Breaks lines between words. A word that is longer than a row, such as an address, stays whole. */
export function wrapText(text: string, columns: number): string {
  return text
    .split("\n")
    .map((line) => wrapLine(line, columns))
    .join("\n");
}

function wrapLine(line: string, columns: number): string {
  if (measure(line) <= columns) return line;
  const indent = `${/^ */.exec(line)?.[0] ?? ""}${HANGING}`;
  const rows: string[] = [];
  let row = "";
  for (const word of line.match(/ *\S+/g) ?? []) {
    const isFull = row !== "" && measure(row + word) > columns;
    if (isFull) rows.push(row);
    row = isFull ? indent + word.trimStart() : row + word;
  }
  return [...rows, row].join("\n");
}

/** Colors take no room. */
function measure(text: string): number {
  return stripVTControlCharacters(text).length;
}
