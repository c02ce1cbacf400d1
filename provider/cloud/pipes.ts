import type { RequestContext, Client, ServiceRef } from "./client";
import { type ClickPipe, type DbSettings, type DbSource, getDbSettings, getDbSource } from "./schemas";
import { TimeoutSignal } from "../wait/timeout-signal";
import { ClickPipesError, NoResponseError } from "../errors";
import type { Clock } from "../wait/clock";

/** A database ClickPipe, as far as a decision, advice or a message looks at it. */
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

/** The service's pipes, or why they could not be read. */
export type PipeReading = ServicePipes | { readonly unread: string };

/** A preview is to be quick: what does not answer within this time counts as not there. */
const RESPONSE_TIMEOUT_MS = 3_000;

/** The turn within the API's limit is waited for, but not for ever. */
const TURN_TIMEOUT_MS = 60_000;

/** After a look without an answer the next ones are not tried for this long: each resource of a run would wait anew. */
const CIRCUIT_OPEN_MS = 30_000;

/** Where a look for pipes asks, and with which key; fails where the settings are not there. */
export type ResolveServiceRef = (
  caller: RequestContext & { readonly signal: AbortSignal },
) => Promise<{ readonly client: Client; readonly target: ServiceRef }>;

/** Looks at the pipes of services, without patience: for decisions that must not wait, and get along without an answer. */
export class PipeReader {
  private lastFailure: { readonly atMs: number; readonly why: string } | undefined;

  constructor(private readonly clock: Clock) {}

  async read(address: ResolveServiceRef): Promise<PipeReading> {
    const { lastFailure } = this;
    if (lastFailure !== undefined && this.clock.nowMs() - lastFailure.atMs < CIRCUIT_OPEN_MS)
      return { unread: lastFailure.why };
    const limit = new TimeoutSignal(this.clock, TURN_TIMEOUT_MS);
    const hasty = { responseTimeoutMs: RESPONSE_TIMEOUT_MS, signal: limit.signal };
    try {
      const { client, target } = await address(hasty);
      const pipes = await client.listClickPipes(target, hasty);
      this.lastFailure = undefined;
      return classifyPipes(pipes);
    } catch (error) {
      if (limit.hasTimedOut)
        return { unread: `no turn within the API's limit in ${TURN_TIMEOUT_MS / 1_000} s` };
      if (!(error instanceof ClickPipesError)) throw error;
      // An answer, even a refusal, comes quickly, and speaks of one service alone.
      if (error instanceof NoResponseError)
        this.lastFailure = { atMs: this.clock.nowMs(), why: error.facts.observed };
      return { unread: error.facts.observed };
    } finally {
      limit.dispose();
    }
  }
}

/** Those that load a database, and the others. */
export function classifyPipes(pipes: readonly ClickPipe[]): ServicePipes {
  const db = pipes.flatMap((pipe) => {
    const source = getDbSource(pipe);
    return source === undefined ? [] : [toDbClickPipe(pipe, source)];
  });
  return { db, others: pipes.filter((pipe) => getDbSource(pipe) === undefined) };
}

function toDbClickPipe(pipe: ClickPipe, source: DbSource): DbClickPipe {
  const { id, state } = pipe;
  // Somebody else wrote it, and it goes to a terminal: one line, nothing that steers.
  const name = (pipe.name ?? id).replace(/\p{Cc}+/gu, " ");
  const settings = getDbSettings(pipe);
  const createdAt = pipe.createdAt === undefined ? undefined : new Date(pipe.createdAt);
  return { id, name, state, source, createdAt, replicationMode: settings.replicationMode, settings };
}
