import type { Cloud } from "../cloud/cloud";
import type { Organization } from "../cloud/organization";
import type { KeySeed } from "../cloud/seed";
import type { ApiContext } from "./api-context";

/** Reads the key from the Basic authorization header. */
export function parseCredentials(context: ApiContext): KeySeed | undefined {
  const encoded = /^Basic (.+)$/.exec(context.req.header("authorization") ?? "")?.[1];
  if (encoded === undefined) return undefined;
  const [id = "", ...secret] = Buffer.from(encoded, "base64").toString().split(":");
  return { id, secret: secret.join(":") };
}

/** Returns the organization that owns the request's key, if the secret is right. */
export function findOrganization(context: ApiContext, cloud: Cloud): Organization | undefined {
  const credentials = parseCredentials(context);
  return [...cloud.organizations.values()].find(({ keys }) =>
    keys.some(({ id, secret }) => id === credentials?.id && secret === credentials.secret),
  );
}
