/** A line of the table at the beginning: what was aimed at, and what came out. */
export interface Aim {
  readonly what: string;
  readonly aim: string;
  readonly result: string;
  readonly isMet: boolean;
  /** Why not, where it is not met and the reason is known. */
  readonly reason?: string | undefined;
}

/** One measurement: how it is made, and what the document says of it. */
export interface Part<Rows> {
  readonly name: string;
  readonly title: string;
  /** How the figures were obtained, for the document. */
  readonly how: string;
  measure(say: (line: string) => void): Promise<Rows>;
  aims(rows: Rows): readonly Aim[];
  /** Tables and what they tell. */
  section(rows: Rows): string;
}
