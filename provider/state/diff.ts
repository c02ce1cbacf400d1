import { isDeepStrictEqual } from "node:util";
import { isSameSize, toSize } from "../../sizing";
import type { CheckedInputs } from "./inputs";
import { getObservedSize, type State } from "./stored-state";

/** Settings that an update only writes to the state. `delete`, which gets nothing but the state, needs some of them. */
const SETTINGS = [
  "cores",
  "maxCores",
  "initialLoad",
  "maxUsdPerHour",
  "coresAfterDestroy",
  "wakeService",
  "suppressAdvice",
] as const;

/** The changed inputs that need a replacement, because they mean another setting in the cloud. */
export function listReplaceKeys(state: State, news: CheckedInputs): string[] {
  const isOtherService = news.serviceId !== state.serviceId;
  const isOtherOrganization =
    news.organizationId !== undefined && news.organizationId !== state.organizationId;
  return [...(isOtherService ? ["serviceId"] : []), ...(isOtherOrganization ? ["organizationId"] : [])];
}

/** Whether the program declares something else than before. */
export function haveInputsChanged(state: State, news: CheckedInputs): boolean {
  const wasOrganizationDeclared = state.__organizationFrom === "argument";
  return (
    SETTINGS.some((setting) => !isDeepStrictEqual(news[setting], state[setting])) ||
    wasOrganizationDeclared !== (news.organizationId !== undefined)
  );
}

/** Whether the service has, or may soon have, another size than the one that should be in force. */
export function hasDrifted(state: State, { currentCores }: CheckedInputs): boolean {
  const hasOtherPendingSize = state.pendingCores !== undefined && state.pendingCores !== currentCores;
  return hasOtherPendingSize || !isSameSize(getObservedSize(state), toSize(currentCores));
}

/** Whether an update only writes settings, because the service is known to have the declared size. */
export function isSettingsOnly(state: State, news: CheckedInputs): boolean {
  return state.pendingCores === undefined && !hasDrifted(state, news);
}
