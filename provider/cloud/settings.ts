import { z } from "zod";
import { SettingsError } from "../errors";

/** A setting with the source it was found at, for messages; the source is never secret, the value may be. */
export interface Setting {
  readonly value: string;
  readonly source: string;
  /** Whether it comes from the stack's config, which refresh and destroy take from the last `pulumi up`. */
  readonly isFromConfig: boolean;
}

export interface ApiKey {
  readonly id: string;
  readonly secret: string;
  /** "stack config clickhouse:tokenKey", or the environment's name for it. */
  readonly source: string;
  readonly isFromConfig: boolean;
}

export const FINDING_ORGANIZATION = "finding the organization that owns the service";

const DEFAULT_API_URL = "https://api.clickhouse.cloud/v1";

export type SettingName = "organizationId" | "tokenKey" | "tokenSecret" | "apiUrl" | "usdPerComputeUnitHour";

/** Where a front finds its settings. */
export interface SettingsSource {
  find(name: SettingName): Setting | undefined;
  /** The places where it looks, for a message, such as "stack config clickhouse:tokenKey". */
  listPlaces(name: SettingName): readonly string[];
}

export const NO_SETTINGS: SettingsSource = { find: () => undefined, listPlaces: () => [] };

/** What a run is configured with, checked. */
export class Settings {
  constructor(private readonly from: SettingsSource) {}

  get organizationId(): Setting | undefined {
    const found = this.from.find("organizationId");
    if (found === undefined || z.guid().safeParse(found.value).success) {
      return found && { ...found, value: found.value.toLowerCase() };
    }
    throw new SettingsError("invalid-organization", {
      operation: FINDING_ORGANIZATION,
      observed: `${found.source} is "${found.value}", not a UUID`,
    });
  }

  /** The key, or an error that names every source that was looked at. */
  getKey(operation: string): ApiKey {
    const id = this.from.find("tokenKey");
    const secret = this.from.find("tokenSecret");
    if (id === undefined || secret === undefined) {
      const missing = [...(id ? [] : (["tokenKey"] as const)), ...(secret ? [] : (["tokenSecret"] as const))];
      const places = missing.map((name) => `neither ${this.from.listPlaces(name).join(" nor ")} is set`);
      throw new SettingsError("missing-key", { operation, observed: `no API key: ${places.join(", and ")}` });
    }
    if (/[:\r\n]/.test(id.value)) {
      throw new SettingsError("invalid-key-id", {
        operation,
        observed: `the key id in ${id.source} contains a colon or a line break`,
      });
    }
    const source = id.source === secret.source ? id.source : `${id.source} and ${secret.source}`;
    const isFromConfig = [id, secret].some((found) => found.isFromConfig);
    return { id: id.value, secret: secret.value, source, isFromConfig };
  }

  /** The API's address with its version; https, or http to this machine alone. */
  getApiUrl(operation: string): URL {
    const found = this.from.find("apiUrl") ?? {
      value: DEFAULT_API_URL,
      source: "the default",
      isFromConfig: false,
    };
    const url = URL.canParse(found.value) ? new URL(found.value) : null;
    const safe = url?.protocol === "https:" || (url?.protocol === "http:" && isLoopback(url.hostname));
    if (url === null || !safe || url.username !== "" || url.password !== "" || /[?#]/.test(found.value)) {
      throw new SettingsError("invalid-api-url", {
        operation,
        observed: `the API address in ${found.source} is ${describeUrl(url)}`,
      });
    }
    return url;
  }

  /** The overriding price of a compute unit, where one is set. */
  get usdPerComputeUnitHour(): number | undefined {
    const found = this.from.find("usdPerComputeUnitHour");
    if (found === undefined) return undefined;
    const usd = Number(found.value);
    if (!Number.isFinite(usd) || usd < 0) {
      throw new SettingsError("invalid-price", {
        operation: "reading the price of a compute unit",
        observed: `${found.source} is "${found.value}"`,
      });
    }
    return usd;
  }
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/** Without what could be secret in it. */
function describeUrl(url: URL | null): string {
  if (url === null) return "not a URL";
  const user = url.username === "" && url.password === "" ? "" : " with a user";
  const more = url.search === "" && url.hash === "" ? "" : " with a query or a fragment";
  return `${url.protocol}//${url.host}${user}${more}`;
}
