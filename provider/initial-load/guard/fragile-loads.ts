import { formatUsd, formatUtcTime, LOAD_USD_PER_GB } from "../../../sizing";
import type { DbClickPipe } from "../../cloud/pipes";
import type { ResizedLoad } from "../../state/resized-load";

const RESYNC = `has to be resynced from the beginning, at ${formatUsd(LOAD_USD_PER_GB)} per GB`;

/** Says what a resize may do to Postgres pipes in `Snapshot`. ClickHouse documents nothing: docs/guesses.md. */
export function describeFragileLoads(pipes: readonly DbClickPipe[]): string {
  const names = pipes.map(({ name }) => name).join(", ");
  const is = pipes.length === 1 ? "is" : "are";
  return (
    `${names} ${is} in Snapshot, and ClickHouse doesn't document whether the initial load of a Postgres pipe survives a resize. ` +
    `A lost load ${RESYNC}`
  );
}

/** Says that a pipe failed after a resize, and what to do. */
export function describeLostLoad(name: string, at: Date): string {
  return (
    `${name} is in Failed, and the size changed during its initial load (${formatUtcTime(startOfMinute(at))}). Read the error of the pipe in ` +
    `ClickHouse Cloud. If the snapshot is lost, the pipe ${RESYNC}`
  );
}

const BYTES_PER_GB = 1e9;

/** Says that a load began anew after a resize. */
export function describeRestartedLoad({ name, at, loadedBytes = 0 }: ResizedLoad, bytes: number): string {
  const time = formatUtcTime(startOfMinute(new Date(at)));
  return (
    `${name} has begun its initial load anew since the size changed (${time}): it has loaded ${formatGb(bytes)}, and had loaded ` +
    `${formatGb(loadedBytes)} then. Leave the size as it is until the load is done: each GB costs ${formatUsd(LOAD_USD_PER_GB)} again`
  );
}

function formatGb(bytes: number): string {
  return `${(bytes / BYTES_PER_GB).toFixed(1)} GB`;
}

function startOfMinute(time: Date): Date {
  return new Date(Math.floor(time.getTime() / 60_000) * 60_000);
}
