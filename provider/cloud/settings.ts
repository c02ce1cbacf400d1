import { z } from "zod";
import { SettingsError } from "../errors";

/** A setting with the place it was found at, for messages; the place is never secret, the value may be. */
export interface Found {
  readonly value: string;
  readonly place: string;
}

export interface Key {
  readonly id: string;
  readonly secret: string;
  /** "stack config clickhouse:tokenKey", or the environment's name for it. */
  readonly place: string;
  readonly fromConfig: boolean;
}

const DEFAULT_API_URL = "https://api.clickhouse.cloud/v1";

/** Each setting's name in the stack config, then in the environment; the first that is set counts. */
const PLACES = {
  organizationId: ["clickhouse:organizationId", "CLICKHOUSE_ORG_ID"],
  tokenKey: ["clickhouse:tokenKey", "CLICKHOUSE_CLOUD_API_KEY"],
  tokenSecret: ["clickhouse:tokenSecret", "CLICKHOUSE_CLOUD_API_SECRET"],
  apiUrl: ["clickhouse:apiUrl", "CLICKHOUSE_API_URL"],
  usdPerComputeUnitHour: ["clickpipes:usdPerComputeUnitHour", undefined],
} as const;

type Setting = keyof typeof PLACES;

export interface StackConfig {
  get(key: string): string | undefined;
}

/** Reads what a run is configured with: the stack's config first, then the environment. */
export class Credentials {
  constructor(
    private readonly config: StackConfig,
    private readonly environment: Readonly<Record<string, string | undefined>> = process.env,
  ) {}

  get organizationId(): Found | undefined {
    const found = this.find("organizationId");
    if (found === undefined || z.guid().safeParse(found.value).success) {
      return found && { ...found, value: found.value.toLowerCase() };
    }
    throw new SettingsError({
      asked: "find the organisation that owns the service",
      seen: `${found.place} is "${found.value}"`,
      next: "Set it to the organisation's id, a UUID such as 00000000-0000-4000-8000-000000000001, or remove it",
    });
  }

  /** The key, or an error that names every place that was looked at. */
  key(asked: string): Key {
    const id = this.find("tokenKey");
    const secret = this.find("tokenSecret");
    if (id === undefined || secret === undefined) {
      const missing = [...(id ? [] : (["tokenKey"] as const)), ...(secret ? [] : (["tokenSecret"] as const))];
      throw new SettingsError({
        asked,
        seen: `no API key: found nothing in ${missing.map(lookedAt).join("; nothing in ")}`,
        next:
          "Set the pair in the environment, or with `pulumi config set --secret clickhouse:tokenKey` and " +
          "`pulumi config set --secret clickhouse:tokenSecret`",
      });
    }
    if (/[:\r\n]/.test(id.value)) {
      throw new SettingsError({
        asked,
        seen: `the key id in ${id.place} holds a colon or a line break`,
        next: "Store the key's id alone there, its secret apart",
      });
    }
    const place = id.place === secret.place ? id.place : `${id.place} and ${secret.place}`;
    const fromConfig = [id, secret].some((found) => found.place.startsWith("stack config"));
    return { id: id.value, secret: secret.value, place, fromConfig };
  }

  /** The API's address with its version; https, or http to this machine alone. */
  apiUrl(asked: string): URL {
    const found = this.find("apiUrl") ?? { value: DEFAULT_API_URL, place: "the default" };
    const url = URL.canParse(found.value) ? new URL(found.value) : null;
    const safe = url?.protocol === "https:" || (url?.protocol === "http:" && isLoopback(url.hostname));
    if (url === null || !safe || url.username !== "" || url.password !== "" || /[?#]/.test(found.value)) {
      throw new SettingsError({
        asked,
        seen: `the API address in ${found.place} is ${describeUrl(url)}`,
        next: `Use https (http only to this machine), no user, question mark or # in it, such as ${DEFAULT_API_URL}`,
      });
    }
    return url;
  }

  /** The overriding price of a compute unit, where one is set. */
  get usdPerComputeUnitHour(): number | undefined {
    const found = this.find("usdPerComputeUnitHour");
    if (found === undefined) return undefined;
    const usd = Number(found.value);
    if (!Number.isFinite(usd) || usd < 0) {
      throw new SettingsError({
        asked: "price a compute unit",
        seen: `${found.place} is "${found.value}"`,
        next: "Set it to US dollars per compute unit and hour, such as 0.2, or remove it",
      });
    }
    return usd;
  }

  private find(setting: Setting): Found | undefined {
    const [configKey, environmentName] = PLACES[setting];
    const configured = this.config.get(configKey)?.trim();
    if (configured) return { value: configured, place: `stack config ${configKey}` };
    if (environmentName === undefined) return undefined;
    const inherited = this.environment[environmentName]?.trim();
    return inherited ? { value: inherited, place: `environment ${environmentName}` } : undefined;
  }
}

function lookedAt(setting: Setting): string {
  const [configKey, environmentName] = PLACES[setting];
  return `stack config ${configKey}, nor in environment ${environmentName}`;
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/** Without what could be secret in it. */
function describeUrl(url: URL | null): string {
  if (url === null) return "no URL";
  const user = url.username === "" && url.password === "" ? "" : " with a user in it";
  const more = url.search === "" && url.hash === "" ? "" : " with more than a path after it";
  return `${url.protocol}//${url.host}${user}${more}`;
}
