import { toPlainLine } from "../../provider/text/plain-text";

const MAX_CHARACTERS = 300;
const MAX_NAME_CHARACTERS = 80;

/** Links that stay links: the documentation that this package's messages refer to. */
const DOCUMENTATION_LINK = /(https:\/\/clickhouse\.com\/docs\/[\w/#-]*)/;

/** A zero-width space. Inside a mention, a reference or a link, it is invisible and disables them. */
const ZERO_WIDTH_SPACE = "&#8203;";

/** Characters that could start HTML, a table cell or code. */
const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  "|": "&#124;",
  "`": "&#96;",
};

/** In one expression, so that no replacement is replaced again: entities, mentions, references, links, Markdown, formulas. */
const SPECIAL = /[&<>|`]|@|#(?=\d)|\bgh-(?=\d)|:(?=\/\/)|\bwww(?=\.)|[\\*_[\]~]|\$(?!\d)/gi;

/**
 * Makes untrusted text (names, reasons, messages) safe for one line of a comment: no formatting, no mentions, and no links except to
 * the documentation.
 */
export function escapeMarkdown(text: string, maxCharacters = MAX_CHARACTERS): string {
  return truncateText(toPlainLine(text), maxCharacters)
    .split(DOCUMENTATION_LINK)
    .map((part, index) => (index % 2 === 1 ? part : part.replaceAll(SPECIAL, escapeSpecial)))
    .join("");
}

export function escapeName(name: string): string {
  return escapeMarkdown(name, MAX_NAME_CHARACTERS);
}

function truncateText(text: string, maxCharacters: number): string {
  const characters = Array.from(text); // never splits a surrogate pair
  return characters.length > maxCharacters
    ? `${characters.slice(0, maxCharacters).join("").trimEnd()}…`
    : text;
}

function escapeSpecial(special: string): string {
  const entity = ENTITIES[special];
  if (entity !== undefined) return entity;
  return /^[\\*_[\]~$]$/.test(special) ? `\\${special}` : `${special}${ZERO_WIDTH_SPACE}`;
}
