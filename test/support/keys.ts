import { DEFAULT_KEY, type Emulator } from "../../emulator";

/** The environment in which this package talks to the emulator. */
export function keysOf(emulator: Emulator): NodeJS.ProcessEnv {
  return {
    CLICKHOUSE_API_URL: emulator.url,
    CLICKHOUSE_CLOUD_API_KEY: DEFAULT_KEY.id,
    CLICKHOUSE_CLOUD_API_SECRET: DEFAULT_KEY.secret,
  };
}
