/** Of several runs of the same thing. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export function spread(values: readonly number[]): Spread {
  if (values.length === 0) throw new Error("nothing was measured");
  const sorted = [...values].sort((a, b) => a - b);
  const at = (index: number) => sorted[index] ?? NaN;
  const middle = (sorted.length - 1) / 2;
  return {
    median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    min: at(0),
    max: at(sorted.length - 1),
  };
}

/**
 * How much more one takes than the other, run in turns: each run is compared with the one beside it, since what else the machine does
 * changes over minutes.
 */
export function ratios(ours: readonly number[], others: readonly number[]): Spread {
  if (ours.length !== others.length) throw new Error("every run is compared with one beside it");
  return spread(ours.map((value, round) => value / (others[round] ?? NaN)));
}

export function median(values: readonly number[]): number {
  return spread(values).median;
}
