import type { Agent } from "node:http";
import { NoResponseError, SettingsError } from "../errors";
import type { ApiKey } from "./settings";
import type { Clock } from "../wait/clock";
import { createAgent, ProxyRefusedError } from "./proxy";
import { redact } from "./redact";
import { TimeoutSignal } from "../wait/timeout-signal";

/** ClickHouse's gateway gives up after about 30 s; what takes longer will not come. */
const REQUEST_TIMEOUT_MS = 35_000;

const MAX_RESPONSE_BYTES = 1024 * 1024;

/** What a failed connection says when nothing can have reached the server. */
const NOT_SENT_CODES = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"]);

export interface HttpRequest {
  readonly method: "GET" | "PATCH";
  /** Below the API's address; each part is encoded. */
  readonly path: readonly string[];
  readonly body?: object;
  /** How long its answer may take. Default: 35 s. */
  readonly responseTimeoutMs?: number | undefined;
  /** The request in a person's words, for messages. */
  readonly operation: string;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  /** Undefined where the body is not JSON. */
  readonly json: unknown;
  readonly text: string;
}

/** One HTTP request to ClickHouse Cloud, with its key, time limit and size limit. */
export class Transport {
  private readonly agents = new Map<string, Promise<Agent | undefined>>();
  /** What no text may show. */
  readonly secrets: readonly string[];

  constructor(
    private readonly apiUrl: URL,
    private readonly key: ApiKey,
    private readonly clock: Clock,
  ) {
    const whole = this.authorization.replace("Basic ", "");
    this.secrets = [
      whole,
      ...listSpellings(key.secret),
      ...(isLongEnoughToRedact(key.id) ? listSpellings(key.id) : []),
    ];
  }

  async send(request: HttpRequest, signal?: AbortSignal): Promise<HttpResponse> {
    const url = this.toUrl(request);
    const agent = await this.getAgent(url, request);
    const limit = new TimeoutSignal(this.clock, getTimeoutMs(request), signal);
    let status: number | undefined;
    try {
      const { default: fetch } = await import("node-fetch");
      const response = await fetch(url, {
        method: request.method,
        headers: {
          authorization: this.authorization,
          accept: "application/json",
          "user-agent": "pulumi-clickpipes",
          ...(request.body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
        // A redirect is an answer like any other: following it would carry the key to wherever it points.
        redirect: "manual",
        size: MAX_RESPONSE_BYTES,
        agent,
        signal: limit.signal,
      });
      status = response.status;
      const text = await response.text();
      return { status, headers: response.headers, json: parseJson(text), text };
    } catch (error) {
      throw this.createNoResponseError(request, error as Error, status, limit.hasTimedOut);
    } finally {
      limit.dispose();
    }
  }

  private get authorization(): string {
    return `Basic ${Buffer.from(`${this.key.id}:${this.key.secret}`).toString("base64")}`;
  }

  private toUrl(request: HttpRequest): URL {
    const base = this.apiUrl.href.replace(/\/+$/, "");
    // A URL resolves these, even encoded, to another path.
    const stray = request.path.find((part) => /^\.{0,2}$/.test(part));
    if (stray !== undefined) {
      throw new SettingsError({
        operation: request.operation,
        observed: `an id is "${stray}"`,
        remedy: "Check the service's and the organization's id: each is a UUID",
      });
    }
    return new URL([base, ...request.path.map(encodeURIComponent)].join("/"));
  }

  private async getAgent(url: URL, { operation }: HttpRequest): Promise<Agent | undefined> {
    const agent = this.agents.get(url.origin) ?? createAgent(url);
    this.agents.set(url.origin, agent);
    try {
      return await agent;
    } catch {
      throw new SettingsError({
        operation,
        observed: "the proxy in environment HTTPS_PROXY is no address of an HTTP proxy",
        remedy:
          "Set it to the proxy's address, such as http://proxy.example:3128, or name the API's host in NO_PROXY",
      });
    }
  }

  private createNoResponseError(
    request: HttpRequest,
    error: Error,
    status: number | undefined,
    timedOut: boolean,
  ): NoResponseError {
    const code = getCode(error);
    const refusal = ProxyRefusedError.statusIn(code);
    const untrusted = code !== undefined && /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|TLS/.test(code);
    const why = timedOut
      ? `nothing within ${getTimeoutMs(request) / 1_000} s`
      : redact(describeReason(error), this.secrets);
    const accepted = status !== undefined && status >= 200 && status < 300;
    const notSent = untrusted || refusal !== undefined || (code !== undefined && NOT_SENT_CODES.has(code));
    return new NoResponseError(
      {
        operation: request.operation,
        observed:
          status === undefined ? `no answer (${why})` : `an answer ${status} that could not be read (${why})`,
        remedy: this.getRemedy(untrusted, refusal),
      },
      notSent ? "not-sent" : accepted ? "taken" : "unknown",
      !untrusted && (refusal === undefined || refusal >= 500),
    );
  }

  private getRemedy(untrusted: boolean, refusal: number | undefined): string {
    const { origin, host } = this.apiUrl;
    if (untrusted) {
      return "The server's certificate is not trusted: add your authority with NODE_EXTRA_CA_CERTS, or check the address";
    }
    if (refusal === 407) {
      return "The proxy wants a user and a password: put them into HTTPS_PROXY, as in http://user:password@proxy.example:3128";
    }
    if (refusal !== undefined) {
      return `Have the proxy in HTTPS_PROXY let CONNECT to ${host} through, or name the host in NO_PROXY`;
    }
    return `Check the network, HTTPS_PROXY and the address ${origin}, then run the command again`;
  }
}

/** Shorter, an id gives nothing away, and would tear words that happen to hold it. */
function isLongEnoughToRedact(id: string): boolean {
  return id.length >= 4;
}

/** An answer in JSON may hold a text in JSON's own spelling. */
function listSpellings(text: string): string[] {
  return [text, JSON.stringify(text).slice(1, -1), encodeURIComponent(text)];
}

function getTimeoutMs({ responseTimeoutMs }: HttpRequest): number {
  return responseTimeoutMs ?? REQUEST_TIMEOUT_MS;
}

/** The message; with the code where a name with several addresses left it without a reason. */
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
