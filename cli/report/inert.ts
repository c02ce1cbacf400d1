import { stripVTControlCharacters } from "node:util";

const LONGEST = 300;

/** Addresses that stay links: the documentation that our own messages name. */
const DOCUMENTATION = /(https:\/\/clickhouse\.com\/docs\/[\w/#-]*)/;

/** Nothing to see, and in the middle of a mention, a reference or an address enough to make it none. */
const BREAK = "&#8203;";

/** What makes HTML, a table's cell or code of a text. */
const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  "|": "&#124;",
  "`": "&#96;",
};

/** What has an effect, in one go, so that no replacement is replaced: entities, mentions, references, addresses, Markdown, formulas. */
const EFFECTIVE = /[&<>|`]|@|#(?=\d)|\bgh-(?=\d)|:(?=\/\/)|\bwww(?=\.)|[\\*_[\]~]|\$(?!\d)/gi;

/**
 * Text from elsewhere (names, reasons, messages) that shows in a comment as it is, on one line: it formats nothing, links nowhere
 * but to the documentation, and calls nobody.
 */
export function inert(text: string, longest = LONGEST): string {
  const line = stripVTControlCharacters(text).replaceAll(/\s+/g, " ").replaceAll(/\p{C}/gu, "").trim();
  const characters = Array.from(line); // no half of a pair at the end
  const short = characters.length > longest ? `${characters.slice(0, longest).join("").trimEnd()}…` : line;
  return short
    .split(DOCUMENTATION)
    .map((part, index) => (index % 2 === 1 ? part : part.replaceAll(EFFECTIVE, withoutEffect)))
    .join("");
}

function withoutEffect(mark: string): string {
  return ENTITIES[mark] ?? (/^[\\*_[\]~$]$/.test(mark) ? `\\${mark}` : `${mark}${BREAK}`);
}
