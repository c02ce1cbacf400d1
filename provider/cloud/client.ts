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

/** A service of an organization. */
export interface ServiceRef {
  readonly organizationId: string;
  readonly serviceId: string;
}

/** Who sends a request, and how. */
export interface RequestContext {
  /** Ends the request, or its wait for the rate limit. */
  readonly signal?: AbortSignal;
  /** How long each response may take. @default 35 s */
  readonly responseTimeoutMs?: number;
  /** Called just before a write is sent. If it throws, the write is not sent. */
  beforeWrite?(): Promise<void>;
  /** Called after each response 429. The request waits and is sent again. */
  onRateLimited?(): void;
}

/** The endpoints of ClickHouse Cloud that this package uses. Every request goes through the limiter of its key. */
export class Client {
  constructor(
    private readonly transport: Pick<Transport, "send" | "secrets">,
    private readonly limiter: Limiter,
    private readonly clock: Clock,
    private readonly key: ApiKey,
  ) {}

  /** Of several polls that wait, the one with the lowest `rank` goes first. */
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

  /** Ignores the body of the response: only a later read tells the size that the service really has. */
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
    const response = await this.call({ method: "GET", path, operation }, priority, caller, rank);
    const parsed = contract.createEnvelopeSchema(result).safeParse(response.json);
    if (parsed.success) return (parsed.data as { result: z.infer<Result> }).result;
    const issue = parsed.error.issues[0];
    const where = issue === undefined ? "" : `: ${issue.path.join(".") || "body"}: ${issue.message}`;
    throw new NoResponseError(
      "invalid-response",
      {
        operation,
        status: response.status,
        observed: `HTTP ${response.status} with an unexpected body${redact(where, this.transport.secrets)}`,
        requestId: readRequestId(response, this.transport.secrets),
      },
      "unknown",
      true,
    );
  }

  private async write(request: HttpRequest, caller?: RequestContext): Promise<void> {
    await this.call(request, Priority.write, caller);
  }

  /** Sends a request, and sends it again after each 429, which took no effect, when the limit allows. */
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
      const response = await this.limiter.run({ priority, rank, signal }, send);
      if (response.status === 429) {
        caller?.onRateLimited?.();
        this.limiter.onRateLimited(parseRetryAfterMs(response.headers, this.clock.date()));
        continue;
      }
      this.limiter.onAccepted();
      if (response.status >= 200 && response.status < 300) return response;
      throw this.createError(request, response);
    }
  }

  private createError(request: HttpRequest, response: HttpResponse): Error {
    const envelope = contract.errorEnvelopeSchema.safeParse(response.json).data;
    const text = redact(
      envelope?.error ?? (response.json === undefined ? "" : response.text),
      this.transport.secrets,
    );
    const facts = {
      operation: request.operation,
      status: response.status,
      observed: `HTTP ${response.status}${text === "" ? "" : ` "${text}"`}`,
      requestId: readRequestId(response, this.transport.secrets),
    };
    if (response.status === 424) return new ServiceNotAwakeError(facts);
    const { source, isFromConfig } = this.key;
    return new ApiError({ ...facts, key: { source, isFromConfig } });
  }
}

function toServicePath(target: ServiceRef): string[] {
  return ["organizations", target.organizationId, "services", target.serviceId];
}
