import { coresOf, type Size } from "../sizing";

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
    /** What may have been asked for and has not been seen yet, by an earlier operation or by this one. */
    public pending?: Pending,
  ) {}

  /** The change was taken, or may have been; not to be called where the answer says for certain that it was not. */
  sent(cores: number, at: Date): void {
    this.before ??= this.seen;
    this.pending = { cores, since: at };
  }

  get mayHaveChanged(): boolean {
    return this.pending !== undefined;
  }

  get baselineCores(): number | undefined {
    return this.before === undefined ? undefined : coresOf(this.before);
  }
}
