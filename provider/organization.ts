import type { Client, Caller } from "./api/client";
import type { Organization } from "./api/contract";
import type { Credentials } from "./credentials";
import { SettingsError } from "./errors";
import type { CheckedInputs } from "./inputs";
import type { Operation } from "./operation";
import type { Salvaged } from "./state";
import { unlessAborted } from "./wait/clock";

export interface ResolvedOrganization {
  readonly organizationId: string;
  readonly from: string;
}

/** The organisation that owns the service: declared, configured, or the only one that the key can see. */
export function resolveOrganization(
  declared: string | undefined,
  credentials: Credentials,
  operation: Operation,
): Promise<ResolvedOrganization> {
  return chooseOrganization(declared, credentials, operation.client, () => listedOnce(operation));
}

/** What is being asked with each key: resources that begin together ask once, since each request takes a place in the limit. */
const asking = new WeakMap<Client, Promise<Organization[]>>();

/** Whoever waited for another's question in vain asks itself. */
async function listedOnce(operation: Operation): Promise<Organization[]> {
  const { client, signal } = operation;
  const list = () => operation.retrying(() => client.listOrganizations(operation));
  const other = asking.get(client);
  if (other !== undefined) {
    const listed = await unlessAborted(other, signal).catch(() => undefined);
    signal.throwIfAborted();
    return listed ?? list();
  }
  const own = list();
  asking.set(client, own);
  return own.finally(() => asking.delete(client));
}

/** The same for whoever lists those that the key can see. */
export async function chooseOrganization(
  declared: string | undefined,
  credentials: Credentials,
  client: Client,
  list: () => Promise<Organization[]>,
): Promise<ResolvedOrganization> {
  return settled(declared, credentials) ?? onlyOne(client, list);
}

/** The same for a decision that must not wait: asked once. */
export async function organizationAtOnce(
  credentials: Credentials,
  client: Client,
  caller: Caller,
): Promise<string> {
  const list = () => client.listOrganizations(caller);
  return (await chooseOrganization(undefined, credentials, client, list)).organizationId;
}

function settled(declared: string | undefined, credentials: Credentials): ResolvedOrganization | undefined {
  if (declared !== undefined) return { organizationId: declared, from: "argument" };
  const configured = credentials.organizationId;
  return configured && { organizationId: configured.value, from: configured.place };
}

/** What each key's only organisation is, as far as it was asked: it is the same for all resources of a run. */
const known = new WeakMap<Client, ResolvedOrganization>();

async function onlyOne(client: Client, list: () => Promise<Organization[]>): Promise<ResolvedOrganization> {
  const found = known.get(client) ?? { organizationId: onlyOf(await list()), from: "the key's only one" };
  known.set(client, found);
  return found;
}

function onlyOf(organizations: readonly Organization[]): string {
  const [only, ...others] = organizations;
  if (only !== undefined && others.length === 0) return only.id;
  const names = organizations.map(({ id, name }) => `${id}${name === undefined ? "" : ` (${name})`}`);
  throw new SettingsError({
    asked: "find the organisation that owns the service",
    seen:
      only === undefined ? "the key sees none" : `the key sees ${organizations.length}: ${names.join(", ")}`,
    next: "Say which: `organizationId`, stack config clickhouse:organizationId, or environment CLICKHOUSE_ORG_ID",
  });
}

/** An existing resource stays with the organisation that it was created in, whatever is configured since. */
export function organizationOf(state: Salvaged, inputs: CheckedInputs): ResolvedOrganization {
  if (inputs.organizationId !== undefined) return { organizationId: inputs.organizationId, from: "argument" };
  const from = state.__organizationFrom;
  return {
    organizationId: state.organizationId,
    from: from === undefined || from === "argument" ? "the state" : from,
  };
}
