/** A row of the summary: a target and the measured result. */
export interface Target {
  readonly what: string;
  readonly target: string;
  readonly result: string;
  readonly isMet: boolean;
  /** Why the target is missed, if that is known. */
  readonly reason?: string | undefined;
}

/** One measurement and its section of the document. */
export interface Benchmark<Rows> {
  readonly name: string;
  readonly title: string;
  /** How the figures are measured, for the document. */
  readonly method: string;
  measure(print: (line: string) => void): Promise<Rows>;
  listTargets(rows: Rows): readonly Target[];
  /** Tables and their explanation, in Markdown. */
  render(rows: Rows): string;
}
