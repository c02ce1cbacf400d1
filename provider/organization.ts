import type { Organization } from "./api/contract";
import type { Credentials } from "./credentials";
import { SettingsError } from "./errors";
import type { CheckedInputs } from "./inputs";
import type { Operation } from "./operation";
import type { State } from "./state";

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
  const visible = () => operation.retrying(() => operation.client.listOrganizations(operation));
  return chooseOrganization(declared, credentials, visible);
}

/** The same for whoever can list those that the key sees. */
export async function chooseOrganization(
  declared: string | undefined,
  credentials: Credentials,
  visible: () => Promise<Organization[]>,
): Promise<ResolvedOrganization> {
  if (declared !== undefined) return { organizationId: declared, from: "argument" };
  const configured = credentials.organizationId;
  if (configured !== undefined) return { organizationId: configured.value, from: configured.place };
  const organizations = await visible();
  const [only, ...others] = organizations;
  if (only !== undefined && others.length === 0)
    return { organizationId: only.id, from: "the key's only one" };
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
