import { selectPipes, classifyLoad } from "../../sizing";
import type { Client } from "../cloud/client";
import type { ProviderContext } from "../operation/context";
import type { PartialState } from "../state/stored-state";
import { parseBurst } from "../state/burst-args";

/** Warns, with their names, where pipes take their initial load while a destroy makes the size smaller. */
export async function warnAboutDestroy(
  session: ProviderContext,
  client: Client,
  state: PartialState,
  cores: number,
): Promise<void> {
  if (state.initialLoad === undefined || state.cores === undefined || cores >= state.cores) return;
  const seen = await session.pipes.read(() => Promise.resolve({ client, target: state }));
  if ("unread" in seen) return;
  const loading = selectPipes(seen.db, parseBurst(state.initialLoad)).filter(
    ({ state: pipeState, replicationMode }) => classifyLoad(pipeState, replicationMode) === "loading",
  );
  if (loading.length === 0) return;
  const names = loading.map(({ name, state: pipeState }) => `${name} (${pipeState})`).join(", ");
  await session
    .createProgress(state.__urn)
    .warn(
      `destroyed during the initial load of ${names}, which goes on with ${cores} cores instead of ${state.cores}`,
    );
}
