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

  /** From here on the change may have been taken. Call `notTaken` where the answer says for certain that it was not. */
  sending(cores: number, since: Date): () => void {
    const earlier = { pending: this.pending, before: this.before };
    this.before ??= this.seen;
    this.pending = { cores, since };
    return () => {
      this.pending = earlier.pending;
      this.before = earlier.before;
    };
  }

  get mayHaveChanged(): boolean {
    return this.pending !== undefined;
  }

  get baselineCores(): number | undefined {
    return this.before === undefined ? undefined : coresOf(this.before);
  }
}
