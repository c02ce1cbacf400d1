import { coresOf, type Size } from "../../sizing";

/** A size that was asked for and has not been seen yet. */
export interface Pending {
  readonly cores: number;
  readonly since: Date;
}

/** What one operation saw and sent; whatever ends the operation, state is written from here. */
export class Ledger {
  /** The size last seen. */
  seen: Size | undefined;
  /** The size just before the first change that this operation sent. */
  before: Size | undefined;

  constructor(
    /**
     * What earlier operations and this one have asked for, the newest last. Those before it still count: it may not have been
     * taken, or it may arrive only after them.
     */
    public inFlight: readonly Pending[] = [],
  ) {}

  get pending(): Pending | undefined {
    return this.inFlight.at(-1);
  }

  /** Not to be called where the answer says for certain that the change was not taken. */
  sent(cores: number, at: Date): void {
    this.before ??= this.seen;
    this.inFlight = [...this.inFlight.filter((pending) => pending.cores !== cores), { cores, since: at }];
  }

  /** The wanted size was seen to stay. */
  arrived(): void {
    this.inFlight = [];
  }

  get mayHaveChanged(): boolean {
    return this.inFlight.length > 0;
  }

  get baselineCores(): number | undefined {
    return this.before === undefined ? undefined : coresOf(this.before);
  }
}
