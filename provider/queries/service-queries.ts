import type { ServiceRef } from "../cloud/client";
import { ClientCache, type CreateTransport } from "../cloud/client-cache";
import { type ClickPipe, getDbSettings, type DbSettings, getDbSource, type Scaling } from "../cloud/schemas";
import { Priority } from "../cloud/rate-limit/limiter";
import { explainMissingEndpoint } from "../cloud/endpoint-absence";
import { Settings } from "../cloud/settings";
import { type StackConfig, StackSettings } from "../cloud/stack-settings";
import { hasStatus, EndpointNotFoundError, ServiceNotAwakeError } from "../errors";
import { OrganizationResolver } from "../cloud/organizations";
import type { Clock } from "../wait/clock";
import { toCores, computeCost, classifyLoad } from "../../sizing/index";
import { parseServiceIds } from "./service-ids";
import { ReadCall, type ShowStatus } from "./read-call";
import type { GetCdcScalingResult } from "./results";
import type { DbClickPipe, GetDbClickPipesResult } from "./results";
import type { ServiceArgs } from "./arguments";

/** What a call finds around it: the program's config, and where it can say what it waits for. */
export interface InvokeContext {
  readonly config: StackConfig;
  readonly tell: ShowStatus;
}

/** Reads for programs what a service has; one for all calls of a process, since they share each key's limit. */
export class ServiceQueries {
  private readonly clients: ClientCache;
  private readonly organizations = new OrganizationResolver();

  constructor(
    private readonly clock: Clock,
    transportOf?: CreateTransport,
  ) {
    this.clients = new ClientCache(clock, transportOf);
  }

  scaling(args: ServiceArgs, surroundings: InvokeContext): Promise<GetCdcScalingResult> {
    return this.about("getCdcScaling", args, surroundings, async (target, inquiry, usdPerUnit) => {
      const size = await readSize(target, inquiry);
      const cores = toCores(size);
      return { ...target, cores, ...size, ...computeCost(cores, usdPerUnit) };
    });
  }

  dbClickPipes(args: ServiceArgs, surroundings: InvokeContext): Promise<GetDbClickPipesResult> {
    return this.about("getDbClickPipes", args, surroundings, async (target, inquiry) => {
      const pipes = await readPipes(target, inquiry);
      return {
        ...target,
        clickPipes: pipes.flatMap((pipe) => toDbClickPipe(pipe) ?? []).sort(compareByName),
      };
    });
  }

  /** All that can be wrong without a request comes before the first one. */
  private async about<Result>(
    asked: string,
    args: ServiceArgs,
    { config, tell }: InvokeContext,
    ask: (target: ServiceRef, inquiry: ReadCall, usdPerUnit: number | undefined) => Promise<Result>,
  ): Promise<Result> {
    const { serviceId, organizationId: declared } = parseServiceIds(asked, args);
    const credentials = new Settings(new StackSettings(config));
    const client = this.clients.get(credentials.getApiUrl(asked), credentials.getKey(asked));
    const usdPerUnit = credentials.usdPerComputeUnitHour;
    const inquiry = new ReadCall(asked, client, this.clock, tell);
    return inquiry.run(async () => {
      const { organizationId } = await this.organizations.resolve({
        declared,
        settings: credentials,
        client,
        signal: inquiry.signal,
        list: () => inquiry.retrying(() => client.listOrganizations(inquiry)),
      });
      return ask({ serviceId, organizationId }, inquiry, usdPerUnit);
    });
  }
}

async function readSize(target: ServiceRef, inquiry: ReadCall): Promise<Scaling> {
  const { client } = inquiry;
  try {
    return await inquiry.retrying(() => client.getScaling(target, Priority.read, inquiry));
  } catch (error) {
    if (!hasStatus(error, 400, 404)) throw wakesNothing(error);
    const seen = explainMissingEndpoint(await readPipes(target, inquiry));
    if (seen === undefined) throw error;
    const next =
      "Create a Postgres, MySQL, MongoDB or BigQuery ClickPipe first (`dependsOn` of getCdcScalingOutput waits for one)";
    throw new EndpointNotFoundError({ ...error.facts, observed: seen, remedy: next });
  }
}

async function readPipes(target: ServiceRef, inquiry: ReadCall): Promise<ClickPipe[]> {
  try {
    return await inquiry.retrying(() => inquiry.client.listClickPipes(target, inquiry));
  } catch (error) {
    throw wakesNothing(error);
  }
}

/** A function has no `wakeService`, which the client's own message speaks of. */
function wakesNothing(error: unknown): unknown {
  if (!(error instanceof ServiceNotAwakeError)) return error;
  const next = "Start or wake the service first: a function only reads";
  return new ServiceNotAwakeError({ ...error.facts, remedy: next });
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

/** Without what is left at its default. */
function omitUndefinedSettings(settings: DbSettings): DbSettings {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

/** By code units, so that no machine's language makes a difference. */
function compareByName(one: DbClickPipe, other: DbClickPipe): number {
  const [a, b] = [one, other].map(({ name, id }) => `${name}\0${id}`) as [string, string];
  return a < b ? -1 : 1;
}
