import { type Burst, selectFragile, selectPipes, classifyLoad } from "../../../sizing";
import { type DbClickPipe, WARNING_TURN_TIMEOUT_MS } from "../../cloud/pipes";
import type { Client } from "../../cloud/client";
import type { ProviderContext } from "../../operation/context";
import type { PartialState } from "../../state/stored-state";
import { parseBurst } from "../../state/burst-args";
import { describeFragileLoads } from "./fragile-loads";

interface DestroyWarning {
  readonly context: ProviderContext;
  readonly urn: string;
  readonly client: Client;
  readonly state: PartialState;
  /** The cores that the destroy leaves. */
  readonly cores: number;
}

/** Names the pipes that are in their initial load if a destroy changes the size: they get slower, or may lose their load. */
export async function warnAboutDestroy({
  context,
  urn,
  client,
  state,
  cores,
}: DestroyWarning): Promise<void> {
  const { initialLoad, currentCores } = state;
  if (currentCores === undefined || cores >= currentCores) return;
  const resolve = () => Promise.resolve({ client, target: state });
  const reading = await context.pipes.read(resolve, { turnTimeoutMs: WARNING_TURN_TIMEOUT_MS });
  if ("unread" in reading) return;
  context.run.rememberPipes(state.serviceId, reading.db);
  const progress = context.createProgress(urn);
  const loading = initialLoad === undefined ? [] : selectLoading(reading.db, parseBurst(initialLoad));
  if (loading.length > 0) {
    const names = loading.map(({ name, state: pipeState }) => `${name} (${pipeState})`).join(", ");
    await progress.warn(
      `destroyed during the initial load of ${names}, which continues with ${cores} cores instead of ${currentCores}`,
    );
  }
  const fragile = selectFragile(reading.db);
  if (fragile.length > 0 && state.suppressAdvice?.includes("resizeDuringLoad") !== true)
    await progress.warn(describeFragileLoads(fragile));
}

function selectLoading(pipes: readonly DbClickPipe[], burst: Burst): DbClickPipe[] {
  return selectPipes(pipes, burst).filter(
    ({ state, replicationMode }) => classifyLoad(state, replicationMode) === "loading",
  );
}
