const dollars = new Intl.NumberFormat("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** "1,752.00". */
export function usdNumber(usd: number): string {
  return dollars.format(usd);
}

/** "$1,752.00", "-$438.00". */
export function usdText(usd: number): string {
  return `${usd < 0 ? "-" : ""}$${usdNumber(Math.abs(usd))}`;
}

/** "+$1,460.00". */
export function differenceText(usd: number): string {
  return usd > 0 ? `+${usdText(usd)}` : usdText(usd);
}

/** Sums of cents without the errors of binary fractions. */
export function sumOf(all: readonly number[]): number {
  return Math.round(all.reduce((sum, usd) => sum + usd, 0) * 100) / 100;
}
