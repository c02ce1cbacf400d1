/**
 * Responses whose status is not in the OpenAPI document, and where each one comes from: `documented` in ClickHouse's
 * documentation, `public-code` seen in public source code or a public bug report, `guess` not checked by anybody.
 *
 * @public
 */
export const ERROR_RESPONSES = {
  unauthorized: { status: 401, error: "Authentication required", source: "guess" },
  forbidden: { status: 403, error: "The key may not act for this organization", source: "guess" },
  notFound: { status: 404, error: "Not found", source: "guess" },
  notAwake: { status: 424, error: "Current state: ", source: "public-code" },
  conflict: { status: 409, error: "Another change is under way", source: "guess" },
  tooManyRequests: { status: 429, error: "Too many requests", source: "documented" },
} as const;

/**
 * The statuses in the OpenAPI document.
 *
 * @public
 */
export const DOCUMENTED_STATUSES = [200, 400, 500] as const;

/** What an endpoint returns, before it is put into the API's envelope. */
export type ApiResponse =
  | { readonly status: 200; readonly result: unknown }
  /** Plain text, without the envelope. */
  | { readonly status: 200; readonly text: string }
  | {
      readonly status: number;
      readonly error: string;
      readonly headers?: Readonly<Record<string, string>>;
    };

interface ErrorDetails {
  /** Appended to the error text. */
  readonly detail?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export function respondWith(result: unknown): ApiResponse {
  return { status: 200, result };
}

export function respondWithText(text: string): ApiResponse {
  return { status: 200, text };
}

export function respondWithError(
  name: keyof typeof ERROR_RESPONSES,
  { detail = "", headers = {} }: ErrorDetails = {},
): ApiResponse {
  const { status, error } = ERROR_RESPONSES[name];
  return { status, error: error + detail, headers };
}

export function respondWithBadRequest(error: string): ApiResponse {
  return { status: 400, error };
}

/** Puts the response into ClickHouse Cloud's envelope with a request id of its own, unless it is plain text. */
export function toHttpResponse(response: ApiResponse): Response {
  if ("text" in response) return new Response(response.text, { headers: { "content-type": "text/plain" } });
  const requestId = crypto.randomUUID();
  const { status } = response;
  if ("result" in response) return Response.json({ status, requestId, result: response.result }, { status });
  const { error, headers = {} } = response;
  return Response.json({ status, error, requestId }, { status, headers });
}
