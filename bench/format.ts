import type { Summary } from "./statistics";

/** A table in Markdown. */
export function formatTable(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): string {
  const renderLine = (cells: readonly (string | number)[]) => `| ${cells.join(" | ")} |`;
  return [renderLine(head), renderLine(head.map(() => "---")), ...rows.map(renderLine)].join("\n");
}

export function formatSeconds(ms: number): string {
  const value = ms / 1_000;
  return `${value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)} s`;
}

export function formatMilliseconds(ms: number): string {
  return `${ms.toFixed(ms < 10 ? 1 : 0)} ms`;
}

export function formatRatio(ratio: number): string {
  return `${ratio.toFixed(2)} x`;
}

/** The median, the minimum and the maximum. */
export function formatSummary({ median, min, max }: Summary): string {
  return `${formatRatio(median)} (${min.toFixed(2)} to ${max.toFixed(2)})`;
}

export function formatPercent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

export function formatKilobytes(bytes: number): string {
  return `${(bytes / 1_000).toFixed(2)} kB`;
}

export function formatMebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(2)} MiB`;
}
