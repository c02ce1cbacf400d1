import type { Client, Target } from "../api/client";
import { type ClickPipe, type DbSettings, type DbSource, dbSettingsOf, dbSourceOf } from "../api/contract";
import { ApiError, ClickPipesError, NoAnswerError } from "../errors";
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

/** The service's pipes, or why they could not be read. */
export type Seen =
  | { readonly db: readonly DbClickPipe[]; readonly others: readonly ClickPipe[] }
  | { readonly unread: string };

/** A preview is to be quick: what does not answer within this time counts as not there. */
const ANSWER_WITHIN_MS = 3_000;

/** After a look without an answer the next ones are not tried for this long: each resource of a run would wait anew. */
const OUT_OF_REACH_MS = 30_000;

/** Where a look for pipes asks, and with which key; fails where the settings are not there. */
export type Address = () => Promise<{ readonly client: Client; readonly target: Target }>;

/** Looks at the pipes of services, without patience: for decisions that must not wait, and get along without an answer. */
export class PipeLooks {
  private missed: { readonly atMs: number; readonly why: string } | undefined;

  constructor(private readonly clock: Clock) {}

  async of(address: Address): Promise<Seen> {
    const { missed } = this;
    if (missed !== undefined && this.clock.nowMs() - missed.atMs < OUT_OF_REACH_MS)
      return { unread: missed.why };
    try {
      const { client, target } = await address();
      const pipes = await client.listClickPipes(target, HASTY);
      this.missed = undefined;
      return sorted(pipes);
    } catch (error) {
      if (!(error instanceof ClickPipesError)) throw error;
      if (isOutOfReach(error)) this.missed = { atMs: this.clock.nowMs(), why: error.facts.seen };
      return { unread: error.facts.seen };
    }
  }
}

/** How a request for a decision in a preview is sent. */
export const HASTY = { answerWithinMs: ANSWER_WITHIN_MS };

function isOutOfReach(error: ClickPipesError): boolean {
  return error instanceof NoAnswerError || (error instanceof ApiError && error.status >= 500);
}

function sorted(pipes: readonly ClickPipe[]): Seen {
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
