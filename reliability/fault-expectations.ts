import { ClickPipesError } from "../provider/errors";
import { getRemedy } from "../provider/remedies";
import type { FaultPoint, FaultTrial } from "./fault-world";

/** At these points a change of the size or of the service's state may be in progress, so a 409 is transient. */
const MAY_CONFLICT: readonly FaultPoint[] = ["change", "service", "wake"];

/** Whether the operation fails at once, because a retry can't help. */
export function isPermanent({ fault, point }: FaultTrial): boolean {
  return MAY_CONFLICT.includes(point) ? (fault.isPermanentForPatch ?? fault.isPermanent) : fault.isPermanent;
}

/** Whether the key can read the organization, and the API says, rightly or not, that the service or its last pipe is deleted. */
export function mayBeDeleted({ fault, point, operation, persistence }: FaultTrial): boolean {
  if (point.startsWith("deletion check")) return true;
  const isNoService = fault.name === "404" && persistence !== "once";
  return operation === "delete" && point === "service" && isNoService;
}

/** Whether the operation succeeds in spite of the fault. */
export function isExpectedToSucceed(trial: FaultTrial): boolean {
  const { fault, point, operation, persistence } = trial;
  // A refresh of an idle service keeps the state and warns.
  if (point === "first read" && operation === "read" && fault.name === "424") return true;
  if (fault.name === "404" && point === "deletion check's service") return true;
  if (point === "service" && mayBeDeleted(trial)) return true;
  // A create reads again before it concludes that the endpoint doesn't exist.
  const isNoEndpoint = /^40[04]/.test(fault.name);
  if (operation === "create" && point === "first read" && isNoEndpoint && persistence === "once") return true;
  if (isPermanent(trial)) return false;
  if (persistence !== "permanently" || fault.isHarmless) return true;
  const isChange = point === "change" || point === "wake";
  return isChange && (fault.patch === "applied" || fault.isApplied === true);
}

/** Whether the error says what was tried, what was observed, and what to do. */
export function isComplete(error: unknown): boolean {
  if (!(error instanceof ClickPipesError)) return false;
  const { operation, observed } = error.facts;
  return [operation, observed, getRemedy(error)].every((part) => part.length > 0);
}

/** Whether the message names the fault: the status with its request id, or that there was no usable response. */
export function hasFaultName({ fault }: FaultTrial, message: string, now: Date): boolean {
  const effect = fault.createEffect(now);
  const status = /^\d{3}/.exec(fault.name)?.[0];
  if (status === undefined)
    return /no (complete )?response|could not be read|unexpected body|HTTP 302/.test(message);
  const hasRequestId = "fault" in effect && !("body" in effect.fault) && status !== "429";
  return message.includes(status) && (!hasRequestId || /request ID [0-9a-f-]{36}/.test(message));
}
