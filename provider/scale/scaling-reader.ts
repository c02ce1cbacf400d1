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

/** How long to retry before the first response. Until then a wrong address is more likely than an outage, and waiting would hide it. */
const FIRST_RESPONSE_TIMEOUT_MS = 2 * 60_000;

/** The time between two wake commands. A service that wakes up responds with 424 for a while. */
const WAKE_AGAIN_MS = 60_000;

/** The time between two reads of an endpoint that doesn't exist yet. */
const ENDPOINT_GAP_MS = 5_000;

const RATE_LIMITED = "429";

export interface WaitPolicy {
  /** Until when to wait for a missing scaling endpoint. If absent, a missing endpoint is an error at once. */
  readonly endpointUntilMs?: number | undefined;
  /** Whether to wake an idle service, which starts its paid compute. */
  readonly mayWake: boolean;
}

/** Reads the current size of a service, and handles what prevents that. */
export class ScalingReader {
  private readonly counts = new Map<string, number>();
  private hasRead = false;
  /** Whether the newest read found database ClickPipes but no endpoint. */
  private isContradictory = false;
  /** Whether the newest read found no endpoint and another one may. */
  private isAwaitingEndpoint = false;
  private wokenAtMs = -Infinity;

  constructor(
    private readonly operation: Operation,
    private readonly target: ServiceRef,
    private readonly policy: WaitPolicy,
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
   * Returns undefined if this read got no size but another one may. Throws if none will.
   *
   * @param rank - of several polls that wait, the lowest goes first. Omit it for a read that decides something.
   */
  async read(rank?: number): Promise<Scaling | undefined> {
    const { operation } = this;
    for (;;) {
      const size = await this.tryRead(rank);
      const endpointUntilMs = this.policy.endpointUntilMs;
      if (!this.isAwaitingEndpoint || endpointUntilMs === undefined) return size;
      operation.showPhase("waiting for the first database ClickPipe", endpointUntilMs);
      await operation.clock.sleep(ENDPOINT_GAP_MS, operation.signal);
    }
  }

  private async tryRead(rank: number | undefined): Promise<Scaling | undefined> {
    const { operation } = this;
    this.isAwaitingEndpoint = false;
    try {
      const size = await operation.client.getScaling(
        this.target,
        { priority: this.getPriority(rank), rank },
        operation,
      );
      this.hasRead = true;
      operation.lastFailure = undefined;
      return size;
    } catch (error) {
      return await this.recover(error);
    }
  }

  private getPriority(rank: number | undefined): Priority {
    if (!this.hasRead) return Priority.read;
    return rank === undefined ? Priority.confirm : Priority.poll;
  }

  /** Handles the error of a request: tolerates it if it is transient, wakes the service if that is allowed, or throws it. */
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
    if (!this.hasRead && this.operation.elapsedMs > FIRST_RESPONSE_TIMEOUT_MS) throw error;
    return undefined;
  }

  private async wake(error: ServiceNotAwakeError): Promise<undefined> {
    if (!this.policy.mayWake) throw error;
    this.count("service not awake");
    const { client, clock } = this.operation;
    if (clock.nowMs() - this.wokenAtMs < WAKE_AGAIN_MS) return undefined;
    if (clock.nowMs() >= this.operation.deadlineAtMs) return undefined; // waking it now would cost for nothing
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
    const observed = explainMissingEndpoint(pipes);
    const wasContradictory = this.isContradictory;
    this.isContradictory = observed === undefined;
    if (observed === undefined) {
      // The pipe may have been created after the size was requested: read once more.
      if (this.mayAwaitEndpoint && !wasContradictory) return this.awaitNextRead();
      throw error;
    }
    this.count("no scaling endpoint yet");
    if (this.mayAwaitEndpoint) return this.awaitNextRead();
    throw new EndpointNotFoundError({ ...error.facts, observed, cause: error });
  }

  private awaitNextRead(): undefined {
    this.isAwaitingEndpoint = true;
    return undefined;
  }

  private get mayAwaitEndpoint(): boolean {
    const { endpointUntilMs } = this.policy;
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

/** Reads until a read gets the size. */
export async function readUntilKnown(reader: ScalingReader, { clock, signal }: Operation): Promise<Scaling> {
  for (let failures = 1; ; failures++) {
    const size = await reader.read();
    if (size !== undefined) return size;
    await clock.sleep(computeBackoffMs(failures, clock.random()), signal);
  }
}
