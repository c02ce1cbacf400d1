const LONGEST_TEXT = 300;

/** What the header with the key holds, where a server has cut it or spelt it anew; no word of a sentence is as long. */
const CREDENTIALS = /\b(Basic)\s+[\w+/=-]{16,}/gi;

/** Makes foreign text (an answer's error, a proxy's page) fit for a message: one line, not long, without a key in it. */
export function redacted(text: string, secrets: readonly string[]): string {
  let clean = text;
  // The longest first: else a secret that holds another one would be left in part.
  for (const secret of [...secrets].sort((a, b) => b.length - a.length)) {
    if (secret !== "") clean = clean.split(secret).join("[redacted]");
  }
  clean = clean.replace(CREDENTIALS, "$1 [redacted]").replace(/\s+/g, " ").trim();
  return clean.length > LONGEST_TEXT ? `${clean.slice(0, LONGEST_TEXT)}…` : clean;
}
