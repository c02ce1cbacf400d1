import type { Client, Caller } from "./api/client";
import type { Organization } from "./api/contract";
import type { Credentials } from "./credentials";
import { SettingsError } from "./errors";
import type { CheckedInputs } from "./inputs";
import type { Operation } from "./operation";
import type { State } from "./state";
import { reasonOf } from "./wait/clock";

export interface ResolvedOrganization {
  readonly organizationId: string;
  readonly from: string;
}

/** The organisation that owns the service: declared, configured, or the only one that the key can see. */
export async function resolveOrganization(
  declared: string | undefined,
  credentials: Credentials,
  operation: Operation,
): Promise<ResolvedOrganization> {
  const ready = settled(declared, credentials);
  if (ready !== undefined) return ready;
  const { client } = operation;
  const list = () => operation.retrying(() => client.listOrganizations(operation));
  return inTurn(operation, () => chooseOrganization(declared, credentials, client, list));
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

/** Who asks at the moment, of all that begin together with a key. */
const asking = new WeakMap<Client, Promise<unknown>>();

/**
 * One asks, and the others take its answer: a hundred resources that begin together would spend a hundred of the limit's places on
 * one question. Where it gets none, the next one asks for itself, with its own patience.
 */
async function inTurn<Result>({ client, signal }: Operation, ask: () => Promise<Result>): Promise<Result> {
  for (let other = asking.get(client); other !== undefined; other = asking.get(client)) {
    await end(other, signal);
  }
  const own = ask().finally(() => asking.delete(client));
  asking.set(client, own);
  return own;
}

/** Waits until the work has ended, however, or until the signal ends the wait. */
function end(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(reasonOf(signal));
    if (signal.aborted) return onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    const onEnd = () => {
      signal.removeEventListener("abort", onAbort);
      resolve();
    };
    work.then(onEnd, onEnd);
  });
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
export function organizationOf(state: State, inputs: CheckedInputs): ResolvedOrganization {
  if (inputs.organizationId !== undefined) return { organizationId: inputs.organizationId, from: "argument" };
  const from = state.__organizationFrom;
  return {
    organizationId: state.organizationId,
    from: from === undefined || from === "argument" ? "the state" : from,
  };
}
