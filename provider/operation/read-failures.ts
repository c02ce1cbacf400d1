import { type ClickPipesError, formatRequestId } from "../errors";

/** Why reads got no size until the time was over, for the message of a timeout. */
export function describeReadFailures({ lastFailure, rateLimitedCount }: ReadFailures): string {
  if (lastFailure !== undefined) {
    const { operation, observed } = lastFailure.facts;
    return `Last failure, while ${operation}: ${observed}${formatRequestId(lastFailure)}`;
  }
  if (rateLimitedCount > 0) return `The API refused ${rateLimitedCount} requests for its rate limit (429)`;
  return "There was no response";
}

interface ReadFailures {
  readonly lastFailure: ClickPipesError | undefined;
  readonly rateLimitedCount: number;
}
