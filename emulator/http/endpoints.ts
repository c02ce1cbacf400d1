import { respondWithBadRequest, respondWith, respondWithError, type ApiResponse } from "./responses";
import type { Cloud, Organization, Service } from "../cloud/cloud";
import type { Pipe } from "../cloud/pipe";
import { serializeScaling, validateScaling } from "../cloud/scaling";
import { PIPE_KINDS, type PipeKind, type PipeSettings } from "../cloud/seed";

/** ClickHouse Cloud's endpoints as functions of the cloud; who may call them was settled before. */

export function listOrganizations(organization: Organization): ApiResponse {
  return respondWith([organizationBody(organization)]);
}

export function getOrganization(organization: Organization): ApiResponse {
  return respondWith(organizationBody(organization));
}

export function listServices(organization: Organization): ApiResponse {
  return respondWith([...organization.services.values()].map(serviceBody));
}

export function getService(service: Service): ApiResponse {
  return respondWith(serviceBody(service));
}

export function changeState(cloud: Cloud, service: Service, body: unknown): ApiResponse {
  const command = (body as { command?: unknown } | null)?.command;
  if (command === "awake" || command === "start") cloud.wake(service);
  else if (command === "stop") cloud.setServiceState(service.id, "stopped");
  else return respondWithBadRequest("command must be one of start, stop, awake");
  return respondWith(serviceBody(service));
}

export function listPipes(cloud: Cloud, service: Service): ApiResponse {
  return asleep(service) ?? respondWith(service.pipes.map((pipe) => pipeBody(cloud, service, pipe)));
}

/** Looks at no more of the body than what the pipe is called, what it reads and how. */
export function createPipe(cloud: Cloud, service: Service, body: unknown): ApiResponse {
  const { name, source } = (body ?? {}) as { name?: unknown; source?: Partial<Record<PipeKind, SourceBody>> };
  const kind = PIPE_KINDS.find((known) => source?.[known] != null);
  if (typeof name !== "string" || name === "") return respondWithBadRequest("name must be a text");
  if (kind === undefined) return respondWithBadRequest(`source must have one of ${PIPE_KINDS.join(", ")}`);
  const unready = asleep(service);
  if (unready !== undefined) return unready;
  const settings = source?.[kind]?.settings ?? {};
  const pipe = cloud.addPipe(service.id, {
    id: crypto.randomUUID(),
    name,
    kind,
    settings,
    snapshotMs: cloud.snapshotMs,
  });
  return respondWith(pipeBody(cloud, service, pipe));
}

interface SourceBody {
  readonly settings?: PipeSettings;
}

export function getPipe(cloud: Cloud, service: Service, pipeId: string): ApiResponse {
  return ofPipe(service, pipeId, (pipe) => respondWith(pipeBody(cloud, service, pipe)));
}

export function changePipeState(cloud: Cloud, service: Service, pipeId: string, body: unknown): ApiResponse {
  const command = (body as { command?: unknown } | null)?.command;
  const nowMs = cloud.clock.now();
  return ofPipe(service, pipeId, (pipe) => {
    if (command === "start") pipe.start(nowMs);
    else if (command === "stop") pipe.stop(nowMs);
    else if (command !== "resync") return respondWithBadRequest("command must be one of start, stop, resync");
    else if (!pipe.resync(nowMs))
      return respondWithBadRequest("Only Postgres and MySQL pipes can be resynced");
    return respondWith(pipeBody(cloud, service, pipe));
  });
}

export function deletePipe(cloud: Cloud, service: Service, pipeId: string): ApiResponse {
  return ofPipe(service, pipeId, () => {
    cloud.removePipe(service.id, pipeId);
    return respondWith(undefined);
  });
}

function ofPipe(service: Service, pipeId: string, answer: (pipe: Pipe) => ApiResponse): ApiResponse {
  const pipe = service.pipes.find(({ id }) => id === pipeId);
  return asleep(service) ?? (pipe === undefined ? respondWithError("notFound") : answer(pipe));
}

export function getScaling(cloud: Cloud, service: Service): ApiResponse {
  const sleeping = cloud.guesses.readWhileIdle === 424 ? asleep(service) : undefined;
  return (
    sleeping ?? beforeFirstPipe(cloud, service) ?? respondWith(serializeScaling(cloud.getCores(service.id)))
  );
}

export function patchScaling(cloud: Cloud, service: Service, body: unknown): ApiResponse {
  const unready = asleep(service) ?? beforeFirstPipe(cloud, service);
  if (unready !== undefined) return unready;
  const { guesses } = cloud;
  const fault = validateScaling(body, guesses.maxCores);
  if (fault !== undefined) return respondWithBadRequest(fault);
  const cores = (body as { replicaCpuMillicores: number }).replicaCpuMillicores / 1_000;
  const nowMs = cloud.clock.now();
  const isTaken = service.scaling.request(cores, nowMs, cloud.drawConvergenceMs(), guesses);
  if (!isTaken) return respondWithError("conflict");
  return respondWith(serializeScaling(guesses.patchAnswers === "new" ? cores : cloud.getCores(service.id)));
}

function asleep(service: Service): ApiResponse | undefined {
  return service.state === "running" ? undefined : respondWithError("notAwake", service.state);
}

function beforeFirstPipe(cloud: Cloud, service: Service): ApiResponse | undefined {
  if (service.hasDbPipe) return undefined;
  return cloud.guesses.statusBeforeFirstPipe === 404
    ? respondWithError("notFound")
    : respondWithBadRequest("No database ClickPipe was provisioned");
}

function organizationBody({ id, name }: Organization) {
  return { id, name };
}

function serviceBody({ id, name, state }: Service) {
  // The last two are all that the OpenAPI document requires of a service.
  return { id, name, state, autoscalingMode: "vertical", currentScaling: {} };
}

/** What the OpenAPI document requires of each kind of source. */
const SOURCES: Readonly<Record<PipeKind, object>> = {
  postgres: {},
  mysql: { host: "source.example", port: 3306, tableMappings: [] },
  mongodb: { uri: "mongodb://source.example", readPreference: "secondary" },
  bigquery: {},
  kafka: {},
};

function pipeBody(cloud: Cloud, service: Service, pipe: Pipe) {
  const { id, name, kind, replicationMode, settings } = pipe;
  const source =
    kind === "kafka" ? SOURCES.kafka : { ...SOURCES[kind], settings: { replicationMode, ...settings } };
  const state = pipe.getState(cloud.clock.now());
  const createdAt = new Date(pipe.createdAtMs).toISOString();
  return { id, serviceId: service.id, name, state, source: { [kind]: source }, createdAt };
}
