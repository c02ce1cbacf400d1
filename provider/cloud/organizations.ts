import { SettingsError } from "../errors";
import type { ResolvedOrganization } from "../state/organization";
import { unlessAborted } from "../wait/clock";
import type { Client } from "./client";
import type { Organization } from "./schemas";
import { FINDING_ORGANIZATION, type Settings } from "./settings";

export interface OrganizationRequest {
  /** The organization that the program names. */
  readonly declared?: string | undefined;
  readonly settings: Settings;
  readonly client: Client;
  readonly signal: AbortSignal;
  /** Lists the organizations that the key can see. Called only if nothing else names one. */
  list(): Promise<Organization[]>;
}

/** Finds the organization that owns a service: declared, configured, or the only one that the key can see. */
export class OrganizationResolver {
  /** Resources that start together share one request, because each request takes a slot of the limit. */
  private readonly lists = new WeakMap<Client, Promise<Organization[]>>();

  async resolve(request: OrganizationRequest): Promise<ResolvedOrganization> {
    const { declared, settings } = request;
    if (declared !== undefined) return { organizationId: declared, source: "argument" };
    const configured = settings.organizationId;
    if (configured !== undefined) return { organizationId: configured.value, source: configured.source };
    return { organizationId: getOnlyId(await this.list(request)), source: "the key's only one" };
  }

  private async list(request: OrganizationRequest): Promise<Organization[]> {
    const { client, signal } = request;
    const shared = this.lists.get(client);
    const organizations = shared && (await unlessAborted(shared, signal).catch(() => undefined));
    signal.throwIfAborted();
    if (organizations !== undefined) return organizations;
    const own = request.list();
    this.lists.set(client, own);
    own.catch(() => this.lists.delete(client));
    return own;
  }
}

function getOnlyId(organizations: readonly Organization[]): string {
  const [only, ...others] = organizations;
  if (only !== undefined && others.length === 0) return only.id;
  const names = organizations.map(({ id, name }) => `${id}${name === undefined ? "" : ` (${name})`}`);
  throw new SettingsError("organization-not-unique", {
    operation: FINDING_ORGANIZATION,
    observed:
      only === undefined
        ? "the key has access to no organization"
        : `the key has access to ${organizations.length} organizations: ${names.join(", ")}`,
  });
}
