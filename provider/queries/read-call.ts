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

export interface ReadCallOptions {
  /** Such as "getCdcScaling", for the status and errors. */
  readonly functionName: string;
  readonly client: Client;
  readonly clock: Clock;
  readonly showStatus: ShowStatus;
}

/** One call of a function in progress: its timeout, its status, and its retries. */
export class ReadCall implements RequestContext {
  private readonly limit: TimeoutSignal;
  private failure: ClickPipesError | undefined;
  private refusals = 0;

  constructor(private readonly options: ReadCallOptions) {
    this.limit = new TimeoutSignal(options.clock, TIMEOUT_MS);
  }

  get client(): Client {
    return this.options.client;
  }

  get signal(): AbortSignal {
    return this.limit.signal;
  }

  /** The API refused a request for its rate limit. The client waits and sends it again. */
  onRateLimited(): void {
    this.refusals += 1;
    if (this.refusals === 1)
      this.options.showStatus(`${this.options.functionName} waits for the API's rate limit`);
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
      this.options.showStatus(`${this.options.functionName} retries: ${error.facts.observed}`);
      return true;
    };
    return retry(this.options.clock, this.signal, maySucceedLater, work);
  }

  private get timeout(): TimeoutError {
    const { failure } = this;
    const observed = describeReadFailures({ lastFailure: failure, rateLimitedCount: this.refusals });
    const facts = {
      operation: `calling ${this.options.functionName}`,
      observed,
      requestId: failure?.requestId,
      cause: failure,
    };
    return new TimeoutError(facts, formatDuration(TIMEOUT_MS));
  }
}
