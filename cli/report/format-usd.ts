const dollars = new Intl.NumberFormat("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** "1,752.00". */
export function formatNumber(usd: number): string {
  return dollars.format(usd);
}

/** "$1,752.00", "-$438.00". */
export function formatUsd(usd: number): string {
  return `${usd < 0 ? "-" : ""}$${formatNumber(Math.abs(usd))}`;
}

/** "+$1,460.00", "-$438.00". */
export function formatUsdDifference(usd: number): string {
  return usd > 0 ? `+${formatUsd(usd)}` : formatUsd(usd);
}

/** Rounds to cents, which hides the errors of binary fractions. */
export function sumUsd(amounts: readonly number[]): number {
  return Math.round(amounts.reduce((sum, usd) => sum + usd, 0) * 100) / 100;
}
