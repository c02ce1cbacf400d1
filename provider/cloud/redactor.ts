import { toPlainLine } from "../text/plain-text";

const MAX_TEXT_LENGTH = 300;

/** More than a message shows; a response may have a megabyte. */
const MAX_EXAMINED_LENGTH = 4_000;

const REDACTED = "[redacted]";

/** What a response shows instead of a text that repeats the key in another spelling. */
const WITHHELD = "[redacted: the response repeats the API key]";

/** So much of a secret gives it away. Fewer characters occur by chance. */
const REVEALING_LENGTH = 10;

/** Runs that look like a token: long, with letters and digits. Ids of resources are UUIDs, and stay. */
const TOKEN_LIKE = /(?<![\w+=%-])(?=[\w+=%-]*\d)(?=[\w+=%-]*[a-z])[\w+=%-]{20,}/gi;
const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;

/** Removes the API key from texts of responses, in any spelling that such a text has been seen in. */
export class Redactor {
  readonly #secrets: readonly string[];
  /** Pieces of the secrets' encoded spellings and of the secrets themselves, in canonical form. */
  readonly #pieces: readonly string[];

  constructor(secrets: readonly string[]) {
    // The longest first: otherwise a part of a secret that contains another one would remain.
    this.#secrets = secrets.filter((secret) => secret !== "").sort((a, b) => b.length - a.length);
    this.#pieces = [...new Set(this.#secrets.flatMap(listSpellings).map(canonicalize).flatMap(listPieces))];
  }

  /** Returns one line without a key, without anything that looks like a token, and not long. */
  redact(text: string): string {
    const examined = text.slice(0, MAX_EXAMINED_LENGTH);
    const shown = this.#replaceSecrets(examined);
    if (this.#repeatsSecret(shown)) return WITHHELD;
    const clean = toPlainLine(this.#replaceSecrets(shown)).replace(TOKEN_LIKE, (run) =>
      UUID.test(run) ? run : REDACTED,
    );
    return clean.length > MAX_TEXT_LENGTH ? `${clean.slice(0, MAX_TEXT_LENGTH)}…` : clean;
  }

  #replaceSecrets(text: string): string {
    return this.#secrets.reduce((rest, secret) => rest.split(secret).join(REDACTED), text);
  }

  #repeatsSecret(text: string): boolean {
    const canonical = canonicalize(text.replaceAll(REDACTED, " "));
    const reversible = [canonical, canonicalize(decodeEscapes(text))];
    return this.#pieces.some((piece) => reversible.some((form) => form.includes(piece)));
  }
}

/** The secret, and its encodings at each of the three alignments of base64, without what depends on its neighbors. */
function listSpellings(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const base64 = [0, 1, 2].map((offset) =>
    Buffer.concat([Buffer.alloc(offset), bytes])
      .toString("base64")
      .replace(/=+$/, "")
      .slice(offset === 0 ? 0 : offset + 1, -1),
  );
  return [secret, bytes.toString("hex"), ...base64];
}

/** Every run of a spelling that is long enough to give it away; the whole one if it is shorter. */
function listPieces(spelling: string): string[] {
  if (spelling.length <= REVEALING_LENGTH) return spelling.length < 4 ? [] : [spelling];
  const starts = spelling.length - REVEALING_LENGTH + 1;
  return Array.from({ length: starts }, (_, start) => spelling.slice(start, start + REVEALING_LENGTH));
}

/** One form for a text that is wrapped, in other cases, or in another alphabet of base64. */
function canonicalize(text: string): string {
  return text
    .normalize("NFKC")
    .replace(/[\s\p{C}\p{Z}]+/gu, "")
    .replaceAll("-", "+")
    .replaceAll("_", "/")
    .toLowerCase();
}

const NAMED_ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** Decodes percent encoding, HTML entities, and the escapes of JSON and of programming languages, also if they are nested. */
function decodeEscapes(text: string): string {
  let decoded = text;
  for (let rounds = 0; rounds < 3; rounds++) {
    decoded = decoded
      .replace(/(?:%|\\x|=)([\da-f]{2})/gi, (_, hex: string) => fromCode(hex, 16))
      .replace(/\\u\{?([\da-f]{4,6})\}?/gi, (_, hex: string) => fromCode(hex, 16))
      .replace(/&#x([\da-f]{1,6});?/gi, (_, hex: string) => fromCode(hex, 16))
      .replace(/&#(\d{1,7});?/g, (_, decimal: string) => fromCode(decimal, 10))
      .replace(/\\(["'\\/])/g, "$1")
      .replace(/&(\w{2,4});/g, (entity, name: string) => NAMED_ENTITIES[name.toLowerCase()] ?? entity);
  }
  return decoded;
}

function fromCode(digits: string, base: number): string {
  const code = parseInt(digits, base);
  return code <= 0x10ffff ? String.fromCodePoint(code) : "";
}
