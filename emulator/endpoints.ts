import { badRequest, ok, refuse, type Reply } from "./answers";
import type { Cloud, Organization, Service } from "./cloud";
import type { Pipe } from "./pipe";
import { scalingBody, scalingFault } from "./scaling";
import { PIPE_KINDS, type PipeKind, type PipeSettings } from "./seed";

/** ClickHouse Cloud's endpoints as functions of the cloud; who may call them was settled before. */

export function listOrganizations(organization: Organization): Reply {
  return ok([organizationBody(organization)]);
}

export function getOrganization(organization: Organization): Reply {
  return ok(organizationBody(organization));
}

export function listServices(organization: Organization): Reply {
  return ok([...organization.services.values()].map(serviceBody));
}

export function getService(service: Service): Reply {
  return ok(serviceBody(service));
}

export function changeState(cloud: Cloud, service: Service, body: unknown): Reply {
  const command = (body as { command?: unknown } | null)?.command;
  if (command === "awake" || command === "start") cloud.wake(service);
  else if (command === "stop") cloud.setServiceState(service.id, "stopped");
  else return badRequest("command must be one of start, stop, awake");
  return ok(serviceBody(service));
}

export function listPipes(cloud: Cloud, service: Service): Reply {
  return asleep(service) ?? ok(service.pipes.map((pipe) => pipeBody(cloud, service, pipe)));
}

/** Looks at no more of the body than what the pipe is called, what it reads and how. */
export function createPipe(cloud: Cloud, service: Service, body: unknown): Reply {
  const { name, source } = (body ?? {}) as { name?: unknown; source?: Partial<Record<PipeKind, SourceBody>> };
  const kind = PIPE_KINDS.find((known) => source?.[known] != null);
  if (typeof name !== "string" || name === "") return badRequest("name must be a text");
  if (kind === undefined) return badRequest(`source must have one of ${PIPE_KINDS.join(", ")}`);
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
  return ok(pipeBody(cloud, service, pipe));
}

interface SourceBody {
  readonly settings?: PipeSettings;
}

export function getPipe(cloud: Cloud, service: Service, pipeId: string): Reply {
  return ofPipe(service, pipeId, (pipe) => ok(pipeBody(cloud, service, pipe)));
}

export function changePipeState(cloud: Cloud, service: Service, pipeId: string, body: unknown): Reply {
  const command = (body as { command?: unknown } | null)?.command;
  const nowMs = cloud.clock.now();
  return ofPipe(service, pipeId, (pipe) => {
    if (command === "start") pipe.start(nowMs);
    else if (command === "stop") pipe.stop(nowMs);
    else if (command !== "resync") return badRequest("command must be one of start, stop, resync");
    else if (!pipe.resync(nowMs)) return badRequest("Only Postgres and MySQL pipes can be resynced");
    return ok(pipeBody(cloud, service, pipe));
  });
}

export function deletePipe(cloud: Cloud, service: Service, pipeId: string): Reply {
  return ofPipe(service, pipeId, () => {
    cloud.removePipe(service.id, pipeId);
    return ok(undefined);
  });
}

function ofPipe(service: Service, pipeId: string, answer: (pipe: Pipe) => Reply): Reply {
  const pipe = service.pipes.find(({ id }) => id === pipeId);
  return asleep(service) ?? (pipe === undefined ? refuse("notFound") : answer(pipe));
}

export function getScaling(cloud: Cloud, service: Service): Reply {
  const sleeping = cloud.guesses.readWhileIdle === 424 ? asleep(service) : undefined;
  return sleeping ?? beforeFirstPipe(cloud, service) ?? ok(scalingBody(cloud.coresOf(service.id)));
}

export function patchScaling(cloud: Cloud, service: Service, body: unknown): Reply {
  const unready = asleep(service) ?? beforeFirstPipe(cloud, service);
  if (unready !== undefined) return unready;
  const { guesses } = cloud;
  const fault = scalingFault(body, guesses.maxCores);
  if (fault !== undefined) return badRequest(fault);
  const cores = (body as { replicaCpuMillicores: number }).replicaCpuMillicores / 1_000;
  const nowMs = cloud.clock.now();
  const isTaken = service.scaling.ask(cores, nowMs, cloud.drawConvergenceMs(), guesses);
  if (!isTaken) return refuse("conflict");
  return ok(scalingBody(guesses.patchAnswers === "new" ? cores : cloud.coresOf(service.id)));
}

function asleep(service: Service): Reply | undefined {
  return service.state === "running" ? undefined : refuse("notAwake", service.state);
}

function beforeFirstPipe(cloud: Cloud, service: Service): Reply | undefined {
  if (service.hasDbPipe) return undefined;
  return cloud.guesses.statusBeforeFirstPipe === 404
    ? refuse("notFound")
    : badRequest("No database ClickPipe was provisioned");
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
  const state = pipe.stateAt(cloud.clock.now());
  const createdAt = new Date(pipe.createdAtMs).toISOString();
  return { id, serviceId: service.id, name, state, source: { [kind]: source }, createdAt };
}
