import type { ServiceRef } from "../cloud/client";
import type { ClickPipe, Scaling } from "../cloud/schemas";
import { Priority } from "../cloud/rate-limit/limiter";
import { explainMissingEndpoint } from "../cloud/endpoint-absence";
import {
  ApiError,
  type ClickPipesError,
  hasStatus,
  isTransient,
  EndpointNotFoundError,
  ServiceNotAwakeError,
} from "../errors";
import type { Operation } from "../operation/operation";
import { computeBackoffMs } from "../wait/backoff";

/** Until the first answer, a problem is more likely a wrong address than an outage: longer waits would hide it. */
const FIRST_ANSWER_MS = 2 * 60_000;

/** A waking service answers 424 for a while; it is not told twice within this time. */
const WAKE_AGAIN_MS = 60_000;

const RATE_LIMITED = "429";

export interface WaitPolicy {
  /** On the clock: until then a missing scaling endpoint is waited for. Missing: not at all. */
  readonly endpointUntilMs?: number | undefined;
  /** Whether an idle service may be woken, which starts its paid compute. */
  readonly mayWake: boolean;
}

/** The service's size as it is now, and what stands in the way of reading it. */
export class ScalingReader {
  private readonly counts = new Map<string, number>();
  private hasRead = false;
  /** Whether the newest look found database ClickPipes and yet no endpoint. */
  private isContradictory = false;
  private wokenAtMs = -Infinity;

  constructor(
    private readonly operation: Operation,
    private readonly target: ServiceRef,
    private readonly patience: WaitPolicy,
  ) {}

  /** The responses and how often each came, the most frequent first: "2 cores (8 GB) ×41, 503 ×2". */
  get histogram(): string {
    const { rateLimitedCount } = this.operation;
    const counts =
      rateLimitedCount > 0 ? new Map(this.counts).set(RATE_LIMITED, rateLimitedCount) : this.counts;
    const entries = [...counts].sort((a, b) => b[1] - a[1]);
    return entries.map(([response, count]) => `${response} ×${count}`).join(", ");
  }

  count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }

  /**
   * Undefined where this look saw nothing and another one may; throws where none will.
   *
   * @param rank - which of several polls goes first; missing where much hangs on it.
   */
  async read(rank?: number): Promise<Scaling | undefined> {
    const { operation } = this;
    try {
      const size = await operation.client.getScaling(this.target, this.priority(rank), operation, rank);
      this.hasRead = true;
      operation.lastFailure = undefined;
      return size;
    } catch (error) {
      return await this.recover(error);
    }
  }

  private priority(rank: number | undefined): Priority {
    if (!this.hasRead) return Priority.read;
    return rank === undefined ? Priority.confirm : Priority.poll;
  }

  /** Whatever made a request fail: waits for what passes, wakes what may be woken, throws the rest. */
  async recover(error: unknown): Promise<undefined> {
    this.operation.signal.throwIfAborted();
    if (isTransient(error)) return this.tolerate(error);
    if (error instanceof ServiceNotAwakeError) return this.wake(error);
    if (hasStatus(error, 400, 404)) return this.awaitEndpoint(error);
    throw error;
  }

  private tolerate(error: ClickPipesError): undefined {
    this.operation.lastFailure = error;
    this.count(error instanceof ApiError ? `${error.status}` : "no usable response");
    if (!this.hasRead && this.operation.elapsedMs > FIRST_ANSWER_MS) throw error;
    return undefined;
  }

  private async wake(error: ServiceNotAwakeError): Promise<undefined> {
    if (!this.patience.mayWake) throw error;
    this.count("service not awake");
    const { client, clock } = this.operation;
    if (clock.nowMs() - this.wokenAtMs < WAKE_AGAIN_MS) return undefined;
    if (clock.nowMs() >= this.operation.deadlineAtMs) return undefined; // it would wake, and cost, for nothing
    try {
      const { state } = await client.getService(this.target, this.operation);
      if (state === "stopped" || state === "stopping") {
        const observed = `the service is ${state}`;
        throw new ServiceNotAwakeError({ ...error.facts, observed, cause: error }, "service-stopped");
      }
      if (state === "idle") {
        await client.wakeService(this.target, this.operation);
        this.wokenAtMs = clock.nowMs();
      }
      this.operation.lastFailure = undefined;
    } catch (problem) {
      if (!isTransient(problem) && !hasStatus(problem, 409)) throw problem;
      this.operation.lastFailure = problem;
    }
    return undefined;
  }

  private async awaitEndpoint(error: ApiError): Promise<undefined> {
    const pipes = await this.listPipes();
    if (pipes === undefined) return undefined;
    const seen = explainMissingEndpoint(pipes);
    const wasContradictory = this.isContradictory;
    this.isContradictory = seen === undefined;
    if (seen === undefined) {
      // The pipe may have come after the size was asked for: one more look tells.
      if (this.awaitsEndpoint && !wasContradictory) return undefined;
      throw error;
    }
    this.count("no scaling endpoint yet");
    if (this.awaitsEndpoint) return undefined;
    throw new EndpointNotFoundError({ ...error.facts, observed: seen, cause: error });
  }

  private get awaitsEndpoint(): boolean {
    const { endpointUntilMs } = this.patience;
    return endpointUntilMs !== undefined && !this.hasRead && this.operation.clock.nowMs() < endpointUntilMs;
  }

  private async listPipes(): Promise<ClickPipe[] | undefined> {
    try {
      return await this.operation.client.listClickPipes(this.target, this.operation);
    } catch (error) {
      if (!isTransient(error)) throw error;
      return this.tolerate(error);
    }
  }
}

/** The size of the first look that sees one. */
export async function readUntilKnown(look: ScalingReader, { clock, signal }: Operation): Promise<Scaling> {
  for (let failures = 1; ; failures++) {
    const size = await look.read();
    if (size !== undefined) return size;
    await clock.sleep(computeBackoffMs(failures, clock.random()), signal);
  }
}
