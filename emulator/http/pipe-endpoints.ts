import type { Cloud } from "../cloud/cloud";
import type { Pipe } from "../cloud/pipe";
import { PIPE_KINDS, type PipeKind, type PipeSettings } from "../cloud/seed";
import type { Service } from "../cloud/service";
import { checkAwake } from "./check-awake";
import { type ApiResponse, respondWith, respondWithBadRequest, respondWithError } from "./responses";

interface CreatePipeBody {
  readonly name?: unknown;
  readonly source?: Partial<Record<PipeKind, { readonly settings?: PipeSettings }>>;
}

export function listPipes(cloud: Cloud, service: Service): ApiResponse {
  return checkAwake(service) ?? respondWith(service.pipes.map((pipe) => serializePipe(cloud, service, pipe)));
}

/** Creates a pipe. Reads only the name, the kind of source and its settings from the body. */
export function createPipe(cloud: Cloud, service: Service, body: unknown): ApiResponse {
  const { name, source } = (body ?? {}) as CreatePipeBody;
  const kind = PIPE_KINDS.find((known) => source?.[known] != null);
  if (typeof name !== "string" || name === "")
    return respondWithBadRequest("name must be a non-empty string");
  if (kind === undefined) return respondWithBadRequest(`source must have one of ${PIPE_KINDS.join(", ")}`);
  const notAwake = checkAwake(service);
  if (notAwake !== undefined) return notAwake;
  const pipe = cloud.addPipe(service.id, {
    id: crypto.randomUUID(),
    name,
    kind,
    settings: source?.[kind]?.settings ?? {},
    snapshotMs: cloud.pipeDurations.snapshotMs,
  });
  return respondWith(serializePipe(cloud, service, pipe));
}

export function getPipe(cloud: Cloud, service: Service, pipeId: string): ApiResponse {
  return withPipe(service, pipeId, (pipe) => respondWith(serializePipe(cloud, service, pipe)));
}

export function changePipeState(
  cloud: Cloud,
  service: Service,
  { pipeId, body }: { readonly pipeId: string; readonly body: unknown },
): ApiResponse {
  const command = (body as { command?: unknown } | null)?.command;
  const nowMs = cloud.clock.now();
  return withPipe(service, pipeId, (pipe) => {
    if (command === "start") pipe.start(nowMs);
    else if (command === "stop") pipe.stop(nowMs);
    else if (command !== "resync") return respondWithBadRequest("command must be one of start, stop, resync");
    else if (!pipe.resync(nowMs))
      return respondWithBadRequest("Only Postgres and MySQL pipes can be resynced");
    return respondWith(serializePipe(cloud, service, pipe));
  });
}

export function deletePipe(cloud: Cloud, service: Service, pipeId: string): ApiResponse {
  return withPipe(service, pipeId, () => {
    cloud.removePipe(service.id, pipeId);
    return respondWith(undefined);
  });
}

function withPipe(service: Service, pipeId: string, handle: (pipe: Pipe) => ApiResponse): ApiResponse {
  const pipe = service.pipes.find(({ id }) => id === pipeId);
  return checkAwake(service) ?? (pipe === undefined ? respondWithError("notFound") : handle(pipe));
}

/** The fields that the OpenAPI document requires of each kind of source. */
const REQUIRED_SOURCE_FIELDS: Readonly<Record<PipeKind, object>> = {
  postgres: {},
  mysql: { host: "source.example", port: 3306, tableMappings: [] },
  mongodb: { uri: "mongodb://source.example", readPreference: "secondary" },
  bigquery: {},
  kafka: {},
};

function serializePipe(cloud: Cloud, service: Service, pipe: Pipe) {
  const { id, name, kind, replicationMode, settings } = pipe;
  const required = REQUIRED_SOURCE_FIELDS[kind];
  const source = kind === "kafka" ? required : { ...required, settings: { replicationMode, ...settings } };
  const state = pipe.getState(cloud.clock.now());
  const createdAt = new Date(pipe.createdAtMs).toISOString();
  return { id, serviceId: service.id, name, state, source: { [kind]: source }, createdAt };
}
