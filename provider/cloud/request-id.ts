import { errorEnvelopeSchema } from "./schemas";
import type { ApiTransport, HttpResponse } from "./transport";

/** Reads the id of a failed request, which support asks for. */
export function readRequestId(
  response: HttpResponse,
  transport: Pick<ApiTransport, "redact">,
): string | undefined {
  const requestId = errorEnvelopeSchema.safeParse(response.json).data?.requestId;
  return requestId === undefined ? undefined : transport.redact(requestId);
}
