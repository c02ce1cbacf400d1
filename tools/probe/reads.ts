import {
  clickPipeSchema,
  getDbSource,
  organizationSchema,
  serviceSchema,
} from "../../provider/cloud/schemas";
import type { HttpResponse } from "../../provider/cloud/transport";
import { ClickPipesError, SettingsError } from "../../provider/errors";
import type { Caller } from "./caller";
import type { Findings } from "./findings";

/** Enough to find one service of each kind; a company with hundreds is not read from end to end. */
const MOST_SERVICES = 50;

export async function onlyOrganization(caller: Caller): Promise<string> {
  const all = await caller.result(organizationSchema.array(), "organizations");
  const [only, ...others] = all;
  if (only !== undefined && others.length === 0) return only.id;
  throw new SettingsError({
    operation: "find the organization",
    observed: `the key sees ${all.length}`,
    remedy: "Say which one in CLICKHOUSE_ORG_ID",
  });
}

/** What reads alone tell, of services that are there anyway. */
export async function readFindings(caller: Caller, organizationId: string): Promise<Findings> {
  const home = ["organizations", organizationId, "services"];
  const services = (await caller.result(serviceSchema.array(), ...home)).slice(0, MOST_SERVICES);
  const looks = new Looks(caller, home);
  let unread = 0;
  for (const { id, state } of services) {
    try {
      await looks.at(id, state);
    } catch (error) {
      // Another service may still tell.
      if (!(error instanceof ClickPipesError)) throw error;
      unread += 1;
    }
  }
  const but = unread === 0 ? "" : `; ${unread} of ${services.length} services could not be read`;
  return {
    statusBeforeFirstPipe:
      looks.statusBeforeFirstPipe ?? `not seen: no running service without a database ClickPipe${but}`,
    readWhileIdle: looks.readWhileIdle ?? `not seen: no idle service${but}`,
  };
}

class Looks {
  statusBeforeFirstPipe: string | undefined;
  readWhileIdle: string | undefined;

  constructor(
    private readonly caller: Caller,
    private readonly home: readonly string[],
  ) {}

  async at(id: string, state: string): Promise<void> {
    if (state === "idle") this.readWhileIdle ??= await this.statusOfSize(id);
    if (state !== "running" || this.statusBeforeFirstPipe !== undefined) return;
    const pipes = await this.caller.result(clickPipeSchema.array(), ...this.home, id, "clickpipes");
    if (pipes.some((pipe) => getDbSource(pipe) !== undefined)) return;
    this.statusBeforeFirstPipe = await this.statusOfSize(id);
  }

  private async statusOfSize(id: string): Promise<string> {
    return String((await this.caller.get(...this.home, id, "clickpipesCdcScaling")).status);
  }
}

const BURST = 25;
const EVERY_MS = 500;
/** A window of the documented limit, and some time more. */
const WINDOW_MS = 10_000;
const PATIENCE_MS = 14_000;

/** Asks faster than the limit allows, with reads alone: all who use the key are held back for some seconds. */
export async function limitFindings(caller: Caller, organizationId: string): Promise<Findings> {
  const { clock, transport, signal } = caller;
  const ask = () =>
    transport.send(
      { method: "GET", path: ["organizations", organizationId], operation: "read the organization" },
      signal,
    );
  await clock.sleep(WINDOW_MS + 1_000, signal);
  const beganAtMs = clock.nowMs();
  let refusal: HttpResponse | undefined;
  for (let sent = 1; sent <= BURST && refusal === undefined; sent++) {
    const answer = await ask();
    if (answer.status === 429) refusal = answer;
  }
  if (refusal === undefined)
    return { rateLimit: `no 429 within ${BURST} requests`, countRefusedRequests: "not seen: no 429" };
  const rateLimit = RESET_HEADERS.flatMap((name) => {
    const value = refusal.headers.get(name);
    return value === null ? [] : [`${name}: ${value}`];
  });
  let isRefused = true;
  while (isRefused && clock.nowMs() - beganAtMs < PATIENCE_MS) {
    await clock.sleep(EVERY_MS, signal);
    isRefused = (await ask()).status === 429;
  }
  return { rateLimit: rateLimit.join(", ") || "nothing", countRefusedRequests: String(isRefused) };
}

const RESET_HEADERS = ["X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "Retry-After"];
