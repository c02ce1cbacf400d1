import { errorEnvelope } from "./schemas";
import { redacted } from "./redact";
import type { Answer } from "./transport";

/** What support asks for: the id that an answer which is not success gives its request. */
export function requestIdOf(answer: Answer, secrets: readonly string[]): string | undefined {
  const requestId = errorEnvelope.safeParse(answer.json).data?.requestId;
  return requestId === undefined ? undefined : redacted(requestId, secrets);
}
