const MAX_TEXT_LENGTH = 300;

/** What the header with the key holds, where a server has cut it or spelt it anew; no word of a sentence is as long. */
const CREDENTIALS_PATTERN = /\b(Basic)\s+[\w+/=-]{16,}/gi;

/** Makes foreign text (an answer's error, a proxy's page) fit for a message: one line, not long, without a key in it. */
export function redact(text: string, secrets: readonly string[]): string {
  let clean = text;
  // The longest first: else a secret that holds another one would be left in part.
  for (const secret of [...secrets].sort((a, b) => b.length - a.length)) {
    if (secret !== "") clean = clean.split(secret).join("[redacted]");
  }
  clean = clean.replace(CREDENTIALS_PATTERN, "$1 [redacted]").replace(/\s+/g, " ").trim();
  return clean.length > MAX_TEXT_LENGTH ? `${clean.slice(0, MAX_TEXT_LENGTH)}…` : clean;
}
