import { toCores, type Size } from "../../sizing";
import type { PartialState } from "./stored-state";

/** A change that was sent and has not been observed yet. */
export interface PendingChange {
  readonly cores: number;
  readonly since: Date;
}

/** What one operation observed and sent. The state is written from here, whatever ends the operation. */
export class PendingChanges {
  /** The last observed size. */
  observedSize: Size | undefined;
  /** The size just before the first change that this operation sent. */
  sizeBeforeFirstChange: Size | undefined;
  /** When this operation sent its first change. */
  firstChangeAt: Date | undefined;

  constructor(
    /**
     * The changes that earlier operations and this one have sent, the newest last. The older ones still count: the newest may have
     * been lost, or may arrive after them.
     */
    public changes: readonly PendingChange[] = [],
  ) {}

  get newest(): PendingChange | undefined {
    return this.changes.at(-1);
  }

  /** Adds a change that may have taken effect. Don't call it if the response rules that out. */
  add(cores: number, at: Date): void {
    this.sizeBeforeFirstChange ??= this.observedSize;
    this.firstChangeAt ??= at;
    this.changes = [...this.changes.filter((pending) => pending.cores !== cores), { cores, since: at }];
  }

  /** Forgets all changes, because the service has the wanted size and keeps it. */
  clear(): void {
    this.changes = [];
  }

  get mayHaveChanged(): boolean {
    return this.changes.length > 0;
  }

  get baselineCores(): number | undefined {
    return this.sizeBeforeFirstChange === undefined ? undefined : toCores(this.sizeBeforeFirstChange);
  }
}

/** Parses the changes that an earlier operation left pending. */
export function parsePendingChanges(state: PartialState | undefined): PendingChanges {
  const { pendingCores, __pending } = state ?? {};
  // If the list is damaged, the newest change is still known.
  const known = __pending ?? (pendingCores === undefined ? [] : [{ cores: pendingCores, since: "" }]);
  return new PendingChanges(known.map(({ cores, since }) => ({ cores, since: parseDate(since) })));
}

/** Parses a date. A damaged one counts as long ago. */
function parseDate(text: string): Date {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? new Date(0) : date;
}

export function serializePendingChanges({ changes, newest }: PendingChanges) {
  return {
    pendingCores: newest?.cores,
    __pending:
      changes.length === 0
        ? undefined
        : changes.map(({ cores, since }) => ({ cores, since: since.toISOString() })),
  };
}
