import {
  clickPipeSchema,
  getDbSource,
  organizationSchema,
  serviceSchema,
} from "../../provider/cloud/schemas";
import { FINDING_ORGANIZATION } from "../../provider/cloud/settings";
import { ClickPipesError, SettingsError } from "../../provider/errors";
import type { Findings } from "./findings";
import type { ProbeClient } from "./probe-client";

/** Enough to find one service of each kind, without reading all of hundreds. */
const MAX_SERVICES = 50;

/** Returns the id of the only organization that the key can read. */
export async function findOrganization(client: ProbeClient): Promise<string> {
  const all = await client.read(organizationSchema.array(), "organizations");
  const [only, ...others] = all;
  if (only !== undefined && others.length === 0) return only.id;
  throw new SettingsError("organization-not-unique", {
    operation: FINDING_ORGANIZATION,
    observed: `the key has access to ${all.length} organizations`,
  });
}

/** Tests with reads alone what existing services show. */
export async function probeWithReads(client: ProbeClient, organizationId: string): Promise<Findings> {
  const path = ["organizations", organizationId, "services"];
  const services = (await client.read(serviceSchema.array(), ...path)).slice(0, MAX_SERVICES);
  let statusBeforeFirstPipe: string | undefined;
  let readWhileIdle: string | undefined;
  let unreadable = 0;
  for (const { id, state } of services) {
    try {
      if (state === "idle") readWhileIdle ??= await readStatus(client, [...path, id]);
      if (state === "running") statusBeforeFirstPipe ??= await readStatusWithoutPipes(client, [...path, id]);
    } catch (error) {
      // Another service may still show it.
      if (!(error instanceof ClickPipesError)) throw error;
      unreadable += 1;
    }
  }
  const note = unreadable === 0 ? "" : `; ${unreadable} of ${services.length} services could not be read`;
  return {
    statusBeforeFirstPipe:
      statusBeforeFirstPipe ?? `not observed: no running service without a database ClickPipe${note}`,
    readWhileIdle: readWhileIdle ?? `not observed: no idle service${note}`,
  };
}

async function readStatus(client: ProbeClient, service: readonly string[]): Promise<string> {
  return String((await client.get(...service, "clickpipesCdcScaling")).status);
}

/** Returns undefined if the service has a database ClickPipe. */
async function readStatusWithoutPipes(
  client: ProbeClient,
  service: readonly string[],
): Promise<string | undefined> {
  const pipes = await client.read(clickPipeSchema.array(), ...service, "clickpipes");
  if (pipes.some((pipe) => getDbSource(pipe) !== undefined)) return undefined;
  return readStatus(client, service);
}
