import { chosenOf, loadOf } from "../../sizing";
import type { Client } from "../cloud/client";
import type { Session } from "../operation/context";
import type { Salvaged } from "../state/stored-state";
import { burstOf } from "../state/burst-args";

/** Warns, with their names, where pipes take their initial load while a destroy makes the size smaller. */
export async function warnOfDestroy(
  session: Session,
  client: Client,
  state: Salvaged,
  cores: number,
): Promise<void> {
  if (state.initialLoad === undefined || state.cores === undefined || cores >= state.cores) return;
  const seen = await session.pipes.of(() => Promise.resolve({ client, target: state }));
  if ("unread" in seen) return;
  const loading = chosenOf(seen.db, burstOf(state.initialLoad)).filter(
    ({ state: pipeState, replicationMode }) => loadOf(pipeState, replicationMode) === "load",
  );
  if (loading.length === 0) return;
  const names = loading.map(({ name, state: pipeState }) => `${name} (${pipeState})`).join(", ");
  await session
    .progress(state.__urn)
    .warn(
      `destroyed during the initial load of ${names}, which goes on with ${cores} cores instead of ${state.cores}`,
    );
}
