import { computeCost, classifyLoad, formatUsd } from "../../sizing";
import type { Progress } from "../operation/progress";
import type { CheckedInputs, InitialLoadDecision } from "../state/inputs";
import type { AdviceContext } from "./advice";

export type DecidedInputs = Pick<CheckedInputs, "cores"> & InitialLoadDecision;

/** Warns about a burst that nothing known will end, and about one that stays because the pipes could not be read. */
export async function warnAboutBurst(
  progress: Progress,
  { cores, steadyCores = cores, phase, phaseReason }: DecidedInputs,
  { burst, chosen = [], unitPrice }: AdviceContext,
): Promise<void> {
  if (cores <= steadyCores) return;
  const ends = chosen.some(
    ({ state, replicationMode }) => classifyLoad(state, replicationMode) === "loading",
  );
  const month = `${formatUsd(computeCost(cores, unitPrice).usdPerMonth)} a month`;
  if (!ends && burst?.endBy === undefined) {
    await progress.warn(
      `nothing is known to end the burst of ${cores} cores, at ${month}: ${phaseReason}. Set initialLoad.endBy, or remove ` +
        "initialLoad from the program when the load is done",
    );
  } else if (phase === "unknown") {
    await progress.warn(`the burst of ${cores} cores stays active, at ${month}: ${phaseReason}`);
  }
}
