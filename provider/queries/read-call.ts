import type { Caller, Client } from "../cloud/client";
import { TimeLimit } from "../wait/timeout-signal";
import { type ClickPipesError, isTransient, TimeoutError } from "../errors";
import type { Clock } from "../wait/clock";
import { durationText } from "../wait/duration";
import { retrying } from "../wait/backoff";

/** Long enough for the turn of a program that asks about some hundred services, at the API's 10 requests in 10 seconds. */
const LIMIT_MS = 10 * 60_000;

/** Says what is waited for, in place of what was said before. */
export type Tell = (status: string) => void;

/** One call of a function under way: how long it may take, what it says meanwhile, and what of its failures may pass. */
export class Inquiry implements Caller {
  private readonly limit: TimeLimit;
  private failure: ClickPipesError | undefined;
  private refusals = 0;

  constructor(
    private readonly asked: string,
    readonly client: Client,
    private readonly clock: Clock,
    private readonly tell: Tell,
  ) {
    this.limit = new TimeLimit(clock, LIMIT_MS);
  }

  get signal(): AbortSignal {
    return this.limit.signal;
  }

  /** The client's word that the API refused a request for its limit, and that it waits to send it again. */
  refused(): void {
    this.refusals += 1;
    if (this.refusals === 1) this.tell(`${this.asked} is held back by the API's limit`);
  }

  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      throw this.limit.timedOut ? this.timeout : error;
    } finally {
      this.limit.end();
    }
  }

  /** Does something again while its error may pass. */
  retrying<Result>(work: () => Promise<Result>): Promise<Result> {
    const mayPass = (error: unknown) => {
      if (!isTransient(error)) return false;
      this.failure = error;
      this.tell(`${this.asked} has no answer yet: ${error.facts.seen}`);
      return true;
    };
    return retrying(this.clock, this.signal, mayPass, work);
  }

  private get timeout(): TimeoutError {
    const failure = this.failure === undefined ? "" : `; at last ${this.failure.facts.seen}`;
    const refusals = this.refusals === 0 ? "" : `; refused for the API's limit (429) ${this.refusals} times`;
    return new TimeoutError({
      asked: this.asked,
      seen: `no usable answer within ${durationText(LIMIT_MS)}${failure}${refusals}`,
      next: "Run the command again later",
      requestId: this.failure?.facts.requestId,
    });
  }
}
