/** A request that the emulator saw, without the key's secret. */
export interface JournalEntry {
  readonly atMs: number;
  readonly method: string;
  /** With its `/v1`. */
  readonly path: string;
  readonly keyId: string | undefined;
  readonly body: unknown;
  /** Undefined until it is answered, and for good where no answer was sent. */
  status: number | undefined;
}

export class Journal {
  readonly entries: JournalEntry[] = [];

  /** Requests by method and a part of their path. */
  count(method?: string, pathPart = ""): number {
    return this.filter(method, pathPart).length;
  }

  filter(method?: string, pathPart = ""): JournalEntry[] {
    return this.entries.filter(
      (entry) => (method === undefined || entry.method === method) && entry.path.includes(pathPart),
    );
  }

  clear(): void {
    this.entries.length = 0;
  }
}
