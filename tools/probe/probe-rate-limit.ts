import type { HttpResponse } from "../../provider/cloud/transport";
import type { Findings } from "./findings";
import type { ProbeClient } from "./probe-client";

const MAX_REQUESTS = 25;
const RETRY_EVERY_MS = 500;
/** The window of the documented rate limit. */
const WINDOW_MS = 10_000;
/** Longer than a window, so that requests are accepted again unless refused ones count. */
const LONGEST_REFUSAL_MS = 14_000;

const RETRY_HEADERS = ["X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "Retry-After"];

/** Exceeds the rate limit with reads. The API refuses everything else that uses the key for some seconds. */
export async function probeRateLimit(client: ProbeClient, organizationId: string): Promise<Findings> {
  const { clock, transport, signal } = client;
  const path = ["organizations", organizationId];
  const read = () => transport.send({ method: "GET", path, operation: "read the organization" }, signal);
  await clock.sleep(WINDOW_MS + 1_000, signal);
  const beganAtMs = clock.nowMs();
  const refusal = await readUntilRefused(read);
  if (refusal === undefined)
    return {
      rateLimit: `no 429 within ${MAX_REQUESTS} requests`,
      countRefusedRequests: "not observed: no 429",
    };
  let isRefused = true;
  while (isRefused && clock.nowMs() - beganAtMs < LONGEST_REFUSAL_MS) {
    await clock.sleep(RETRY_EVERY_MS, signal);
    isRefused = (await read()).status === 429;
  }
  return { rateLimit: renderHeaders(refusal) || "nothing", countRefusedRequests: String(isRefused) };
}

async function readUntilRefused(read: () => Promise<HttpResponse>): Promise<HttpResponse | undefined> {
  for (let sent = 1; sent <= MAX_REQUESTS; sent++) {
    const response = await read();
    if (response.status === 429) return response;
  }
  return undefined;
}

function renderHeaders({ headers }: HttpResponse): string {
  return RETRY_HEADERS.flatMap((name) => {
    const value = headers.get(name);
    return value === null ? [] : [`${name}: ${value}`];
  }).join(", ");
}
