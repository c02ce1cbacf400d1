import { type Burst, formatUtcTime } from "../../sizing";
import type { CheckedInputs, InputFailure } from "../state/inputs";

interface StartContext {
  readonly now: Date;
  readonly isNew: boolean;
  readonly olds: Partial<CheckedInputs>;
}

/**
 * Refuses a burst ahead of its pipe that has ended before it starts. It stays in a program after its end, so this only concerns a new
 * resource and a changed `endBy`.
 */
export function listPassedStart(
  { startAhead, endBy }: Burst,
  { now, isNew, olds }: StartContext,
): InputFailure[] {
  if (startAhead !== true || endBy === undefined || endBy > now) return [];
  const before = olds.initialLoad;
  const isUnchanged = before?.endBy !== undefined && new Date(before.endBy).getTime() === endBy.getTime();
  if (!isNew && isUnchanged && before.startAhead === true) return [];
  const reason = `must be ahead with \`startAhead\`, got ${formatUtcTime(endBy)}, which has passed`;
  return [{ property: "initialLoad.endBy", reason }];
}
