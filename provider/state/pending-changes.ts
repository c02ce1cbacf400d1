import { toCores, type Size } from "../../sizing";

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
