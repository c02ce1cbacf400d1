import { computeCost, classifyLoad, type Decision, formatUsd } from "../../sizing";
import type { Progress } from "../operation/progress";
import type { CheckedInputs, PreviewInputs } from "../state/inputs";
import { isUnknown, type Unknown } from "../state/unknown";
import type { AdviceContext } from "./advice";

const FIRST_PIPE =
  "the service has no database ClickPipe, and without one it has no size to set ahead: the first pipe starts to load before the resize. " +
  "Create a pipe of one small table first, or the pipe side by side with this resource";

/** Warns about a burst that nothing known will end, and about one that stays because the pipes could not be read. */
export async function warnAboutBurst(
  progress: Progress,
  decision: Decision,
  { burst, steadyCores, isNew, pipes, chosen = [], unitPrice }: AdviceContext,
): Promise<void> {
  const { cores, phase, reason, pipeStates, heldSince, isTooLate = false } = decision;
  if (cores <= steadyCores) return;
  if (isTooLate) await progress.warn(`startAhead is too late to be ahead: ${reason}`);
  if (isNew && phase === "prepared" && pipes?.length === 0) await progress.warn(FIRST_PIPE);
  const ends = chosen.some(
    ({ state, replicationMode }) => classifyLoad(state, replicationMode) === "loading",
  );
  const because = pipeStates === undefined ? reason : `${reason} (${pipeStates})`;
  const month = `${formatUsd(computeCost(cores, unitPrice).usdPerMonth)} a month`;
  if (!ends && burst?.endBy === undefined) {
    await progress.warn(
      `nothing is known to end the burst of ${cores} cores, at ${month}: ${because}. Set initialLoad.endBy, or remove ` +
        "initialLoad from the program when the load is done",
    );
  } else if (phase === "unknown" || heldSince !== undefined) {
    await progress.warn(`the burst of ${cores} cores stays active, at ${month}: ${because}`);
  }
}

interface KeptBurst {
  /** What `ignoreChanges` keeps of the answers of an earlier check. */
  readonly kept: Partial<CheckedInputs>;
  readonly declared: Pick<PreviewInputs, "cores">;
  /** The size that would be in force without `ignoreChanges`. */
  readonly currentCores: number | Unknown;
  readonly unitPrice: number | undefined;
}

/** Warns if `ignoreChanges` keeps a burst that would end now. */
export async function warnAboutKeptBurst(
  progress: Progress,
  { kept, declared, currentCores, unitPrice }: KeptBurst,
): Promise<void> {
  const { currentCores: keptCores } = kept;
  if (keptCores === undefined || isUnknown(declared.cores) || isUnknown(currentCores)) return;
  if (keptCores <= declared.cores || currentCores >= keptCores) return;
  const month = `${formatUsd(computeCost(keptCores, unitPrice).usdPerMonth)} a month`;
  await progress.warn(
    `ignoreChanges keeps ${keptCores} cores, at ${month}, although the program declares ${currentCores} now. ` +
      "List the arguments to ignore instead of a wildcard",
  );
}
