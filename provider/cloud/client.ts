import type { z } from "zod";
import type { ApiKey } from "./settings";
import { ApiError, NoResponseError, ServiceNotAwakeError } from "../errors";
import type { Clock } from "../wait/clock";
import * as contract from "./schemas";
import { type Limiter, Priority } from "./rate-limit/limiter";
import { parseRetryAfterMs } from "./rate-limit/retry-after";
import { redact } from "./redact";
import { readRequestId } from "./request-id";
import type { HttpResponse, HttpRequest, Transport } from "./transport";

/** A service of an organization: what every request is about. */
export interface ServiceRef {
  readonly organizationId: string;
  readonly serviceId: string;
}

/** On whose behalf a request is sent. */
export interface RequestContext {
  /** Ends the request, or its wait for a place within the limit. */
  readonly signal?: AbortSignal;
  /** How long each answer may take, from when its request is sent. Default: 35 s. */
  readonly responseTimeoutMs?: number;
  /** Called when a request that changes something has its place and is about to leave; what it throws holds the request back. */
  beforeWrite?(): Promise<void>;
  /** Told of each answer 429, after which the request waits and is sent again. */
  onRateLimited?(): void;
}

/** ClickHouse Cloud's endpoints that this package uses, typed; every request goes through the key's limiter. */
export class Client {
  constructor(
    private readonly transport: Pick<Transport, "send" | "secrets">,
    private readonly limiter: Limiter,
    private readonly clock: Clock,
    private readonly key: ApiKey,
  ) {}

  /** `rank` says which of several polls goes first: the lowest. */
  async getScaling(
    target: ServiceRef,
    priority: Priority,
    caller?: RequestContext,
    rank?: number,
  ): Promise<contract.Scaling> {
    const operation = `reading the ClickPipes size of service ${target.serviceId}`;
    return this.get(
      operation,
      [...toServicePath(target), "clickpipesCdcScaling"],
      contract.scalingSchema,
      caller,
      priority,
      rank,
    );
  }

  /** The answer's body is not looked at: only a later read tells the size that the service really has. */
  async patchScaling(target: ServiceRef, size: contract.Scaling, caller?: RequestContext): Promise<void> {
    const operation = `setting the ClickPipes size of service ${target.serviceId} to ${size.replicaCpuMillicores / 1_000} cores`;
    const path = [...toServicePath(target), "clickpipesCdcScaling"];
    await this.write({ method: "PATCH", path, body: size, operation }, caller);
  }

  async getService(target: ServiceRef, caller?: RequestContext): Promise<contract.Service> {
    return this.get(
      `reading service ${target.serviceId}`,
      toServicePath(target),
      contract.serviceSchema,
      caller,
    );
  }

  async wakeService(target: ServiceRef, caller?: RequestContext): Promise<void> {
    const path = [...toServicePath(target), "state"];
    const operation = `waking service ${target.serviceId}`;
    await this.write({ method: "PATCH", path, body: { command: "awake" }, operation }, caller);
  }

  async listClickPipes(target: ServiceRef, caller?: RequestContext): Promise<contract.ClickPipe[]> {
    const operation = `listing the ClickPipes of service ${target.serviceId}`;
    return this.get(
      operation,
      [...toServicePath(target), "clickpipes"],
      contract.clickPipeSchema.array(),
      caller,
    );
  }

  async getOrganization(organizationId: string, caller?: RequestContext): Promise<contract.Organization> {
    const operation = `reading organization ${organizationId}`;
    return this.get(operation, ["organizations", organizationId], contract.organizationSchema, caller);
  }

  async listOrganizations(caller?: RequestContext): Promise<contract.Organization[]> {
    return this.get(
      "listing the organizations of the key",
      ["organizations"],
      contract.organizationSchema.array(),
      caller,
    );
  }

  private async get<Result extends z.ZodType>(
    operation: string,
    path: readonly string[],
    result: Result,
    caller?: RequestContext,
    priority: Priority = Priority.read,
    rank?: number,
  ): Promise<z.infer<Result>> {
    const answer = await this.call({ method: "GET", path, operation }, priority, caller, rank);
    const parsed = contract.createEnvelopeSchema(result).safeParse(answer.json);
    if (parsed.success) return (parsed.data as { result: z.infer<Result> }).result;
    const issue = parsed.error.issues[0];
    const where = issue === undefined ? "" : `: ${issue.path.join(".") || "body"}: ${issue.message}`;
    throw new NoResponseError(
      "invalid-response",
      {
        operation,
        status: answer.status,
        observed: `HTTP ${answer.status} with an unexpected body${redact(where, this.transport.secrets)}`,
        requestId: readRequestId(answer, this.transport.secrets),
      },
      "unknown",
      true,
    );
  }

  private async write(request: HttpRequest, caller?: RequestContext): Promise<void> {
    await this.call(request, Priority.write, caller);
  }

  /** Sends, and after each 429 (which certainly took no effect) sends again as soon as the limit allows. */
  private async call(
    request: HttpRequest,
    priority: Priority,
    caller?: RequestContext,
    rank?: number,
  ): Promise<HttpResponse> {
    const signal = caller?.signal;
    const sent = { ...request, responseTimeoutMs: caller?.responseTimeoutMs };
    const send = async () => {
      if (priority === Priority.write) await caller?.beforeWrite?.();
      return this.transport.send(sent, signal);
    };
    for (;;) {
      const answer = await this.limiter.run({ priority, rank, signal }, send);
      if (answer.status === 429) {
        caller?.onRateLimited?.();
        this.limiter.onRateLimited(parseRetryAfterMs(answer.headers, this.clock.date()));
        continue;
      }
      this.limiter.onAccepted();
      if (answer.status >= 200 && answer.status < 300) return answer;
      throw this.createError(request, answer);
    }
  }

  private createError(request: HttpRequest, answer: HttpResponse): Error {
    const envelope = contract.errorEnvelopeSchema.safeParse(answer.json).data;
    const text = redact(
      envelope?.error ?? (answer.json === undefined ? "" : answer.text),
      this.transport.secrets,
    );
    const facts = {
      operation: request.operation,
      status: answer.status,
      observed: `HTTP ${answer.status}${text === "" ? "" : ` "${text}"`}`,
      requestId: readRequestId(answer, this.transport.secrets),
    };
    if (answer.status === 424) return new ServiceNotAwakeError(facts);
    const { source, isFromConfig } = this.key;
    return new ApiError({ ...facts, key: { source, isFromConfig } });
  }
}

function toServicePath(target: ServiceRef): string[] {
  return ["organizations", target.organizationId, "services", target.serviceId];
}
