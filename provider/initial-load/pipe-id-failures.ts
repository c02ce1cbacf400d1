import type { Burst } from "../../sizing";
import type { DbClickPipe, PipeReading } from "../cloud/pipes";
import type { InputFailure } from "../state/inputs";

/**
 * A fault for each pipe that a burst names and that the service does not have, or that loads no database. One that was named
 * before has been deleted since: it loads nothing any more, and must not keep its burst by failing every `up`.
 */
export function findUnknownPipeIds(
  { pipes: ids = [] }: Burst,
  seen: PipeReading,
  namedBefore: readonly string[] = [],
): InputFailure[] {
  if ("unread" in seen) return [];
  const { db, others } = seen;
  return ids.flatMap((id, index) => {
    if (db.some((pipe) => pipe.id === id)) return [];
    const other = others.find((pipe) => pipe.id === id);
    if (other === undefined && namedBefore.some((before) => before.toLowerCase() === id)) return [];
    const what =
      other === undefined
        ? `"${id}" is no ClickPipe of this service`
        : `"${id}" is ${other.name ?? "a ClickPipe"}, which loads no database`;
    return [{ property: `initialLoad.pipes.${index}`, reason: `${what}; ${describeExisting(db)}` }];
  });
}

function describeExisting(db: readonly DbClickPipe[]): string {
  if (db.length === 0) return "it has no database ClickPipe";
  const names = db.map(({ id, name, source }) => `${id} (${name}, ${source})`);
  return `its database ClickPipes are ${names.join(", ")}`;
}
