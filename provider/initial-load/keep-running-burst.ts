import { selectPipes, toCores, classifyLoad } from "../../sizing";
import type { ServiceRef } from "../cloud/client";
import { PipesUnreadableError } from "../errors";
import type { CheckedInputs } from "../state/inputs";
import { readUntilKnown, type ScalingReader } from "../scale/scaling-reader";
import type { Operation } from "../operation/operation";
import { parseBurst } from "../state/burst-args";
import { classifyPipes } from "../cloud/pipes";

interface BurstCheck {
  readonly operation: Operation;
  readonly reader: ScalingReader;
  readonly target: ServiceRef;
  readonly inputs: CheckedInputs;
}

/**
 * If check could not read the pipes, a create has the steady size. If the service already has the size of the burst, for example after a
 * rename, that could shrink a running load. So this reads the pipes again, with retries, and fails before anything is changed if one may
 * still be loading.
 */
export async function keepRunningBurst({ operation, reader, target, inputs }: BurstCheck): Promise<void> {
  const { initialLoad, currentCores: cores, phase } = inputs;
  if (initialLoad === undefined || phase !== "unknown" || cores >= initialLoad.cores) return;
  const found = toCores(await readUntilKnown(reader, operation));
  if (found !== initialLoad.cores) return;
  const pipes = await operation.retry(() => operation.client.listClickPipes(target, operation));
  const loading = selectPipes(classifyPipes(pipes).db, parseBurst(initialLoad)).filter(
    ({ state, replicationMode }) => classifyLoad(state, replicationMode) !== "done",
  );
  if (loading.length === 0) return;
  const names = loading.map(({ name, state }) => `${name} (${state})`).join(", ");
  throw new PipesUnreadableError({
    operation: `scaling service ${target.serviceId} from ${found} to ${cores} cores`,
    observed: `the service has the size for its initial load, the pipes could not be read before, and ${names} may still be loading`,
  });
}
