import type { Cloud } from "../cloud/cloud";
import type { Organization } from "../cloud/organization";
import type { Service } from "../cloud/service";
import { type ApiResponse, respondWith, respondWithBadRequest } from "./responses";

export function listOrganizations(organization: Organization): ApiResponse {
  return respondWith([serializeOrganization(organization)]);
}

export function getOrganization(organization: Organization): ApiResponse {
  return respondWith(serializeOrganization(organization));
}

export function listServices(organization: Organization): ApiResponse {
  return respondWith([...organization.services.values()].map(serializeService));
}

export function getService(service: Service): ApiResponse {
  return respondWith(serializeService(service));
}

export function changeState(cloud: Cloud, service: Service, body: unknown): ApiResponse {
  const command = (body as { command?: unknown } | null)?.command;
  if (command === "awake" || command === "start") cloud.wake(service);
  else if (command === "stop") cloud.setServiceState(service.id, "stopped");
  else return respondWithBadRequest("command must be one of start, stop, awake");
  return respondWith(serializeService(service));
}

function serializeOrganization({ id, name }: Organization) {
  return { id, name };
}

function serializeService({ id, name, state }: Service) {
  // The OpenAPI document requires only the last two.
  return { id, name, state, autoscalingMode: "vertical", currentScaling: {} };
}
