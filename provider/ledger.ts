import { coresOf, type Size } from "../sizing";

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

  /**
   * What earlier operations and this one have asked for, the newest last. Those before it still count: it may not have been
   * taken, or it may arrive only after them.
   */
  private asked: readonly Pending[];

  constructor(asked: readonly Pending[] = []) {
    this.asked = asked;
  }

  get pending(): Pending | undefined {
    return this.asked.at(-1);
  }

  get inFlight(): readonly Pending[] {
    return this.asked;
  }

  /** Not to be called where the answer says for certain that the change was not taken. */
  sent(cores: number, at: Date): void {
    this.before ??= this.seen;
    this.asked = [...this.asked.filter((pending) => pending.cores !== cores), { cores, since: at }];
  }

  /** The wanted size was seen to stay. */
  arrived(): void {
    this.asked = [];
  }

  get mayHaveChanged(): boolean {
    return this.asked.length > 0;
  }

  get baselineCores(): number | undefined {
    return this.before === undefined ? undefined : coresOf(this.before);
  }
}
