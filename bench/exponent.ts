export interface Point {
  readonly count: number;
  readonly value: number;
}

/**
 * The p of count^p by which a value grows between the last two points, without what the first point costs already (a start, an empty
 * process): 1 is linear, 2 is quadratic. Undefined where nothing grew.
 */
export function exponentOf(points: readonly Point[]): number | undefined {
  const [first] = points;
  const [before, last] = points.slice(-2);
  if (first === undefined || before === undefined || last === undefined || before === first) return undefined;
  const earlier = before.value - first.value;
  const later = last.value - first.value;
  if (earlier <= 0 || later <= 0) return undefined;
  return Math.log(later / earlier) / Math.log((last.count - first.count) / (before.count - first.count));
}
