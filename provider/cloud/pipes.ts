import type { RequestContext, Client, ServiceRef } from "./client";
import { type ClickPipe, type DbSettings, type DbSource, getDbSettings, getDbSource } from "./schemas";
import { TimeoutSignal } from "../wait/timeout-signal";
import { ClickPipesError, NoResponseError } from "../errors";
import type { Clock } from "../wait/clock";

/** What decisions, advice and messages need to know of a database ClickPipe. */
export interface DbClickPipe {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly source: DbSource;
  readonly replicationMode: string | undefined;
  readonly settings: DbSettings;
  readonly createdAt?: Date | undefined;
}

export interface ServicePipes {
  readonly db: readonly DbClickPipe[];
  readonly others: readonly ClickPipe[];
}

/** The pipes of a service, or why they could not be read. */
export type PipeReading = ServicePipes | { readonly unread: string };

/** A preview must be quick, so a response that takes longer counts as a failure. */
const RESPONSE_TIMEOUT_MS = 3_000;

/** How long a decision waits for the rate limit. */
const TURN_TIMEOUT_MS = 60_000;

/** How long a mere warning does. A preview that resizes 100 services must not wait 100 s for warnings. */
export const WARNING_TURN_TIMEOUT_MS = 1_000;

/** How long no pipes are read after a read without a response. Otherwise each resource of a run would wait for it. */
const CIRCUIT_OPEN_MS = 30_000;

/** Finds the service and the client to read its pipes with. Fails if a setting is missing. */
export type ResolveServiceRef = (
  caller: RequestContext & { readonly signal: AbortSignal },
) => Promise<{ readonly client: Client; readonly target: ServiceRef }>;

export interface PipeReadOptions {
  /** How long to wait for the rate limit. */
  readonly turnTimeoutMs?: number;
}

/** Reads the pipes of services quickly or not at all, for decisions that must not wait. Has a circuit breaker. */
export class PipeReader {
  private lastFailure: { readonly atMs: number; readonly why: string } | undefined;

  constructor(private readonly clock: Clock) {}

  async read(
    resolve: ResolveServiceRef,
    { turnTimeoutMs = TURN_TIMEOUT_MS }: PipeReadOptions = {},
  ): Promise<PipeReading> {
    const { lastFailure } = this;
    if (lastFailure !== undefined && this.clock.nowMs() - lastFailure.atMs < CIRCUIT_OPEN_MS)
      return { unread: lastFailure.why };
    const turn = new TimeoutSignal(this.clock, turnTimeoutMs);
    // One response may have to name the organization first.
    const whole = new TimeoutSignal(this.clock, turnTimeoutMs + 2 * RESPONSE_TIMEOUT_MS);
    const hasty = { responseTimeoutMs: RESPONSE_TIMEOUT_MS, signal: whole.signal, turnSignal: turn.signal };
    try {
      const { client, target } = await resolve(hasty);
      const pipes = await client.listClickPipes(target, hasty);
      this.lastFailure = undefined;
      return classifyPipes(pipes);
    } catch (error) {
      if (!(error instanceof ClickPipesError) && (turn.hasTimedOut || whole.hasTimedOut))
        return { unread: `the API's rate limit left no turn within ${turnTimeoutMs / 1_000} s` };
      if (!(error instanceof ClickPipesError)) throw error;
      // A response, even a failure, comes quickly, and says nothing about other services.
      if (error instanceof NoResponseError)
        this.lastFailure = { atMs: this.clock.nowMs(), why: error.facts.observed };
      return { unread: error.facts.observed };
    } finally {
      turn.dispose();
      whole.dispose();
    }
  }
}

/** Separates the pipes of databases from the others. */
export function classifyPipes(pipes: readonly ClickPipe[]): ServicePipes {
  const db = pipes.flatMap((pipe) => {
    const source = getDbSource(pipe);
    return source === undefined ? [] : [toDbClickPipe(pipe, source)];
  });
  return { db, others: pipes.filter((pipe) => getDbSource(pipe) === undefined) };
}

function toDbClickPipe(pipe: ClickPipe, source: DbSource): DbClickPipe {
  const { id, state } = pipe;
  // Somebody else chose the name, and it goes to a terminal: remove control characters.
  const name = (pipe.name ?? id).replace(/\p{Cc}+/gu, " ");
  const settings = getDbSettings(pipe);
  const createdAt = pipe.createdAt === undefined ? undefined : new Date(pipe.createdAt);
  return { id, name, state, source, createdAt, replicationMode: settings.replicationMode, settings };
}
