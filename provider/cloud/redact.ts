const MAX_TEXT_LENGTH = 300;

/** The value of an Authorization header, even if a server has cut or respelled it. No word of a sentence is as long. */
const CREDENTIALS_PATTERN = /\b(Basic)\s+[\w+/=-]{16,}/gi;

/** Makes text from a server safe for a message: one line, not long, without a key. */
export function redact(text: string, secrets: readonly string[]): string {
  let clean = text;
  // The longest first: otherwise a part of a secret that contains another one would remain.
  for (const secret of [...secrets].sort((a, b) => b.length - a.length)) {
    if (secret !== "") clean = clean.split(secret).join("[redacted]");
  }
  clean = clean.replace(CREDENTIALS_PATTERN, "$1 [redacted]").replace(/\s+/g, " ").trim();
  return clean.length > MAX_TEXT_LENGTH ? `${clean.slice(0, MAX_TEXT_LENGTH)}…` : clean;
}
