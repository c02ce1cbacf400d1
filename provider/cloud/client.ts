import type { z } from "zod";
import type { Key } from "./settings";
import { ApiError, NoAnswerError, ServiceNotAwakeError } from "../errors";
import type { Clock } from "../wait/clock";
import * as contract from "./schemas";
import { type Limiter, Priority } from "./rate-limit/limiter";
import { rateLimitResetMs } from "./rate-limit/retry-after";
import { redacted } from "./redact";
import { requestIdOf } from "./request-id";
import type { Answer, Request, Transport } from "./transport";

/** A service of an organisation: what every request is about. */
export interface Target {
  readonly organizationId: string;
  readonly serviceId: string;
}

/** On whose behalf a request is sent. */
export interface Caller {
  /** Ends the request, or its wait for a place within the limit. */
  readonly signal?: AbortSignal;
  /** How long each answer may take, from when its request is sent. Default: 35 s. */
  readonly answerWithinMs?: number;
  /** Called when a request that changes something has its place and is about to leave; what it throws holds the request back. */
  beforeWrite?(): Promise<void>;
  /** Told of each answer 429, after which the request waits and is sent again. */
  refused?(): void;
}

/** ClickHouse Cloud's endpoints that this package uses, typed; every request goes through the key's limiter. */
export class Client {
  constructor(
    private readonly transport: Pick<Transport, "send" | "secrets">,
    private readonly limiter: Limiter,
    private readonly clock: Clock,
    private readonly key: Key,
  ) {}

  /** `rank` says which of several polls goes first: the lowest. */
  async getScaling(
    target: Target,
    priority: Priority,
    caller?: Caller,
    rank?: number,
  ): Promise<contract.Scaling> {
    const asked = `read the ClickPipes size of service ${target.serviceId}`;
    return this.get(
      asked,
      [...servicePath(target), "clickpipesCdcScaling"],
      contract.scaling,
      caller,
      priority,
      rank,
    );
  }

  /** The answer's body is not looked at: only a later read tells the size that the service really has. */
  async patchScaling(target: Target, size: contract.Scaling, caller?: Caller): Promise<void> {
    const asked = `set the ClickPipes size of service ${target.serviceId} to ${size.replicaCpuMillicores / 1_000} cores`;
    const path = [...servicePath(target), "clickpipesCdcScaling"];
    await this.write({ method: "PATCH", path, body: size, asked }, caller);
  }

  async getService(target: Target, caller?: Caller): Promise<contract.Service> {
    return this.get(`read service ${target.serviceId}`, servicePath(target), contract.service, caller);
  }

  async wakeService(target: Target, caller?: Caller): Promise<void> {
    const path = [...servicePath(target), "state"];
    const asked = `wake service ${target.serviceId}`;
    await this.write({ method: "PATCH", path, body: { command: "awake" }, asked }, caller);
  }

  async listClickPipes(target: Target, caller?: Caller): Promise<contract.ClickPipe[]> {
    const asked = `list the ClickPipes of service ${target.serviceId}`;
    return this.get(asked, [...servicePath(target), "clickpipes"], contract.clickPipe.array(), caller);
  }

  async getOrganization(organizationId: string, caller?: Caller): Promise<contract.Organization> {
    const asked = `read organisation ${organizationId}`;
    return this.get(asked, ["organizations", organizationId], contract.organization, caller);
  }

  async listOrganizations(caller?: Caller): Promise<contract.Organization[]> {
    return this.get("list the key's organisations", ["organizations"], contract.organization.array(), caller);
  }

  private async get<Result extends z.ZodType>(
    asked: string,
    path: readonly string[],
    result: Result,
    caller?: Caller,
    priority: Priority = Priority.read,
    rank?: number,
  ): Promise<z.infer<Result>> {
    const answer = await this.call({ method: "GET", path, asked }, priority, caller, rank);
    const parsed = contract.answerOf(result).safeParse(answer.json);
    if (parsed.success) return (parsed.data as { result: z.infer<Result> }).result;
    const issue = parsed.error.issues[0];
    const where = issue === undefined ? "" : `: ${issue.path.join(".") || "body"}: ${issue.message}`;
    throw new NoAnswerError(
      {
        asked,
        seen: `an answer ${answer.status} that is not what the API documents${redacted(where, this.transport.secrets)}`,
        next: "Run the command again; if it stays so, check the API address, or whether a newer release exists",
        requestId: requestIdOf(answer, this.transport.secrets),
      },
      "unknown",
      true,
    );
  }

  private async write(request: Request, caller?: Caller): Promise<void> {
    await this.call(request, Priority.write, caller);
  }

  /** Sends, and after each 429 (which certainly took no effect) sends again as soon as the limit allows. */
  private async call(request: Request, priority: Priority, caller?: Caller, rank?: number): Promise<Answer> {
    const signal = caller?.signal;
    const sent = { ...request, answerWithinMs: caller?.answerWithinMs };
    const send = async () => {
      if (priority === Priority.write) await caller?.beforeWrite?.();
      return this.transport.send(sent, signal);
    };
    for (;;) {
      const answer = await this.limiter.run({ priority, rank, signal }, send);
      if (answer.status === 429) {
        caller?.refused?.();
        this.limiter.onRateLimited(rateLimitResetMs(answer.headers, this.clock.date()));
        continue;
      }
      this.limiter.onAccepted();
      if (answer.status >= 200 && answer.status < 300) return answer;
      throw this.failure(request, answer);
    }
  }

  private failure(request: Request, answer: Answer): Error {
    const envelope = contract.errorEnvelope.safeParse(answer.json).data;
    const said = redacted(
      envelope?.error ?? (answer.json === undefined ? "" : answer.text),
      this.transport.secrets,
    );
    const facts = {
      asked: request.asked,
      seen: `the API answered ${answer.status}${said === "" ? "" : ` "${said}"`}`,
      requestId: requestIdOf(answer, this.transport.secrets),
    };
    if (answer.status === 424) {
      return new ServiceNotAwakeError({
        ...facts,
        next: "Start or wake the service; with `wakeService: true` an `up` or destroy wakes an idle one itself (that costs)",
      });
    }
    return new ApiError({ ...facts, next: this.nextAfter(answer.status) }, answer.status);
  }

  private nextAfter(status: number): string {
    const { place, fromConfig } = this.key;
    if (status === 401) {
      return fromConfig
        ? `The key from ${place} is not accepted. Refresh and destroy use the config of the last \`pulumi up\`: after a ` +
            "rotation run `pulumi up` first, or add `--run-program`. A key in the environment instead helps from the next " +
            "`pulumi up` on"
        : `The key from ${place} is not accepted: check that it is whole, enabled and not expired`;
    }
    if (status === 403)
      return `The key from ${place} needs the Admin role in the organisation that owns the service`;
    if (status === 404)
      return "Check the service's and the organisation's id, that the service is still there, and that the key is of that organisation";
    if (status === 400) return "The API refuses the request as it stands: check the ids and the size";
    if (status >= 300 && status < 400)
      return "Redirects are not followed, since they would carry the key away: check the API address";
    if (status >= 500) return "ClickHouse Cloud has a problem: run the command again later";
    return "Run the command again; if it stays so, ask ClickHouse support with the requestId";
  }
}

function servicePath(target: Target): string[] {
  return ["organizations", target.organizationId, "services", target.serviceId];
}
