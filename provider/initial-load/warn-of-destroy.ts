import { selectPipes, classifyLoad } from "../../sizing";
import type { Client } from "../cloud/client";
import type { ProviderContext } from "../operation/context";
import type { PartialState } from "../state/stored-state";
import { parseBurst } from "../state/burst-args";

interface DestroyWarning {
  readonly context: ProviderContext;
  readonly urn: string;
  readonly client: Client;
  readonly state: PartialState;
  /** The cores that the destroy leaves. */
  readonly cores: number;
}

/** Names the pipes that are in their initial load if a destroy makes the size smaller. */
export async function warnAboutDestroy({
  context,
  urn,
  client,
  state,
  cores,
}: DestroyWarning): Promise<void> {
  const { initialLoad, currentCores } = state;
  if (initialLoad === undefined || currentCores === undefined || cores >= currentCores) return;
  const reading = await context.pipes.read(() => Promise.resolve({ client, target: state }));
  if ("unread" in reading) return;
  const loading = selectPipes(reading.db, parseBurst(initialLoad)).filter(
    ({ state: pipeState, replicationMode }) => classifyLoad(pipeState, replicationMode) === "loading",
  );
  if (loading.length === 0) return;
  const names = loading.map(({ name, state: pipeState }) => `${name} (${pipeState})`).join(", ");
  await context
    .createProgress(urn)
    .warn(
      `destroyed during the initial load of ${names}, which continues with ${cores} cores instead of ${currentCores}`,
    );
}
