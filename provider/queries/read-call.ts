import type { RequestContext, Client } from "../cloud/client";
import { TimeoutSignal } from "../wait/timeout-signal";
import { type ClickPipesError, isTransient, TimeoutError } from "../errors";
import type { Clock } from "../wait/clock";
import { formatDuration } from "../wait/duration";
import { describeReadFailures } from "../operation/read-failures";
import { retry } from "../wait/backoff";

/** Long enough for the turn of a program that asks about some hundred services, at the API's 10 requests in 10 seconds. */
const LIMIT_MS = 10 * 60_000;

/** Says what is waited for, in place of what was said before. */
export type ShowStatus = (status: string) => void;

/** One call of a function under way: how long it may take, what it says meanwhile, and what of its failures may pass. */
export class ReadCall implements RequestContext {
  private readonly limit: TimeoutSignal;
  private failure: ClickPipesError | undefined;
  private refusals = 0;

  constructor(
    /** As a gerund, for errors: "calling getCdcScaling". */
    private readonly operation: string,
    /** For the status: "getCdcScaling". */
    private readonly functionName: string,
    readonly client: Client,
    private readonly clock: Clock,
    private readonly tell: ShowStatus,
  ) {
    this.limit = new TimeoutSignal(clock, LIMIT_MS);
  }

  get signal(): AbortSignal {
    return this.limit.signal;
  }

  /** The client's word that the API refused a request for its limit, and that it waits to send it again. */
  onRateLimited(): void {
    this.refusals += 1;
    if (this.refusals === 1) this.tell(`${this.functionName} waits for the API's rate limit`);
  }

  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      throw this.limit.hasTimedOut ? this.timeout : error;
    } finally {
      this.limit.dispose();
    }
  }

  /** Does something again while its error may pass. */
  retrying<Result>(work: () => Promise<Result>): Promise<Result> {
    const mayPass = (error: unknown) => {
      if (!isTransient(error)) return false;
      this.failure = error;
      this.tell(`${this.functionName} retries: ${error.facts.observed}`);
      return true;
    };
    return retry(this.clock, this.signal, mayPass, work);
  }

  private get timeout(): TimeoutError {
    const { failure } = this;
    const observed = describeReadFailures({ lastFailure: failure, rateLimitedCount: this.refusals });
    const facts = { operation: this.operation, observed, requestId: failure?.requestId, cause: failure };
    return new TimeoutError(facts, formatDuration(LIMIT_MS));
  }
}
