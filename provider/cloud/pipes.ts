import type { Caller, Client, Target } from "./client";
import { type ClickPipe, type DbSettings, type DbSource, dbSettingsOf, dbSourceOf } from "./schemas";
import { TimeLimit } from "../wait/timeout-signal";
import { ClickPipesError, NoAnswerError } from "../errors";
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

export interface SeenPipes {
  readonly db: readonly DbClickPipe[];
  readonly others: readonly ClickPipe[];
}

/** The service's pipes, or why they could not be read. */
export type Seen = SeenPipes | { readonly unread: string };

/** A preview is to be quick: what does not answer within this time counts as not there. */
const ANSWER_WITHIN_MS = 3_000;

/** The turn within the API's limit is waited for, but not for ever. */
const TURN_WITHIN_MS = 60_000;

/** After a look without an answer the next ones are not tried for this long: each resource of a run would wait anew. */
const OUT_OF_REACH_MS = 30_000;

/** Where a look for pipes asks, and with which key; fails where the settings are not there. */
export type Address = (
  caller: Caller & { readonly signal: AbortSignal },
) => Promise<{ readonly client: Client; readonly target: Target }>;

/** Looks at the pipes of services, without patience: for decisions that must not wait, and get along without an answer. */
export class PipeLooks {
  private missed: { readonly atMs: number; readonly why: string } | undefined;

  constructor(private readonly clock: Clock) {}

  async of(address: Address): Promise<Seen> {
    const { missed } = this;
    if (missed !== undefined && this.clock.nowMs() - missed.atMs < OUT_OF_REACH_MS)
      return { unread: missed.why };
    const limit = new TimeLimit(this.clock, TURN_WITHIN_MS);
    const hasty = { answerWithinMs: ANSWER_WITHIN_MS, signal: limit.signal };
    try {
      const { client, target } = await address(hasty);
      const pipes = await client.listClickPipes(target, hasty);
      this.missed = undefined;
      return seenIn(pipes);
    } catch (error) {
      if (limit.timedOut) return { unread: `no turn within the API's limit in ${TURN_WITHIN_MS / 1_000} s` };
      if (!(error instanceof ClickPipesError)) throw error;
      // An answer, even a refusal, comes quickly, and speaks of one service alone.
      if (error instanceof NoAnswerError) this.missed = { atMs: this.clock.nowMs(), why: error.facts.seen };
      return { unread: error.facts.seen };
    } finally {
      limit.end();
    }
  }
}

/** Those that load a database, and the others. */
export function seenIn(pipes: readonly ClickPipe[]): SeenPipes {
  const db = pipes.flatMap((pipe) => {
    const source = dbSourceOf(pipe);
    return source === undefined ? [] : [dbClickPipe(pipe, source)];
  });
  return { db, others: pipes.filter((pipe) => dbSourceOf(pipe) === undefined) };
}

function dbClickPipe(pipe: ClickPipe, source: DbSource): DbClickPipe {
  const { id, state } = pipe;
  // Somebody else wrote it, and it goes to a terminal: one line, nothing that steers.
  const name = (pipe.name ?? id).replace(/\p{Cc}+/gu, " ");
  const settings = dbSettingsOf(pipe);
  const createdAt = pipe.createdAt === undefined ? undefined : new Date(pipe.createdAt);
  return { id, name, state, source, createdAt, replicationMode: settings.replicationMode, settings };
}
