import { type Limiter, Priority } from "../../provider/api/limiter";
import { rateLimitResetMs } from "../../provider/api/rate-limit-reset";
import type { Answer, Request, Transport } from "../../provider/api/transport";
import { ApiError, isTransient } from "../../provider/errors";
import type { Clock } from "../../provider/wait/clock";
import { retrying } from "../../provider/wait/retry";

/** Requests whose answer is what the probe is about, whatever its status; within the key's limit. */
export class Caller {
  constructor(
    readonly transport: Pick<Transport, "send">,
    private readonly limiter: Limiter,
    readonly clock: Clock,
    readonly signal: AbortSignal,
  ) {}

  get(...path: readonly string[]): Promise<Answer> {
    const request = { method: "GET", path, asked: `read ${path.at(-1) ?? "the API"}` } as const;
    return this.persisting(async () => {
      const answer = await this.call(request, this.signal);
      if (answer.status < 500) return answer;
      const seen = `the API answered ${answer.status}`;
      throw new ApiError({ asked: request.asked, seen, next: "Run the probe again later" }, answer.status);
    }, this.signal);
  }

  patch(body: object, ...path: readonly string[]): Promise<Answer> {
    return this.call(
      { method: "PATCH", path, body, asked: `change ${path.at(-1) ?? "the service"}` },
      this.signal,
    );
  }

  /** Also when the probe was interrupted: what it changed has to be put back. */
  patchAtTheEnd(body: object, ...path: readonly string[]): Promise<Answer> {
    const { signal } = new AbortController();
    return this.persisting(
      () => this.call({ method: "PATCH", path, body, asked: "put back the size" }, signal),
      signal,
    );
  }

  private persisting(work: () => Promise<Answer>, signal: AbortSignal): Promise<Answer> {
    return retrying(this.clock, signal, isTransient, work);
  }

  private async call(request: Request, signal: AbortSignal): Promise<Answer> {
    for (;;) {
      const answer = await this.limiter.run(
        Priority.read,
        () => this.transport.send(request, signal),
        signal,
      );
      if (answer.status !== 429) return answer;
      this.limiter.refused(rateLimitResetMs(answer.headers, this.clock.date()));
    }
  }
}
