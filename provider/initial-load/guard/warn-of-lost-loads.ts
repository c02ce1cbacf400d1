import type { DbClickPipe } from "../../cloud/pipes";
import { SettingsError } from "../../errors";
import type { ProviderContext } from "../../operation/context";
import type { ResizedLoad } from "../../state/resized-load";
import type { State } from "../../state/stored-state";
import { describeLostLoad, describeRestartedLoad } from "./fragile-loads";
import { readLoadedBytes } from "./loaded-bytes";

/**
 * Names each pipe that failed, or began its load anew, after a resize during its initial load. Does nothing if this run has not read the
 * pipes.
 */
export async function warnAboutLostLoads(context: ProviderContext, urn: string, state: State): Promise<void> {
  const loads = state.__resizedLoads ?? [];
  const pipes = context.run.getPipes(state.serviceId);
  if (loads.length === 0 || pipes === undefined) return;
  const progress = context.createProgress(urn);
  for (const { id, at } of loads) {
    const failed = pipes.find((pipe) => pipe.id === id && pipe.state === "Failed");
    if (failed !== undefined) await progress.warn(describeLostLoad(failed.name, new Date(at)));
  }
  for (const { load, bytes } of await findRestarted(context, state, { loads, pipes }))
    await progress.warn(describeRestartedLoad(load, bytes));
}

/** A counter that falls means that the load began anew. One that has grown past the old value since doesn't show it. */
async function findRestarted(
  context: ProviderContext,
  target: State,
  { loads, pipes }: { readonly loads: readonly ResizedLoad[]; readonly pipes: readonly DbClickPipe[] },
): Promise<{ readonly load: ResizedLoad; readonly bytes: number }[]> {
  const counted = loads.filter(
    ({ id, loadedBytes }) =>
      loadedBytes !== undefined && pipes.some((pipe) => pipe.id === id && pipe.state === "Snapshot"),
  );
  if (counted.length === 0) return [];
  const bytes = await readNow(context, target);
  return counted.flatMap((load) => {
    const now = bytes?.get(load.id);
    return now !== undefined && now < (load.loadedBytes ?? 0) ? [{ load, bytes: now }] : [];
  });
}

async function readNow(
  context: ProviderContext,
  target: State,
): Promise<ReadonlyMap<string, number> | undefined> {
  try {
    const client = context.getClient(`reading the metrics of service ${target.serviceId}`);
    return await readLoadedBytes(context, client, target);
  } catch (error) {
    // A preview works without a key.
    if (error instanceof SettingsError) return undefined;
    throw error;
  }
}
