import type { z } from "zod";
import { createEnvelopeSchema } from "../../provider/cloud/schemas";
import { type Limiter, Priority } from "../../provider/cloud/rate-limit/limiter";
import { parseRetryAfterMs } from "../../provider/cloud/rate-limit/retry-after";
import { readRequestId } from "../../provider/cloud/request-id";
import type { HttpResponse, HttpRequest, Transport } from "../../provider/cloud/transport";
import { ApiError, isTransient, SettingsError } from "../../provider/errors";
import type { Clock } from "../../provider/wait/clock";
import { retry } from "../../provider/wait/backoff";

/** Requests whose answer is what the probe is about, whatever its status; within the key's limit. */
export class Caller {
  constructor(
    readonly transport: Pick<Transport, "send" | "secrets">,
    private readonly limiter: Limiter,
    readonly clock: Clock,
    readonly signal: AbortSignal,
  ) {}

  /** The result of an answer that must be one; an error that says what came where it is not. */
  async result<Result extends z.ZodType>(
    result: Result,
    ...path: readonly string[]
  ): Promise<z.infer<Result>> {
    const answer = await this.get(...path);
    const parsed = createEnvelopeSchema(result).safeParse(answer.json);
    if (answer.status === 200 && parsed.success) return (parsed.data as { result: z.infer<Result> }).result;
    throw new SettingsError({
      operation: "read what the key may see",
      observed: `the API answered ${answer.status}`,
      remedy:
        answer.status === 404
          ? "Check the service's id, and the organization's in CLICKHOUSE_ORG_ID"
          : "Check the key in CLICKHOUSE_CLOUD_API_KEY and CLICKHOUSE_CLOUD_API_SECRET, and that it has the Admin role",
      requestId: readRequestId(answer, this.transport.secrets),
    });
  }

  get(...path: readonly string[]): Promise<HttpResponse> {
    const request = { method: "GET", path, operation: `read ${path.at(-1) ?? "the API"}` } as const;
    return this.persisting(async () => {
      const answer = await this.call(request, this.signal);
      if (answer.status < 500) return answer;
      const facts = {
        operation: request.operation,
        observed: `the API answered ${answer.status}`,
        remedy: "Run the probe again later",
        requestId: readRequestId(answer, this.transport.secrets),
      };
      throw new ApiError(facts, answer.status);
    }, this.signal);
  }

  patch(body: object, ...path: readonly string[]): Promise<HttpResponse> {
    return this.call(
      { method: "PATCH", path, body, operation: `change ${path.at(-1) ?? "the service"}` },
      this.signal,
    );
  }

  /** Also when the probe was interrupted: what it changed has to be put back. */
  patchAtTheEnd(body: object, ...path: readonly string[]): Promise<HttpResponse> {
    const { signal } = new AbortController();
    return this.persisting(
      () => this.call({ method: "PATCH", path, body, operation: "put back the size" }, signal),
      signal,
    );
  }

  private persisting(work: () => Promise<HttpResponse>, signal: AbortSignal): Promise<HttpResponse> {
    return retry(this.clock, signal, isTransient, work);
  }

  private async call(request: HttpRequest, signal: AbortSignal): Promise<HttpResponse> {
    for (;;) {
      const answer = await this.limiter.run({ priority: Priority.read, signal }, () =>
        this.transport.send(request, signal),
      );
      if (answer.status !== 429) return answer;
      this.limiter.onRateLimited(parseRetryAfterMs(answer.headers, this.clock.date()));
    }
  }
}
