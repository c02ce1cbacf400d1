import type { Burst } from "../../sizing";
import type { DbClickPipe, PipeReading } from "../cloud/pipes";
import type { InputFailure } from "../state/inputs";

/**
 * Lists a failure for each pipe of a burst that is not a database ClickPipe of the service. A pipe that was declared before
 * and is now gone was deleted: it loads nothing, and its id must not fail every later `up`.
 */
export function findUnknownPipeIds(
  { pipes: ids = [] }: Burst,
  reading: PipeReading,
  previousIds: readonly string[] = [],
): InputFailure[] {
  if ("unread" in reading) return [];
  const { db, others } = reading;
  return ids.flatMap((id, index) => {
    if (db.some((pipe) => pipe.id === id)) return [];
    const other = others.find((pipe) => pipe.id === id);
    if (other === undefined && previousIds.some((previous) => previous.toLowerCase() === id)) return [];
    const name = other === undefined ? "" : ` (${other.name ?? "another ClickPipe"})`;
    const reason = `must be a database ClickPipe of this service, got "${id}"${name}. It has ${listNames(db)}`;
    return [{ property: `initialLoad.pipes.${index}`, reason }];
  });
}

function listNames(pipes: readonly DbClickPipe[]): string {
  if (pipes.length === 0) return "none";
  return pipes.map(({ id, name, source }) => `${id} (${name}, ${source})`).join(", ");
}
