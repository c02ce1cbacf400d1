/** Summary of several runs of the same command. */
export interface Summary {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export function summarize(values: readonly number[]): Summary {
  if (values.length === 0) throw new Error("there are no values to summarize");
  const sorted = [...values].sort((a, b) => a - b);
  const getValue = (index: number) => sorted[index] ?? NaN;
  const middle = (sorted.length - 1) / 2;
  return {
    median: (getValue(Math.floor(middle)) + getValue(Math.ceil(middle))) / 2,
    min: getValue(0),
    max: getValue(sorted.length - 1),
  };
}

/**
 * Summarizes the ratio of two commands that ran in turns. Each run is divided by its neighbor, because the machine's load changes
 * over minutes.
 */
export function compareRuns(ours: readonly number[], others: readonly number[]): Summary {
  if (ours.length !== others.length)
    throw new Error(`every run needs a neighbor, got ${ours.length} and ${others.length} runs`);
  return summarize(ours.map((value, round) => value / (others[round] ?? NaN)));
}

export function computeMedian(values: readonly number[]): number {
  return summarize(values).median;
}
