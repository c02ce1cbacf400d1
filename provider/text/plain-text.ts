import { stripVTControlCharacters } from "node:util";

/**
 * Makes text from elsewhere (the API's responses, names, the stack config) safe to show: one line without control, format and
 * private-use characters. A terminal would obey some of them: clear the screen, hide text, or reverse its direction.
 */
export function toPlainLine(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/[\s\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")
    .replace(/[\p{Cf}\p{Co}\p{Cs}]/gu, "")
    .trim();
}

/** The same, but keeps line breaks, for text of several lines. */
export function toPlainText(text: string): string {
  return text.split(/\r?\n/).map(toPlainLine).join("\n");
}
