/**
 * Every status beyond the OpenAPI document's 200, 400 and 500, and where it is known from: "documented" in ClickHouse's
 * documentation, "read" in public source or a public issue, "guess" where nobody has checked it.
 */
export const ERROR_RESPONSES = {
  unauthorized: { status: 401, error: "Authentication required", source: "guess" },
  forbidden: { status: 403, error: "The key may not act for this organization", source: "guess" },
  notFound: { status: 404, error: "Not found", source: "guess" },
  notAwake: { status: 424, error: "Current state: ", source: "read" },
  conflict: { status: 409, error: "Another change is under way", source: "guess" },
  tooManyRequests: { status: 429, error: "Too many requests", source: "documented" },
} as const;

/** In the OpenAPI document. */
export const DOCUMENTED_STATUSES = [200, 400, 500] as const;

export type ApiResponse =
  | { readonly status: 200; readonly result: unknown }
  | {
      readonly status: number;
      readonly error: string;
      readonly headers?: Readonly<Record<string, string>>;
    };

export function respondWith(result: unknown): ApiResponse {
  return { status: 200, result };
}

export function respondWithError(
  answer: keyof typeof ERROR_RESPONSES,
  detail = "",
  headers?: Record<string, string>,
): ApiResponse {
  const { status, error } = ERROR_RESPONSES[answer];
  return { status, error: error + detail, ...(headers === undefined ? {} : { headers }) };
}

export function respondWithBadRequest(error: string): ApiResponse {
  return { status: 400, error };
}
