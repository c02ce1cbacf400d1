/**
 * What goes wrong with a request. With `applied` the request still takes effect, although its client gets no proper response.
 *
 * @public
 */
export type Fault =
  /** A response with this status. Its body is an error envelope, or the given text. */
  | {
      readonly kind: "status";
      readonly status: number;
      readonly body?: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly applied?: boolean;
    }
  /** The connection breaks before the response, or in the middle of it. */
  | { readonly kind: "reset"; readonly when: "before" | "middle"; readonly applied?: boolean }
  /** No response. */
  | { readonly kind: "silence"; readonly applied?: boolean }
  /** The response starts and never ends. */
  | { readonly kind: "endless"; readonly applied?: boolean }
  /** A response with this many bytes. */
  | { readonly kind: "huge"; readonly bytes: number; readonly applied?: boolean }
  /** The normal response with a changed body, such as truncated JSON, no body, wrong types or unknown fields. */
  | {
      readonly kind: "rewrite";
      /** Returns the changed body. */
      readonly rewrite: (body: string) => string;
      readonly applied?: boolean;
    }
  /** The normal response after `ms` milliseconds of real time. */
  | { readonly kind: "delay"; readonly ms: number };

/**
 * A fault and the requests that it hits.
 *
 * @public
 */
export interface FaultRule {
  /**
   * The HTTP method.
   * @default any method
   */
  readonly method?: string;
  /**
   * A pattern for the path, which starts with `/v1`.
   * @default any path
   */
  readonly path?: RegExp;
  /**
   * How many matching requests pass before the first hit.
   * @default 0
   */
  readonly after?: number;
  /**
   * How many requests it hits. No effect with `forMs`.
   * @default 1
   */
  readonly times?: number;
  /** Hits every matching request for this long, in milliseconds from the first hit. */
  readonly forMs?: number;
  /** What happens to the requests that match. */
  readonly fault: Fault;
}
