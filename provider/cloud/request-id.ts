import { errorEnvelopeSchema } from "./schemas";
import { redact } from "./redact";
import type { HttpResponse } from "./transport";

/** What support asks for: the id that an answer which is not success gives its request. */
export function readRequestId(answer: HttpResponse, secrets: readonly string[]): string | undefined {
  const requestId = errorEnvelopeSchema.safeParse(answer.json).data?.requestId;
  return requestId === undefined ? undefined : redact(requestId, secrets);
}
