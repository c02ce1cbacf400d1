import { z } from "zod";
import { formatUsd, LIST_PRICE } from "../../sizing";
import { SettingsError } from "../errors";
import { ApiKey } from "./api-key";

/** A setting and its source. The source is for messages and never secret; the value may be. */
export interface Setting {
  readonly value: string;
  readonly source: string;
  /** Whether it comes from the stack config. Refresh and destroy use the stack config of the last `pulumi up`. */
  readonly isFromConfig: boolean;
}

export const FINDING_ORGANIZATION = "finding the organization that owns the service";

const DEFAULT_API_URL = "https://api.clickhouse.cloud/v1";

/** Where requests go, and the key that they carry. */
export interface Connection {
  readonly apiUrl: URL;
  readonly key: ApiKey;
}

export type SettingName =
  "organizationId" | "tokenKey" | "tokenSecret" | "apiUrl" | "usdPerComputeUnitHour" | "allowLowPrice";

/** A lower price is more likely a mistake, or hides a cost from those who review it, than a discount. */
const LEAST_USD_PER_COMPUTE_UNIT_HOUR = LIST_PRICE.usdPerComputeUnitHour / 10;

const READING_PRICE = "reading the price of a compute unit";

/** The settings of a front. */
export interface SettingsSource {
  find(name: SettingName): Setting | undefined;
  /** The names of the places that it checks, for messages, such as "stack config clickhouse:tokenKey". */
  listPlaces(name: SettingName): readonly string[];
}

export const NO_SETTINGS: SettingsSource = { find: () => undefined, listPlaces: () => [] };

/** The settings of a run, validated. */
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

  /** Returns the key. Throws an error that names every source if the key is missing. */
  getKey(operation: string): ApiKey {
    const id = this.from.find("tokenKey");
    const secret = this.from.find("tokenSecret");
    if (id === undefined || secret === undefined) {
      const missing = [...(id ? [] : (["tokenKey"] as const)), ...(secret ? [] : (["tokenSecret"] as const))];
      const places = missing.map((name) => describeUnset(this.from.listPlaces(name)));
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
    return new ApiKey({ id: id.value, secret: secret.value }, source, isFromConfig);
  }

  /**
   * Returns the address and the key for it. A key of the environment is never sent to an address of the stack config: whoever may change the
   * config, in a pull request for example, could send the key anywhere.
   */
  getConnection(operation: string): Connection {
    const apiUrl = this.getApiUrl(operation);
    const key = this.getKey(operation);
    this.assertKeyDestination(operation);
    return { apiUrl, key };
  }

  /** Throws an error if the address comes from the stack config and a part of the key does not. Missing settings pass. */
  assertKeyDestination(operation: string): void {
    const address = this.from.find("apiUrl");
    const elsewhere = (["tokenKey", "tokenSecret"] as const)
      .map((name) => this.from.find(name))
      .find((part) => part?.isFromConfig === false);
    if (address?.isFromConfig !== true || elsewhere === undefined) return;
    throw new SettingsError("key-from-elsewhere", {
      operation,
      observed: `the API address is in ${address.source}, but the key is in ${elsewhere.source}`,
    });
  }

  /** The API's address, with the version. Must be https, or http to this machine. */
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
    if (url.hostname === "api.clickhouse.cloud" && url.pathname === "/") {
      throw new SettingsError("invalid-api-url", {
        operation,
        observed: `the API address in ${found.source} is ${url.origin}, without the version /v1`,
      });
    }
    return url;
  }

  /** Names an address that is neither ClickHouse's nor on this machine, and its source. Undefined for any other. */
  describeOtherApi(): string | undefined {
    const found = this.from.find("apiUrl");
    const url = found && URL.canParse(found.value) ? new URL(found.value) : undefined;
    if (url === undefined || isLoopback(url.hostname) || url.origin === new URL(DEFAULT_API_URL).origin) {
      return undefined;
    }
    return `requests and the API key go to ${describeUrl(url)} (${found?.source}), not to ClickHouse's own API`;
  }

  /** The price of a compute unit, if the stack sets its own. */
  get usdPerComputeUnitHour(): number | undefined {
    const found = this.from.find("usdPerComputeUnitHour");
    if (found === undefined) return undefined;
    const usd = Number(found.value);
    if (!Number.isFinite(usd) || usd < 0) {
      throw new SettingsError("invalid-price", {
        operation: READING_PRICE,
        observed: `${found.source} is "${found.value}"`,
      });
    }
    if (usd < LEAST_USD_PER_COMPUTE_UNIT_HOUR && this.from.find("allowLowPrice")?.value !== "true") {
      throw new SettingsError("price-too-low", {
        operation: READING_PRICE,
        observed: `${found.source} is below ${formatUsd(LEAST_USD_PER_COMPUTE_UNIT_HOUR)}, a tenth of the list price`,
      });
    }
    return usd;
  }
}

function describeUnset(places: readonly string[]): string {
  return places.length === 1 ? `${places.join("")} is not set` : `neither ${places.join(" nor ")} is set`;
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/** Describes an address without the parts that may be secret. */
function describeUrl(url: URL | null): string {
  if (url === null) return "not a URL";
  const user = url.username === "" && url.password === "" ? "" : " with a user";
  const more = url.search === "" && url.hash === "" ? "" : " with a query or a fragment";
  return `${url.protocol}//${url.host}${user}${more}`;
}
