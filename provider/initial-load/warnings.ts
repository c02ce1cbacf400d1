import { computeCost, classifyLoad, formatUsd } from "../../sizing";
import type { Progress } from "../operation/progress";
import type { CheckedInputs, InitialLoadDecision } from "../state/inputs";
import type { AdviceContext } from "./advice";

export type DecidedInputs = Pick<CheckedInputs, "cores"> & InitialLoadDecision;

/** Warns of a burst that nothing known will end, and of one that stays because the pipes could not be read. */
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
      `${cores} cores stay, and nothing that is known ends them, at ${month}: ${phaseReason}. Set initialLoad.endBy, or take ` +
        "initialLoad out of the program once the load is over",
    );
  } else if (phase === "unknown") {
    await progress.warn(`${cores} cores stay, at ${month}: ${phaseReason}`);
  }
}
