import { isDeepStrictEqual } from "node:util";
import { isSameSize, toSize } from "../../sizing";
import type { CheckedInputs } from "./inputs";
import { getObservedSize, type State } from "./stored-state";

/** Settings that an update writes to state without a request; `delete`, which gets the state alone, needs some of them. */
const SETTINGS = [
  "cores",
  "maxCores",
  "initialLoad",
  "steadyCores",
  "maxUsdPerHour",
  "coresAfterDestroy",
  "wakeService",
  "suppressAdvice",
] as const;

/** The inputs whose change means another setting in the cloud, not another value of this one. */
export function listReplaceKeys(state: State, news: CheckedInputs): string[] {
  const isOtherService = news.serviceId !== state.serviceId;
  const isOtherOrganization =
    news.organizationId !== undefined && news.organizationId !== state.organizationId;
  return [...(isOtherService ? ["serviceId"] : []), ...(isOtherOrganization ? ["organizationId"] : [])];
}

/** Whether the program asks for something else than it did. */
export function haveInputsChanged(state: State, news: CheckedInputs): boolean {
  const wasOrganizationDeclared = state.__organizationFrom === "argument";
  return (
    SETTINGS.some((setting) => !isDeepStrictEqual(news[setting], state[setting])) ||
    wasOrganizationDeclared !== (news.organizationId !== undefined)
  );
}

/** Whether the service has, or may soon have, another size than the program asks for. */
export function hasDrifted(state: State, news: CheckedInputs): boolean {
  const isOnItsWayElsewhere = state.pendingCores !== undefined && state.pendingCores !== news.cores;
  return isOnItsWayElsewhere || !isSameSize(getObservedSize(state), toSize(news.cores));
}

/** Whether an update only writes settings: the service is, as far as is known, at the declared size. */
export function isSettingsOnly(state: State, news: CheckedInputs): boolean {
  return state.pendingCores === undefined && !hasDrifted(state, news);
}
