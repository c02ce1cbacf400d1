import { toCores, type Size } from "../../sizing";
import type { PartialState } from "./stored-state";

/** A size that was asked for and has not been seen yet. */
export interface PendingChange {
  readonly cores: number;
  readonly since: Date;
}

/** What one operation saw and sent; whatever ends the operation, state is written from here. */
export class PendingChanges {
  /** The size last seen. */
  observedSize: Size | undefined;
  /** The size just before the first change that this operation sent. */
  sizeBeforeFirstChange: Size | undefined;

  constructor(
    /**
     * What earlier operations and this one have asked for, the newest last. Those before it still count: it may not have been
     * taken, or it may arrive only after them.
     */
    public changes: readonly PendingChange[] = [],
  ) {}

  get newest(): PendingChange | undefined {
    return this.changes.at(-1);
  }

  /** Not to be called where the answer says for certain that the change was not taken. */
  add(cores: number, at: Date): void {
    this.sizeBeforeFirstChange ??= this.observedSize;
    this.changes = [...this.changes.filter((pending) => pending.cores !== cores), { cores, since: at }];
  }

  /** The wanted size was seen to stay. */
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

/** The changes that an earlier operation left pending. */
export function parsePendingChanges(state: PartialState | undefined): PendingChanges {
  const { pendingCores, __pending } = state ?? {};
  // A damaged list leaves the newest change alone.
  const known = __pending ?? (pendingCores === undefined ? [] : [{ cores: pendingCores, since: "" }]);
  return new PendingChanges(known.map(({ cores, since }) => ({ cores, since: parseDate(since) })));
}

/** A damaged date counts as long ago. */
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
