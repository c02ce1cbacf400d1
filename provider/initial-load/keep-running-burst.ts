import { chosenOf, coresOf, loadOf } from "../../sizing";
import type { Target } from "../cloud/client";
import { UndecidedError } from "../errors";
import type { CheckedInputs } from "../state/inputs";
import { firstSize, Look, type Patience } from "../scale/scaling-reader";
import type { Operation } from "../operation/operation";
import { burstOf } from "../state/burst-args";
import { seenIn } from "../cloud/pipes";

/**
 * A create whose check could not read the pipes is for the steady size. Where the service has the burst's already, as after a
 * rename, that would shrink a load out of ignorance: the pipes are asked for once more, with patience, and the create fails
 * before it changes anything, unless they are over.
 */
export async function keepFoundBurst(
  operation: Operation,
  target: Target,
  { initialLoad, cores, phase }: CheckedInputs,
  patience: Patience,
): Promise<void> {
  if (initialLoad === undefined || phase !== "unknown" || cores >= initialLoad.cores) return;
  const found = coresOf(await firstSize(new Look(operation, target, patience), operation));
  if (found !== initialLoad.cores) return;
  const pipes = await operation.retrying(() => operation.client.listClickPipes(target, operation));
  const loading = chosenOf(seenIn(pipes).db, burstOf(initialLoad)).filter(
    ({ state, replicationMode }) => loadOf(state, replicationMode) !== "over",
  );
  if (loading.length === 0) return;
  const names = loading.map(({ name, state }) => `${name} (${state})`).join(", ");
  throw new UndecidedError({
    asked: `bring service ${target.serviceId} to ${cores} cores, since its pipes could not be read beforehand`,
    seen: `it has the ${found} cores of its initial load, and ${names} may not be over`,
    next: "Nothing was changed: run `pulumi up` again, which looks at the pipes anew",
  });
}
