import { costOf, loadOf, usdText } from "../../sizing";
import type { Progress } from "../progress";
import type { CheckedInputs, Decided } from "../inputs";
import type { Situation } from "./advice";
import type { Note } from "./preview-notes";

export type DecidedInputs = Pick<CheckedInputs, "cores"> & Decided;

/** Warns of a burst that nothing known will end, and of one that stays because the pipes could not be read. */
export async function warnOfBurst(
  progress: Progress,
  { cores, steadyCores = cores, phase, phaseReason }: DecidedInputs,
  { burst, chosen = [], unitPrice }: Situation,
): Promise<void> {
  if (cores <= steadyCores) return;
  const ends = chosen.some(({ state, replicationMode }) => loadOf(state, replicationMode) === "load");
  const month = `${usdText(costOf(cores, unitPrice).usdPerMonth)} a month`;
  if (!ends && burst?.endBy === undefined) {
    await progress.warn(
      `${cores} cores stay, and nothing that is known ends them, at ${month}: ${phaseReason}. Set initialLoad.endBy, or take ` +
        "initialLoad out of the program once the load is over",
    );
  } else if (phase === "unknown") {
    await progress.warn(`${cores} cores stay, at ${month}: ${phaseReason}`);
  }
}

/** Says where a decision is not the one that a preview has just shown. */
export async function sayWhatChanged(
  progress: Progress,
  shown: Note | undefined,
  { phase, cores, phaseReason }: DecidedInputs,
): Promise<void> {
  if (shown === undefined || (shown.phase === phase && shown.cores === cores)) return;
  const text = `phase ${phase} with ${cores} cores; shown at ${shown.shownAt} was ${shown.phase} with ${shown.cores}: ${phaseReason}`;
  await (shown.cores === cores ? progress.info(text) : progress.warn(text));
}
