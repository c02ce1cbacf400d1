import type { Burst, ObservedPipe } from "./decision";
import { classifyLoad, isDocumented, PIPE_STATES } from "./pipe-state";

/** "until 2026-12-01T00:00Z at the latest". */
export function formatEnd({ endBy }: Burst): string {
  return endBy === undefined ? "without endBy" : `until ${formatUtcTime(endBy)} at the latest`;
}

const MAX_NAMES = 3;

/** "orders, users, carts and 4 more". */
export function formatNames(pipes: readonly ObservedPipe[]): string {
  return formatList(pipes.map(({ name }) => name));
}

/** "orders is in Snapshot, users is Paused: a paused pipe may be in the middle of its load". */
export function formatStates(pipes: readonly ObservedPipe[]): string {
  const reasons = pipes
    .filter(({ state, replicationMode }) => classifyLoad(state, replicationMode) === "unclear")
    .map(({ state }) =>
      isDocumented(state) ? PIPE_STATES[state].why : "ClickHouse doesn't document this state",
    );
  const states = formatList(pipes.map(({ name, state }) => `${name}: ${state}`));
  return [states, ...new Set(reasons)].join("; ");
}

function formatList(items: readonly string[]): string {
  const more = items.length - MAX_NAMES;
  const listed = items.slice(0, MAX_NAMES).join(", ");
  return more > 0 ? `${listed} and ${more} more` : listed;
}

/** Formats a time in UTC, without seconds if they are 0: "2026-12-01T00:00Z". */
export function formatUtcTime(time: Date): string {
  return time.toISOString().replace(/(:00)?\.000Z$/, "Z");
}

/** Sorts pipes by name. */
export function sortByName<Pipe extends ObservedPipe>(pipes: readonly Pipe[]): Pipe[] {
  return [...pipes].sort((a, b) => (a.name === b.name ? compare(a.id, b.id) : compare(a.name, b.name)));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
