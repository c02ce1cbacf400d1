import type { Client, ServiceRef } from "../../cloud/client";
import { ClickPipesError } from "../../errors";
import type { ProviderContext } from "../../operation/context";
import { TimeoutSignal } from "../../wait/timeout-signal";

/** What a preview and an update wait for the metrics, including the rate limit. They only serve a warning. */
const METRICS_TIMEOUT_MS = 5_000;

/** Reads the bytes that each pipe has loaded. Undefined if they can't be read in time. */
export async function readLoadedBytes(
  { clock }: ProviderContext,
  client: Client,
  target: ServiceRef,
): Promise<ReadonlyMap<string, number> | undefined> {
  const limit = new TimeoutSignal(clock, METRICS_TIMEOUT_MS);
  try {
    return await client.readLoadedBytes(target, { signal: limit.signal });
  } catch (error) {
    if (limit.hasTimedOut || error instanceof ClickPipesError) return undefined;
    throw error;
  } finally {
    limit.dispose();
  }
}
