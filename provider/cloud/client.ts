import type { z } from "zod";
import type { ApiKey } from "./api-key";
import { ApiError, NoResponseError, ServiceNotAwakeError } from "../errors";
import type { Clock } from "../wait/clock";
import { hasPipeMetrics, parseLoadedBytes } from "./metrics";
import * as contract from "./schemas";
import { type Limiter, Priority, type Turn } from "./rate-limit/limiter";
import { parseRetryAfterMs } from "./rate-limit/retry-after";
import { readRequestId } from "./request-id";
import type { ApiTransport, HttpRequest, HttpResponse } from "./transport";

/** A service of an organization. */
export interface ServiceRef {
  readonly organizationId: string;
  readonly serviceId: string;
}

/** Who sends a request, and how. */
export interface RequestContext {
  /** Ends the request, or its wait for the rate limit. */
  readonly signal?: AbortSignal;
  /** Ends only the wait for the rate limit. @default `signal` */
  readonly turnSignal?: AbortSignal;
  /** How long each response may take. @default 35 s */
  readonly responseTimeoutMs?: number;
  /** Called just before a write is sent. If it throws, the write is not sent. */
  beforeWrite?(): Promise<void>;
  /** Called after each response 429. The request waits and is sent again. */
  onRateLimited?(): void;
}

/** When a request is sent: by its priority, and of several polls the one with the lowest rank first. */
export type RequestTurn = Omit<Turn, "signal">;

interface ReadRequest<Schema extends z.ZodType> {
  readonly operation: string;
  readonly path: readonly string[];
  /** Of the result in the response's envelope. */
  readonly schema: Schema;
  /** @default the priority of a read */
  readonly turn?: RequestTurn;
}

/** The endpoints of ClickHouse Cloud that this package uses. Every request goes through the limiter of its key. */
export class Client {
  constructor(
    private readonly transport: ApiTransport,
    private readonly limiter: Limiter,
    private readonly clock: Clock,
    private readonly key: ApiKey,
  ) {}

  async getScaling(
    target: ServiceRef,
    turn: RequestTurn,
    caller?: RequestContext,
  ): Promise<contract.Scaling> {
    const operation = `reading the ClickPipes size of service ${target.serviceId}`;
    const path = [...toServicePath(target), "clickpipesCdcScaling"];
    return this.get({ operation, path, schema: contract.scalingSchema, turn }, caller);
  }

  /** Ignores the body of the response: only a later read tells the size that the service really has. */
  async patchScaling(target: ServiceRef, size: contract.Scaling, caller?: RequestContext): Promise<void> {
    const operation = `setting the ClickPipes size of service ${target.serviceId} to ${size.replicaCpuMillicores / 1_000} cores`;
    const path = [...toServicePath(target), "clickpipesCdcScaling"];
    await this.write({ method: "PATCH", path, body: size, operation }, caller);
  }

  async getService(target: ServiceRef, caller?: RequestContext): Promise<contract.Service> {
    const operation = `reading service ${target.serviceId}`;
    return this.get({ operation, path: toServicePath(target), schema: contract.serviceSchema }, caller);
  }

  async wakeService(target: ServiceRef, caller?: RequestContext): Promise<void> {
    const path = [...toServicePath(target), "state"];
    const operation = `waking service ${target.serviceId}`;
    await this.write({ method: "PATCH", path, body: { command: "awake" }, operation }, caller);
  }

  async listClickPipes(target: ServiceRef, caller?: RequestContext): Promise<contract.ClickPipe[]> {
    const operation = `listing the ClickPipes of service ${target.serviceId}`;
    const path = [...toServicePath(target), "clickpipes"];
    return this.get({ operation, path, schema: contract.clickPipeSchema.array() }, caller);
  }

  /**
   * Reads how many bytes the initial loads of each pipe have fetched, by the ids of the pipes. ClickHouse refreshes it every minute. An idle
   * service has none.
   */
  async readLoadedBytes(target: ServiceRef, caller?: RequestContext): Promise<ReadonlyMap<string, number>> {
    const operation = `reading the metrics of service ${target.serviceId}`;
    const request = { method: "GET", path: [...toServicePath(target), "prometheus"], operation } as const;
    const accept = "text/plain";
    const turn = { priority: Priority.read };
    const query = { filtered_metrics: "true" };
    const filtered = await this.call({ ...request, accept, query }, turn, caller);
    if (hasPipeMetrics(filtered.text)) return parseLoadedBytes(filtered.text);
    return parseLoadedBytes((await this.call({ ...request, accept }, turn, caller)).text);
  }

  async getOrganization(organizationId: string, caller?: RequestContext): Promise<contract.Organization> {
    const operation = `reading organization ${organizationId}`;
    const path = ["organizations", organizationId];
    return this.get({ operation, path, schema: contract.organizationSchema }, caller);
  }

  async listOrganizations(caller?: RequestContext): Promise<contract.Organization[]> {
    const operation = "listing the organizations of the key";
    return this.get(
      { operation, path: ["organizations"], schema: contract.organizationSchema.array() },
      caller,
    );
  }

  private async get<Schema extends z.ZodType>(
    { operation, path, schema, turn = { priority: Priority.read } }: ReadRequest<Schema>,
    caller?: RequestContext,
  ): Promise<z.infer<Schema>> {
    const response = await this.call({ method: "GET", path, operation }, turn, caller);
    const parsed = contract.createEnvelopeSchema(schema).safeParse(response.json);
    if (parsed.success) return (parsed.data as { result: z.infer<Schema> }).result;
    const issue = parsed.error.issues[0];
    const where = issue === undefined ? "" : `: ${issue.path.join(".") || "body"}: ${issue.message}`;
    throw new NoResponseError(
      "invalid-response",
      {
        operation,
        status: response.status,
        observed: `HTTP ${response.status} with an unexpected body${this.transport.redact(where)}`,
        requestId: readRequestId(response, this.transport),
      },
      "unknown",
      true,
    );
  }

  private async write(request: HttpRequest, caller?: RequestContext): Promise<void> {
    await this.call(request, { priority: Priority.write }, caller);
  }

  /** Sends a request, and sends it again after each 429, which took no effect, when the limit allows. */
  private async call(
    request: HttpRequest,
    { priority, rank }: RequestTurn,
    caller?: RequestContext,
  ): Promise<HttpResponse> {
    const signal = caller?.signal;
    const sent = { ...request, responseTimeoutMs: caller?.responseTimeoutMs };
    const send = async () => {
      if (priority === Priority.write) await caller?.beforeWrite?.();
      return this.transport.send(sent, signal);
    };
    for (;;) {
      const turn = { priority, rank, signal: caller?.turnSignal ?? signal };
      const response = await this.limiter.run(turn, send);
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
    // What a gateway says of a key that it refuses may repeat it, and helps nobody.
    const isKeyRefused = response.status === 401 || response.status === 403;
    const body = envelope?.error ?? (response.json === undefined ? "" : response.text);
    const text = isKeyRefused ? "" : this.transport.redact(body);
    const facts = {
      operation: request.operation,
      status: response.status,
      observed: `HTTP ${response.status}${text === "" ? "" : ` "${text}"`}`,
      requestId: readRequestId(response, this.transport),
    };
    if (response.status === 424) return new ServiceNotAwakeError(facts);
    const { source, isFromConfig } = this.key;
    const { apiUrl } = this.transport;
    return new ApiError({ ...facts, apiUrl, key: { source, isFromConfig } });
  }
}

function toServicePath(target: ServiceRef): string[] {
  return ["organizations", target.organizationId, "services", target.serviceId];
}
