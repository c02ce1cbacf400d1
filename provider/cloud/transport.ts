import type { Agent } from "node:http";
import { NoResponseError, SettingsError } from "../errors";
import type { ApiKey } from "./api-key";
import type { Clock } from "../wait/clock";
import { loadHttpLibraries } from "./http-libraries";
import { createAgent, InvalidProxyError, ProxyRefusedError } from "./proxy";
import { Redactor } from "./redactor";
import { TimeoutSignal } from "../wait/timeout-signal";

/** ClickHouse's gateway gives up after about 30 s, so a response that takes longer will not come. */
const REQUEST_TIMEOUT_MS = 35_000;

/** Codes of a certificate that can't be verified. */
const UNTRUSTED_CODES = /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|TLS/;

const MAX_RESPONSE_BYTES = 1024 * 1024;

/** Codes of a failed connection that mean that no request reached the server. */
const NOT_SENT_CODES = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"]);

export interface HttpRequest {
  readonly method: "GET" | "PATCH";
  /** The parts of the path below the API's address. Each is encoded. */
  readonly path: readonly string[];
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
  /** The type of the response. @default "application/json" */
  readonly accept?: string;
  /** How long the response may take. @default 35 s */
  readonly responseTimeoutMs?: number | undefined;
  /** What the request does, as a gerund, for messages: "reading service X". */
  readonly operation: string;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  /** Undefined if the body is not JSON. */
  readonly json: unknown;
  readonly text: string;
}

/** What a client needs of a transport. The address is for messages. */
export type ApiTransport = Pick<Transport, "send" | "redact"> & Partial<Pick<Transport, "apiUrl">>;

/** Sends HTTP requests to ClickHouse Cloud with one key, and limits the time and the size of each response. */
export class Transport {
  private readonly agents = new Map<string, Agent | undefined>();
  readonly #key: ApiKey;
  readonly #redactor: Redactor;

  constructor(
    readonly apiUrl: URL,
    key: ApiKey,
    private readonly clock: Clock,
  ) {
    this.#key = key;
    this.#redactor = new Redactor(key.listSecrets());
  }

  /** Returns text of a response as a message may show it: one line, not long, without the key. */
  redact(text: string): string {
    return this.#redactor.redact(text);
  }

  async send(request: HttpRequest, signal?: AbortSignal): Promise<HttpResponse> {
    const url = this.toUrl(request);
    const agent = this.getAgent(url, request);
    const { AbortError, fetch, FetchError } = loadHttpLibraries();
    const limit = new TimeoutSignal(this.clock, getTimeoutMs(request), signal);
    let status: number | undefined;
    try {
      const response = await fetch(url, {
        method: request.method,
        headers: {
          authorization: this.#key.authorization,
          accept: request.accept ?? "application/json",
          "user-agent": "pulumi-clickpipes",
          ...(request.body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
        // Following a redirect would send the key to wherever it points.
        redirect: "manual",
        size: MAX_RESPONSE_BYTES,
        agent,
        signal: limit.signal,
      });
      status = response.status;
      const text = await response.text();
      return { status, headers: response.headers, json: parseJson(text), text };
    } catch (error) {
      // Anything else is a fault of the program's environment, such as a test runner's, and no retry helps.
      if (!(error instanceof FetchError || error instanceof AbortError)) throw error;
      throw this.createNoResponseError(request, { error, status, hasTimedOut: limit.hasTimedOut });
    } finally {
      limit.dispose();
    }
  }

  private toUrl(request: HttpRequest): URL {
    const base = this.apiUrl.href.replace(/\/+$/, "");
    // A URL resolves these parts to another path, even if they are encoded.
    const stray = request.path.find((part) => /^\.{0,2}$/.test(part));
    if (stray !== undefined) {
      throw new SettingsError("invalid-id", {
        operation: request.operation,
        observed: `an id is "${stray}"`,
      });
    }
    const url = new URL([base, ...request.path.map(encodeURIComponent)].join("/"));
    for (const [name, value] of Object.entries(request.query ?? {})) url.searchParams.set(name, value);
    return url;
  }

  private getAgent(url: URL, { operation }: HttpRequest): Agent | undefined {
    const known = this.agents.get(url.origin);
    if (known !== undefined) return known;
    try {
      const agent = createAgent(url);
      this.agents.set(url.origin, agent);
      return agent;
    } catch (cause) {
      if (!(cause instanceof InvalidProxyError)) throw cause;
      throw new SettingsError("invalid-proxy", {
        operation,
        observed: "the proxy in environment HTTPS_PROXY or ALL_PROXY is not the address of an HTTP proxy",
        cause,
      });
    }
  }

  private createNoResponseError(request: HttpRequest, failure: RequestFailure): NoResponseError {
    const { error, status, hasTimedOut } = failure;
    const code = getCode(error);
    const reason = this.redact(describeReason(error));
    const facts = {
      operation: request.operation,
      apiUrl: this.apiUrl,
      // Not the error itself: its texts may repeat what was sent.
      cause: Object.assign(new Error(reason), { code }),
    };
    if (hasTimedOut) {
      const observed = `no complete response within ${getTimeoutMs(request) / 1_000} s`;
      return new NoResponseError("no-response", { ...facts, observed }, toOutcome(status), true);
    }
    if (status !== undefined) {
      const observed = `HTTP ${status}, but the response could not be read (${reason})`;
      return new NoResponseError("invalid-response", { ...facts, status, observed }, toOutcome(status), true);
    }
    const observed = `no response (${reason})`;
    const proxyStatus = ProxyRefusedError.statusIn(code);
    if (proxyStatus !== undefined) {
      const refusal = proxyStatus === 407 ? "proxy-authentication" : "proxy-refused";
      return new NoResponseError(refusal, { ...facts, observed }, "not-sent", proxyStatus >= 500);
    }
    if (code !== undefined && UNTRUSTED_CODES.test(code)) {
      return new NoResponseError("certificate-not-trusted", { ...facts, observed }, "not-sent", false);
    }
    const outcome = code !== undefined && NOT_SENT_CODES.has(code) ? "not-sent" : "unknown";
    return new NoResponseError("no-response", { ...facts, observed }, outcome, true);
  }
}

interface RequestFailure {
  readonly error: Error;
  /** Of the response's head, if it arrived. */
  readonly status: number | undefined;
  readonly hasTimedOut: boolean;
}

/** A response with a success status took effect, even if its body was lost. */
function toOutcome(status: number | undefined): "taken" | "unknown" {
  return status !== undefined && status >= 200 && status < 300 ? "taken" : "unknown";
}

function getTimeoutMs({ responseTimeoutMs }: HttpRequest): number {
  return responseTimeoutMs ?? REQUEST_TIMEOUT_MS;
}

/** The message of an error. Adds the code if the message lacks it, as for a name with several addresses. */
function describeReason(error: Error): string {
  const code = getCode(error);
  return code === undefined || error.message.includes(code) ? error.message : `${error.message} ${code}`;
}

function getCode(error: Error & { code?: unknown }): string | undefined {
  return typeof error.code === "string" ? error.code : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
