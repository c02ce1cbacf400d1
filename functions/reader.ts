import type { Client, Target } from "../provider/api/client";
import { Clients, type TransportOf } from "../provider/api/clients";
import {
  type ClickPipe,
  dbSettingsOf,
  type DbSettings,
  dbSourceOf,
  type Organization,
  type Scaling,
} from "../provider/api/contract";
import { Priority } from "../provider/api/limiter";
import { whyNoEndpoint } from "../provider/api/missing-endpoint";
import { Credentials, type StackConfig } from "../provider/credentials";
import { hasStatus, NoEndpointError, ServiceNotAwakeError } from "../provider/errors";
import { chooseOrganization } from "../provider/organization";
import type { Clock } from "../provider/wait/clock";
import { coresOf, costOf, loadOf } from "../sizing";
import type { ServiceArgs } from "./arguments";
import type { GetCdcScalingResult } from "./get-cdc-scaling";
import type { DbClickPipe, GetDbClickPipesResult } from "./get-db-click-pipes";
import { checkedIds } from "./ids";
import { Inquiry, type Tell } from "./inquiry";

/** What a call finds around it: the program's config, and where it can say what it waits for. */
export interface Surroundings {
  readonly config: StackConfig;
  readonly tell: Tell;
}

/** Reads for programs what a service has; one for all calls of a process, since they share each key's limit. */
export class Reader {
  private readonly clients: Clients;
  private readonly organizations = new Map<Client, Promise<Organization[]>>();

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
      const list = () => this.organizationsOf(client, inquiry);
      const { organizationId } = await chooseOrganization(declared, credentials, client, list);
      return ask({ serviceId, organizationId }, inquiry, usdPerUnit);
    });
  }

  /** Asked once for each key: half of all requests else, where no organisation is configured. */
  private organizationsOf(client: Client, inquiry: Inquiry): Promise<Organization[]> {
    const known = this.organizations.get(client);
    if (known !== undefined) return known;
    const asked = inquiry.retrying(() => client.listOrganizations(inquiry));
    this.organizations.set(client, asked);
    asked.catch(() => this.organizations.delete(client));
    return asked;
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
