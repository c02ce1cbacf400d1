/**
 * Every status beyond the OpenAPI document's 200, 400 and 500, and where it is known from: "documented" in ClickHouse's
 * documentation, "read" in public source or a public issue, "guess" where nobody has checked it.
 */
export const ANSWERS = {
  unauthorized: { status: 401, error: "Authentication required", source: "guess" },
  forbidden: { status: 403, error: "The key may not act for this organization", source: "guess" },
  notFound: { status: 404, error: "Not found", source: "guess" },
  notAwake: { status: 424, error: "Current state: ", source: "read" },
  conflict: { status: 409, error: "Another change is under way", source: "guess" },
  tooMany: { status: 429, error: "Too many requests", source: "documented" },
} as const;

/** In the OpenAPI document. */
export const DOCUMENTED_STATUSES = [200, 400, 500] as const;

export type Reply =
  | { readonly status: 200; readonly result: unknown }
  | {
      readonly status: number;
      readonly error: string;
      readonly headers?: Readonly<Record<string, string>>;
    };

export function ok(result: unknown): Reply {
  return { status: 200, result };
}

export function refuse(answer: keyof typeof ANSWERS, detail = "", headers?: Record<string, string>): Reply {
  const { status, error } = ANSWERS[answer];
  return { status, error: error + detail, ...(headers === undefined ? {} : { headers }) };
}

export function badRequest(error: string): Reply {
  return { status: 400, error };
}
