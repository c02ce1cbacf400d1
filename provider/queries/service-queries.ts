import type { Target } from "../cloud/client";
import { Clients, type TransportOf } from "../cloud/client-cache";
import { type ClickPipe, dbSettingsOf, type DbSettings, dbSourceOf, type Scaling } from "../cloud/schemas";
import { Priority } from "../cloud/rate-limit/limiter";
import { whyNoEndpoint } from "../cloud/endpoint-absence";
import { Credentials, type StackConfig } from "../cloud/settings";
import { hasStatus, NoEndpointError, ServiceNotAwakeError } from "../errors";
import { OrganizationResolver } from "../cloud/organizations";
import type { Clock } from "../wait/clock";
import { coresOf, costOf, loadOf } from "../../sizing/index";
import { checkedIds } from "./service-ids";
import { Inquiry, type Tell } from "./read-call";
import type { GetCdcScalingResult } from "./results";
import type { DbClickPipe, GetDbClickPipesResult } from "./results";
import type { ServiceArgs } from "./arguments";

/** What a call finds around it: the program's config, and where it can say what it waits for. */
export interface Surroundings {
  readonly config: StackConfig;
  readonly tell: Tell;
}

/** Reads for programs what a service has; one for all calls of a process, since they share each key's limit. */
export class Reader {
  private readonly clients: Clients;
  private readonly organizations = new OrganizationResolver();

  constructor(
    private readonly clock: Clock,
    transportOf?: TransportOf,
  ) {
    this.clients = new Clients(clock, transportOf);
  }

  scaling(args: ServiceArgs, surroundings: Surroundings): Promise<GetCdcScalingResult> {
    return this.about("getCdcScaling", args, surroundings, async (target, inquiry, usdPerUnit) => {
      const size = await sizeNow(target, inquiry);
      const cores = coresOf(size);
      return { ...target, cores, ...size, ...costOf(cores, usdPerUnit) };
    });
  }

  dbClickPipes(args: ServiceArgs, surroundings: Surroundings): Promise<GetDbClickPipesResult> {
    return this.about("getDbClickPipes", args, surroundings, async (target, inquiry) => {
      const pipes = await pipesNow(target, inquiry);
      return { ...target, clickPipes: pipes.flatMap((pipe) => dbClickPipe(pipe) ?? []).sort(byName) };
    });
  }

  /** All that can be wrong without a request comes before the first one. */
  private async about<Result>(
    asked: string,
    args: ServiceArgs,
    { config, tell }: Surroundings,
    ask: (target: Target, inquiry: Inquiry, usdPerUnit: number | undefined) => Promise<Result>,
  ): Promise<Result> {
    const { serviceId, organizationId: declared } = checkedIds(asked, args);
    const credentials = new Credentials(config);
    const client = this.clients.of(credentials.apiUrl(asked), credentials.key(asked));
    const usdPerUnit = credentials.usdPerComputeUnitHour;
    const inquiry = new Inquiry(asked, client, this.clock, tell);
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

async function sizeNow(target: Target, inquiry: Inquiry): Promise<Scaling> {
  const { client } = inquiry;
  try {
    return await inquiry.retrying(() => client.getScaling(target, Priority.read, inquiry));
  } catch (error) {
    if (!hasStatus(error, 400, 404)) throw wakesNothing(error);
    const seen = whyNoEndpoint(await pipesNow(target, inquiry));
    if (seen === undefined) throw error;
    const next =
      "Create a Postgres, MySQL, MongoDB or BigQuery ClickPipe first (`dependsOn` of getCdcScalingOutput waits for one)";
    throw new NoEndpointError({ ...error.facts, seen, next });
  }
}

async function pipesNow(target: Target, inquiry: Inquiry): Promise<ClickPipe[]> {
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
  return new ServiceNotAwakeError({ ...error.facts, next });
}

function dbClickPipe(pipe: ClickPipe): DbClickPipe | undefined {
  const source = dbSourceOf(pipe);
  if (source === undefined) return undefined;
  const { id, name = id, state } = pipe;
  const settings = dbSettingsOf(pipe);
  const load = loadOf(state, settings.replicationMode);
  return { id, name, source, state, load, isInInitialLoad: load === "load", ...given(settings) };
}

/** Without what is left at its default. */
function given(settings: DbSettings): DbSettings {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

/** By code units, so that no machine's language makes a difference. */
function byName(one: DbClickPipe, other: DbClickPipe): number {
  const [a, b] = [one, other].map(({ name, id }) => `${name}\0${id}`) as [string, string];
  return a < b ? -1 : 1;
}
