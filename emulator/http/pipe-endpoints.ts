import type { Cloud } from "../cloud/cloud";
import type { Pipe } from "../cloud/pipe";
import { PIPE_KINDS, type PipeKind, type PipeSettings } from "../cloud/seed";
import type { Service } from "../cloud/service";
import { checkAwake } from "./check-awake";
import { changeDefinition, parseDefinition, serializeDefinition } from "./pipe-definition";
import { type ApiResponse, respondWith, respondWithBadRequest, respondWithError } from "./responses";

interface PipeBody {
  readonly name?: unknown;
  readonly source?: Partial<Record<PipeKind, { readonly settings?: PipeSettings }>>;
}

export function listPipes(cloud: Cloud, service: Service): ApiResponse {
  return checkAwake(service) ?? respondWith(service.pipes.map((pipe) => serializePipe(cloud, service, pipe)));
}

/** Creates a pipe. The kind of source and its settings determine the initial load; the rest of the body is only repeated. */
export function createPipe(cloud: Cloud, service: Service, body: unknown): ApiResponse {
  const { name, source } = (body ?? {}) as PipeBody;
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
  pipe.definition = parseDefinition(kind, { ...(body as object) });
  return respondWith(serializePipe(cloud, service, pipe));
}

export function getPipe(cloud: Cloud, service: Service, pipeId: string): ApiResponse {
  return withPipe(service, pipeId, (pipe) => respondWith(serializePipe(cloud, service, pipe)));
}

/** Changes the name and what responses repeat. The state stays: how long a real pipe is in Modifying is not documented. */
export function patchPipe(
  cloud: Cloud,
  service: Service,
  { pipeId, body }: { readonly pipeId: string; readonly body: unknown },
): ApiResponse {
  return withPipe(service, pipeId, (pipe) => {
    if (typeof body !== "object" || body === null) return respondWithBadRequest("The body must be an object");
    const { name, source } = body as PipeBody;
    if (name != null && (typeof name !== "string" || name === ""))
      return respondWithBadRequest("name must be a non-empty string");
    const other = PIPE_KINDS.find((kind) => kind !== pipe.kind && source?.[kind] != null);
    if (other !== undefined)
      return respondWithBadRequest(`A ${pipe.kind} pipe can't get a source of kind ${other}`);
    pipe.name = name ?? pipe.name;
    pipe.definition = changeDefinition(pipe, { ...body });
    return respondWith(serializePipe(cloud, service, pipe));
  });
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

function serializePipe(cloud: Cloud, service: Service, pipe: Pipe) {
  const { id, name } = pipe;
  const state = pipe.getState(cloud.clock.now());
  const createdAt = new Date(pipe.createdAtMs).toISOString();
  return { id, serviceId: service.id, name, state, ...serializeDefinition(pipe), createdAt };
}
