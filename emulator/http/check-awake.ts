import type { Service } from "../cloud/service";
import { type ApiResponse, respondWithError } from "./responses";

/** Returns the error for a service that is not running. Undefined if it runs. */
export function checkAwake(service: Service): ApiResponse | undefined {
  return service.state === "running" ? undefined : respondWithError("notAwake", { detail: service.state });
}
