import type { Cloud } from "../cloud/cloud";
import type { Service } from "../cloud/service";
import { checkAwake } from "./check-awake";
import { type ApiResponse, respondWith, respondWithBadRequest, respondWithError } from "./responses";
import { parseCores, serializeScaling, validateScaling } from "./scaling-body";

export function getScaling(cloud: Cloud, service: Service): ApiResponse {
  const notAwake = cloud.guesses.readWhileIdle === 424 ? checkAwake(service) : undefined;
  return (
    notAwake ?? checkHasDbPipe(cloud, service) ?? respondWith(serializeScaling(cloud.getCores(service.id)))
  );
}

export function patchScaling(cloud: Cloud, service: Service, body: unknown): ApiResponse {
  const notReady = checkAwake(service) ?? checkHasDbPipe(cloud, service);
  if (notReady !== undefined) return notReady;
  const { guesses } = cloud;
  const error = validateScaling(body, guesses.maxCores);
  if (error !== undefined) return respondWithBadRequest(error);
  const cores = parseCores(body);
  const isAccepted = service.scaling.request(cores, cloud.clock.now(), cloud.drawConvergenceMs(), guesses);
  if (!isAccepted) return respondWithError("conflict");
  return respondWith(serializeScaling(guesses.patchAnswers === "new" ? cores : cloud.getCores(service.id)));
}

/** Returns the error for a service without a database pipe. Undefined if it has one. */
function checkHasDbPipe(cloud: Cloud, service: Service): ApiResponse | undefined {
  if (service.hasDbPipe) return undefined;
  return cloud.guesses.statusBeforeFirstPipe === 404
    ? respondWithError("notFound")
    : respondWithBadRequest("No database ClickPipe was provisioned");
}
