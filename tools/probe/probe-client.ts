import type { z } from "zod";
import { type Limiter, Priority } from "../../provider/cloud/rate-limit/limiter";
import { parseRetryAfterMs } from "../../provider/cloud/rate-limit/retry-after";
import { readRequestId } from "../../provider/cloud/request-id";
import { createEnvelopeSchema } from "../../provider/cloud/schemas";
import type { ApiTransport, HttpRequest, HttpResponse } from "../../provider/cloud/transport";
import { ApiError, ClickPipesError, isTransient } from "../../provider/errors";
import { retry } from "../../provider/wait/backoff";
import type { Clock } from "../../provider/wait/clock";

/** Sends requests within the key's rate limit, and returns responses of any status: the status is what the probe tests. */
export class ProbeClient {
  constructor(
    readonly transport: ApiTransport,
    private readonly limiter: Limiter,
    readonly clock: Clock,
    readonly signal: AbortSignal,
  ) {}

  /** Reads a result that has to exist; any other response is an error. */
  async read<Result extends z.ZodType>(schema: Result, ...path: readonly string[]): Promise<z.infer<Result>> {
    const response = await this.get(...path);
    const parsed = createEnvelopeSchema(schema).safeParse(response.json);
    if (response.status === 200 && parsed.success) return (parsed.data as { result: z.infer<Result> }).result;
    throw this.createError(response, "reading what the key has access to");
  }

  get(...path: readonly string[]): Promise<HttpResponse> {
    const request = { method: "GET", path, operation: `reading ${path.at(-1) ?? "the API"}` } as const;
    return this.sendWithRetries(async () => {
      const response = await this.send(request, this.signal);
      if (response.status < 500) return response;
      throw this.createError(response, request.operation);
    }, this.signal);
  }

  /** Reads what may be missing or fail, without retries. Undefined if there is no response. */
  async tryGet(...path: readonly string[]): Promise<HttpResponse | undefined> {
    try {
      return await this.send(
        { method: "GET", path, operation: `reading ${path.at(-1) ?? "the API"}` },
        this.signal,
      );
    } catch (error) {
      if (error instanceof ClickPipesError) return undefined;
      throw error;
    }
  }

  private createError(response: HttpResponse, operation: string): ApiError {
    const { status } = response;
    return new ApiError({
      operation,
      status,
      observed: `HTTP ${status}`,
      requestId: readRequestId(response, this.transport),
      key: { source: "environment CLICKHOUSE_CLOUD_API_KEY", isFromConfig: false },
    });
  }

  patch(body: object, ...path: readonly string[]): Promise<HttpResponse> {
    const operation = `changing ${path.at(-1) ?? "the service"}`;
    return this.send({ method: "PATCH", path, body, operation }, this.signal);
  }

  /** Restores what the probe has changed, even if it was interrupted. */
  restore(body: object, ...path: readonly string[]): Promise<HttpResponse> {
    const { signal } = new AbortController();
    const request = { method: "PATCH", path, body, operation: "restoring the size" } as const;
    return this.sendWithRetries(() => this.send(request, signal), signal);
  }

  private sendWithRetries(send: () => Promise<HttpResponse>, signal: AbortSignal): Promise<HttpResponse> {
    return retry(this.clock, signal, isTransient, send);
  }

  private async send(request: HttpRequest, signal: AbortSignal): Promise<HttpResponse> {
    for (;;) {
      const response = await this.limiter.run({ priority: Priority.read, signal }, () =>
        this.transport.send(request, signal),
      );
      if (response.status !== 429) return response;
      this.limiter.onRateLimited(parseRetryAfterMs(response.headers, this.clock.date()));
    }
  }
}
