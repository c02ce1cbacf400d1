import type { Spread } from "./statistics";

/** How figures are written in the document. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

export function seconds(ms: number): string {
  const value = ms / 1_000;
  return `${value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)} s`;
}

export function milliseconds(ms: number): string {
  return `${ms.toFixed(ms < 10 ? 1 : 0)} ms`;
}

export function times(ratio: number): string {
  return `${ratio.toFixed(2)} x`;
}

/** The median, and between which values all runs were. */
export function range({ median, min, max }: Spread): string {
  return `${times(median)} (${min.toFixed(2)} to ${max.toFixed(2)})`;
}

export function percentOf(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

export function kilobytes(bytes: number): string {
  return `${(bytes / 1_000).toFixed(2)} kB`;
}

export function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(2)} MiB`;
}
