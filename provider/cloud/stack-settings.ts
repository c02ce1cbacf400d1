import type { Setting, SettingName, SettingsSource } from "./settings";

export interface StackConfig {
  get(key: string): string | undefined;
}

/** The name of each setting in the stack config and in the environment. The stack config takes precedence. */
const SOURCES = {
  organizationId: ["clickhouse:organizationId", "CLICKHOUSE_ORG_ID"],
  tokenKey: ["clickhouse:tokenKey", "CLICKHOUSE_CLOUD_API_KEY"],
  tokenSecret: ["clickhouse:tokenSecret", "CLICKHOUSE_CLOUD_API_SECRET"],
  apiUrl: ["clickhouse:apiUrl", "CLICKHOUSE_API_URL"],
  usdPerComputeUnitHour: ["clickpipes:usdPerComputeUnitHour", undefined],
  allowLowPrice: ["clickpipes:allowLowPrice", undefined],
} as const satisfies Record<SettingName, readonly [string, string | undefined]>;

/** Reads settings from the stack config and the environment. */
export class StackSettings implements SettingsSource {
  constructor(
    /** Undefined if only the environment has settings. */
    private readonly config: StackConfig | undefined,
    private readonly environment: Readonly<Record<string, string | undefined>> = process.env,
  ) {}

  find(name: SettingName): Setting | undefined {
    const [configKey, variable] = SOURCES[name];
    const configured = this.config?.get(configKey)?.trim();
    if (configured) return { value: configured, source: `stack config ${configKey}`, isFromConfig: true };
    const inherited = variable === undefined ? undefined : this.environment[variable]?.trim();
    return inherited
      ? { value: inherited, source: `environment ${variable}`, isFromConfig: false }
      : undefined;
  }

  listPlaces(name: SettingName): readonly string[] {
    const [configKey, variable] = SOURCES[name];
    return [
      ...(this.config === undefined ? [] : [`stack config ${configKey}`]),
      ...(variable === undefined ? [] : [`environment ${variable}`]),
    ];
  }
}
