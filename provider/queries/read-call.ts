import type { RequestContext, Client } from "../cloud/client";
import { TimeoutSignal } from "../wait/timeout-signal";
import { type ClickPipesError, isTransient, TimeoutError } from "../errors";
import type { Clock } from "../wait/clock";
import { formatDuration } from "../wait/duration";
import { describeReadFailures } from "../operation/read-failures";
import { retry } from "../wait/backoff";

/** Long enough for a program that reads some hundred services at the API's limit of 10 requests in 10 seconds. */
const TIMEOUT_MS = 10 * 60_000;

/** Shows what the call waits for. Replaces the previous status. */
export type ShowStatus = (status: string) => void;

/** One call of a function in progress: its timeout, its status, and its retries. */
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
    this.limit = new TimeoutSignal(clock, TIMEOUT_MS);
  }

  get signal(): AbortSignal {
    return this.limit.signal;
  }

  /** The API refused a request for its rate limit. The client waits and sends it again. */
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

  /** Retries the work after transient errors. */
  retry<Result>(work: () => Promise<Result>): Promise<Result> {
    const maySucceedLater = (error: unknown) => {
      if (!isTransient(error)) return false;
      this.failure = error;
      this.tell(`${this.functionName} retries: ${error.facts.observed}`);
      return true;
    };
    return retry(this.clock, this.signal, maySucceedLater, work);
  }

  private get timeout(): TimeoutError {
    const { failure } = this;
    const observed = describeReadFailures({ lastFailure: failure, rateLimitedCount: this.refusals });
    const facts = { operation: this.operation, observed, requestId: failure?.requestId, cause: failure };
    return new TimeoutError(facts, formatDuration(TIMEOUT_MS));
  }
}
