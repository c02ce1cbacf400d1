import type { ProviderContext } from "../operation/context";
import type { State } from "../state/stored-state";
import { describeLostLoad } from "./fragile-loads";

/** Names each pipe that failed after a resize during its initial load, if this run has read the pipes. */
export async function warnAboutLostLoads(context: ProviderContext, urn: string, state: State): Promise<void> {
  const pipes = context.run.getPipes(state.serviceId) ?? [];
  for (const { id, at } of state.__resizedLoads ?? []) {
    const failed = pipes.find((pipe) => pipe.id === id && pipe.state === "Failed");
    if (failed !== undefined)
      await context.createProgress(urn).warn(describeLostLoad(failed.name, new Date(at)));
  }
}
