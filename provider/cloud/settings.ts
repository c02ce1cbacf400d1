import { z } from "zod";
import { SettingsError } from "../errors";

/** A setting with the source it was found at, for messages; the source is never secret, the value may be. */
export interface Setting {
  readonly value: string;
  readonly source: string;
}

export interface ApiKey {
  readonly id: string;
  readonly secret: string;
  /** "stack config clickhouse:tokenKey", or the environment's name for it. */
  readonly source: string;
  readonly fromConfig: boolean;
}

const DEFAULT_API_URL = "https://api.clickhouse.cloud/v1";

/** Each setting's name in the stack config, then in the environment; the first that is set counts. */
const SOURCES = {
  organizationId: ["clickhouse:organizationId", "CLICKHOUSE_ORG_ID"],
  tokenKey: ["clickhouse:tokenKey", "CLICKHOUSE_CLOUD_API_KEY"],
  tokenSecret: ["clickhouse:tokenSecret", "CLICKHOUSE_CLOUD_API_SECRET"],
  apiUrl: ["clickhouse:apiUrl", "CLICKHOUSE_API_URL"],
  usdPerComputeUnitHour: ["clickpipes:usdPerComputeUnitHour", undefined],
} as const;

type SettingName = keyof typeof SOURCES;

export interface StackConfig {
  get(key: string): string | undefined;
}

/** Reads what a run is configured with: the stack's config first, then the environment. */
export class Settings {
  constructor(
    private readonly config: StackConfig,
    private readonly environment: Readonly<Record<string, string | undefined>> = process.env,
  ) {}

  get organizationId(): Setting | undefined {
    const found = this.find("organizationId");
    if (found === undefined || z.guid().safeParse(found.value).success) {
      return found && { ...found, value: found.value.toLowerCase() };
    }
    throw new SettingsError({
      operation: "find the organization that owns the service",
      observed: `${found.source} is "${found.value}"`,
      remedy:
        "Set it to the organization's id, a UUID such as 00000000-0000-4000-8000-000000000001, or remove it",
    });
  }

  /** The key, or an error that names every source that was looked at. */
  getKey(operation: string): ApiKey {
    const id = this.find("tokenKey");
    const secret = this.find("tokenSecret");
    if (id === undefined || secret === undefined) {
      const missing = [...(id ? [] : (["tokenKey"] as const)), ...(secret ? [] : (["tokenSecret"] as const))];
      throw new SettingsError({
        operation,
        observed: `no API key: found nothing in ${missing.map(describeSources).join("; nothing in ")}`,
        remedy:
          "Set the pair in the environment, or with `pulumi config set --secret clickhouse:tokenKey` and " +
          "`pulumi config set --secret clickhouse:tokenSecret`",
      });
    }
    if (/[:\r\n]/.test(id.value)) {
      throw new SettingsError({
        operation,
        observed: `the key id in ${id.source} holds a colon or a line break`,
        remedy: "Store the key's id alone there, its secret apart",
      });
    }
    const source = id.source === secret.source ? id.source : `${id.source} and ${secret.source}`;
    const fromConfig = [id, secret].some((found) => found.source.startsWith("stack config"));
    return { id: id.value, secret: secret.value, source, fromConfig };
  }

  /** The API's address with its version; https, or http to this machine alone. */
  getApiUrl(operation: string): URL {
    const found = this.find("apiUrl") ?? { value: DEFAULT_API_URL, source: "the default" };
    const url = URL.canParse(found.value) ? new URL(found.value) : null;
    const safe = url?.protocol === "https:" || (url?.protocol === "http:" && isLoopback(url.hostname));
    if (url === null || !safe || url.username !== "" || url.password !== "" || /[?#]/.test(found.value)) {
      throw new SettingsError({
        operation,
        observed: `the API address in ${found.source} is ${describeUrl(url)}`,
        remedy: `Use https (http only to this machine), no user, question mark or # in it, such as ${DEFAULT_API_URL}`,
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
        operation: "price a compute unit",
        observed: `${found.source} is "${found.value}"`,
        remedy: "Set it to US dollars per compute unit and hour, such as 0.2, or remove it",
      });
    }
    return usd;
  }

  private find(setting: SettingName): Setting | undefined {
    const [configKey, environmentName] = SOURCES[setting];
    const configured = this.config.get(configKey)?.trim();
    if (configured) return { value: configured, source: `stack config ${configKey}` };
    if (environmentName === undefined) return undefined;
    const inherited = this.environment[environmentName]?.trim();
    return inherited ? { value: inherited, source: `environment ${environmentName}` } : undefined;
  }
}

function describeSources(setting: SettingName): string {
  const [configKey, environmentName] = SOURCES[setting];
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
