/**
 * A request that the emulator received. It contains neither the key's secret nor credentials of a pipe's source.
 *
 * @public
 */
export interface JournalEntry {
  /** When it arrived, in milliseconds since 1970. */
  readonly atMs: number;
  /** The HTTP method. */
  readonly method: string;
  /** Starts with `/v1`. */
  readonly path: string;
  /** The id of the API key. Undefined if the request has none. */
  readonly keyId: string | undefined;
  /** The parsed JSON, or the text if it is not JSON, with "[redacted]" in place of credentials. Undefined for GET. */
  readonly body: unknown;
  /** The status of the response. Undefined until it is sent, and if a fault prevented it. */
  status: number | undefined;
}

/**
 * Called before a request is handled, and again after its response.
 *
 * @public
 */
export type RequestListener = (moment: "before" | "after", entry: JournalEntry) => void;

/** A long run must not fill the memory. At the documented limit of a request a second this is more than a day. */
const MAX_ENTRIES = 100_000;

/** Adds a request, and forgets the oldest above the limit. */
export function addEntry({ entries }: Journal, entry: JournalEntry): void {
  entries.push(entry);
  if (entries.length > MAX_ENTRIES) entries.splice(0, entries.length - MAX_ENTRIES);
}

/**
 * The requests since the start or the last reset: the newest 100,000 of them. It lacks those that the emulator refuses because a
 * web page may have sent them, or because of the length or the type of their bodies.
 *
 * @public
 */
export class Journal {
  /** The newest 100,000 requests so far, in the order of arrival. */
  readonly entries: JournalEntry[] = [];

  /** Counts the requests with this method whose path contains `pathPart`. By default all requests. */
  count(method?: string, pathPart = ""): number {
    return this.filter(method, pathPart).length;
  }

  /** Returns the requests with this method whose path contains `pathPart`. By default all requests. */
  filter(method?: string, pathPart = ""): JournalEntry[] {
    return this.entries.filter(
      (entry) => (method === undefined || entry.method === method) && entry.path.includes(pathPart),
    );
  }

  /** Forgets all entries. */
  clear(): void {
    this.entries.length = 0;
  }
}
