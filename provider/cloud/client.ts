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
    const operation = `read the ClickPipes size of service ${target.serviceId}`;
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
    const operation = `set the ClickPipes size of service ${target.serviceId} to ${size.replicaCpuMillicores / 1_000} cores`;
    const path = [...toServicePath(target), "clickpipesCdcScaling"];
    await this.write({ method: "PATCH", path, body: size, operation }, caller);
  }

  async getService(target: ServiceRef, caller?: RequestContext): Promise<contract.Service> {
    return this.get(
      `read service ${target.serviceId}`,
      toServicePath(target),
      contract.serviceSchema,
      caller,
    );
  }

  async wakeService(target: ServiceRef, caller?: RequestContext): Promise<void> {
    const path = [...toServicePath(target), "state"];
    const operation = `wake service ${target.serviceId}`;
    await this.write({ method: "PATCH", path, body: { command: "awake" }, operation }, caller);
  }

  async listClickPipes(target: ServiceRef, caller?: RequestContext): Promise<contract.ClickPipe[]> {
    const operation = `list the ClickPipes of service ${target.serviceId}`;
    return this.get(
      operation,
      [...toServicePath(target), "clickpipes"],
      contract.clickPipeSchema.array(),
      caller,
    );
  }

  async getOrganization(organizationId: string, caller?: RequestContext): Promise<contract.Organization> {
    const operation = `read organization ${organizationId}`;
    return this.get(operation, ["organizations", organizationId], contract.organizationSchema, caller);
  }

  async listOrganizations(caller?: RequestContext): Promise<contract.Organization[]> {
    return this.get(
      "list the key's organizations",
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
      {
        operation,
        observed: `an answer ${answer.status} that is not what the API documents${redact(where, this.transport.secrets)}`,
        remedy:
          "Run the command again; if it stays so, check the API address, or whether a newer release exists",
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
      throw this.failure(request, answer);
    }
  }

  private failure(request: HttpRequest, answer: HttpResponse): Error {
    const envelope = contract.errorEnvelopeSchema.safeParse(answer.json).data;
    const said = redact(
      envelope?.error ?? (answer.json === undefined ? "" : answer.text),
      this.transport.secrets,
    );
    const facts = {
      operation: request.operation,
      observed: `the API answered ${answer.status}${said === "" ? "" : ` "${said}"`}`,
      requestId: readRequestId(answer, this.transport.secrets),
    };
    if (answer.status === 424) {
      return new ServiceNotAwakeError({
        ...facts,
        remedy:
          "Start or wake the service; with `wakeService: true` an `up` or destroy wakes an idle one itself (that costs)",
      });
    }
    return new ApiError({ ...facts, remedy: this.nextAfter(answer.status) }, answer.status);
  }

  private nextAfter(status: number): string {
    const { source, fromConfig } = this.key;
    if (status === 401) {
      return fromConfig
        ? `The key from ${source} is not accepted. Refresh and destroy use the config of the last \`pulumi up\`: after a ` +
            "rotation run `pulumi up` first, or add `--run-program`. A key in the environment instead helps from the next " +
            "`pulumi up` on"
        : `The key from ${source} is not accepted: check that it is whole, enabled and not expired`;
    }
    if (status === 403)
      return `The key from ${source} needs the Admin role in the organization that owns the service`;
    if (status === 404)
      return "Check the service's and the organization's id, that the service is still there, and that the key is of that organization";
    if (status === 400) return "The API refuses the request as it stands: check the ids and the size";
    if (status >= 300 && status < 400)
      return "Redirects are not followed, since they would carry the key away: check the API address";
    if (status >= 500) return "ClickHouse Cloud has a problem: run the command again later";
    return "Run the command again; if it stays so, ask ClickHouse support with the requestId";
  }
}

function toServicePath(target: ServiceRef): string[] {
  return ["organizations", target.organizationId, "services", target.serviceId];
}
