const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;

const GO_DURATION_PATTERN = /^(\d+(\.\d+)?(ms|s|m|h))+$/;

/** Parses a duration in Go's notation ("40m", "1h30m"), which `customTimeouts` uses. */
export function parseDurationMs(text: string): number | undefined {
  if (!GO_DURATION_PATTERN.test(text)) return undefined;
  let totalMs = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)) {
    totalMs += Number(amount) * UNIT_MS[unit as keyof typeof UNIT_MS];
  }
  return totalMs;
}

/** Formats a duration for a status line: "45s", "3m42s", "1h05m". */
export function formatDuration(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes}m` : `${minutes}m${padTwoDigits(seconds % 60)}s`;
  return minutes % 60 === 0
    ? `${minutes / 60}h`
    : `${Math.floor(minutes / 60)}h${padTwoDigits(minutes % 60)}m`;
}

function padTwoDigits(amount: number): string {
  return String(amount).padStart(2, "0");
}
