import type { ServiceRef } from "../cloud/client";
import { ClientCache, type CreateTransport } from "../cloud/client-cache";
import { type ClickPipe, getDbSettings, type DbSettings, getDbSource, type Scaling } from "../cloud/schemas";
import { Priority } from "../cloud/rate-limit/limiter";
import { explainMissingEndpoint } from "../cloud/endpoint-absence";
import { Settings } from "../cloud/settings";
import { type StackConfig, StackSettings } from "../cloud/stack-settings";
import { EndpointNotFoundError, hasStatus } from "../errors";
import { OrganizationResolver } from "../cloud/organizations";
import type { Clock } from "../wait/clock";
import { toCores, computeCost, classifyLoad } from "../../sizing/index";
import { parseServiceIds } from "./service-ids";
import { ReadCall, type ShowStatus } from "./read-call";
import type { GetCdcScalingResult } from "./results";
import type { DbClickPipe, GetDbClickPipesResult } from "./results";
import type { ServiceArgs } from "./arguments";

/** The config of the program, and where a call shows its status. */
export interface InvokeContext {
  readonly config: StackConfig;
  readonly showStatus: ShowStatus;
}

/** Answers the functions for programs. All calls of a process share one instance, because they share the rate limit of each key. */
export class ServiceQueries {
  private readonly clients: ClientCache;
  private readonly organizations = new OrganizationResolver();

  constructor(
    private readonly clock: Clock,
    transportOf?: CreateTransport,
  ) {
    this.clients = new ClientCache(clock, transportOf);
  }

  scaling(args: ServiceArgs, context: InvokeContext): Promise<GetCdcScalingResult> {
    return this.call("getCdcScaling", args, context, async (target, call, unitPrice) => {
      const size = await readSize(target, call);
      const cores = toCores(size);
      return { ...target, cores, ...size, ...computeCost(cores, unitPrice) };
    });
  }

  dbClickPipes(args: ServiceArgs, context: InvokeContext): Promise<GetDbClickPipesResult> {
    return this.call("getDbClickPipes", args, context, async (target, call) => {
      const pipes = await readPipes(target, call);
      return {
        ...target,
        clickPipes: pipes.flatMap((pipe) => toDbClickPipe(pipe) ?? []).sort(compareByName),
      };
    });
  }

  /** Reports all that can be wrong without a request before it sends the first one. */
  private async call<Result>(
    functionName: string,
    args: ServiceArgs,
    { config, showStatus }: InvokeContext,
    query: (target: ServiceRef, call: ReadCall, unitPrice: number | undefined) => Promise<Result>,
  ): Promise<Result> {
    const operation = `calling ${functionName}`;
    const { serviceId, organizationId: declared } = parseServiceIds(operation, args);
    const settings = new Settings(new StackSettings(config));
    const client = this.clients.get(settings.getConnection(operation));
    const unitPrice = settings.usdPerComputeUnitHour;
    const call = new ReadCall({ functionName, client, clock: this.clock, showStatus });
    return call.run(async () => {
      const { organizationId } = await this.organizations.resolve({
        declared,
        settings,
        client,
        signal: call.signal,
        list: () => call.retry(() => client.listOrganizations(call)),
      });
      return query({ serviceId, organizationId }, call, unitPrice);
    });
  }
}

async function readSize(target: ServiceRef, call: ReadCall): Promise<Scaling> {
  const { client } = call;
  try {
    return await call.retry(() => client.getScaling(target, { priority: Priority.read }, call));
  } catch (error) {
    if (!hasStatus(error, 400, 404)) throw error;
    const observed = explainMissingEndpoint(await readPipes(target, call));
    if (observed === undefined) throw error;
    throw new EndpointNotFoundError({ ...error.facts, observed, cause: error });
  }
}

function readPipes(target: ServiceRef, call: ReadCall): Promise<ClickPipe[]> {
  return call.retry(() => call.client.listClickPipes(target, call));
}

function toDbClickPipe(pipe: ClickPipe): DbClickPipe | undefined {
  const source = getDbSource(pipe);
  if (source === undefined) return undefined;
  const { id, name = id, state } = pipe;
  const settings = getDbSettings(pipe);
  const loadStatus = classifyLoad(state, settings.replicationMode);
  return {
    id,
    name,
    source,
    state,
    loadStatus,
    isInInitialLoad: loadStatus === "loading",
    ...omitUndefinedSettings(settings),
  };
}

/** Omits the settings that have their default. */
function omitUndefinedSettings(settings: DbSettings): DbSettings {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

/** Compares by code units, so that the order doesn't depend on the language of the machine. */
function compareByName(one: DbClickPipe, other: DbClickPipe): number {
  const [a, b] = [one, other].map(({ name, id }) => `${name}\0${id}`) as [string, string];
  return a < b ? -1 : 1;
}
