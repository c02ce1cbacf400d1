import { errorEnvelopeSchema } from "./schemas";
import { redact } from "./redact";
import type { HttpResponse } from "./transport";

/** Reads the id of a failed request, which support asks for. */
export function readRequestId(response: HttpResponse, secrets: readonly string[]): string | undefined {
  const requestId = errorEnvelopeSchema.safeParse(response.json).data?.requestId;
  return requestId === undefined ? undefined : redact(requestId, secrets);
}
