import type { Agent } from "node:http";
import { NoAnswerError, SettingsError } from "../errors";
import type { Key } from "./settings";
import type { Clock } from "../wait/clock";
import { agentOf, ProxyRefusal } from "./proxy";
import { redacted } from "./redact";
import { TimeLimit } from "../wait/timeout-signal";

/** ClickHouse's gateway gives up after about 30 s; what takes longer will not come. */
const REQUEST_TIMEOUT_MS = 35_000;

const LONGEST_ANSWER_BYTES = 1024 * 1024;

/** What a failed connection says when nothing can have reached the server. */
const NOT_SENT = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"]);

export interface Request {
  readonly method: "GET" | "PATCH";
  /** Below the API's address; each part is encoded. */
  readonly path: readonly string[];
  readonly body?: object;
  /** How long its answer may take. Default: 35 s. */
  readonly answerWithinMs?: number | undefined;
  /** The request in a person's words, for messages. */
  readonly asked: string;
}

export interface Answer {
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
    private readonly key: Key,
    private readonly clock: Clock,
  ) {
    const whole = this.authorization.replace("Basic ", "");
    this.secrets = [whole, ...spellings(key.secret), ...(isTelling(key.id) ? spellings(key.id) : [])];
  }

  async send(request: Request, signal?: AbortSignal): Promise<Answer> {
    const url = this.urlOf(request);
    const agent = await this.agentFor(url, request);
    const limit = new TimeLimit(this.clock, timeoutMsOf(request), signal);
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
        size: LONGEST_ANSWER_BYTES,
        agent,
        signal: limit.signal,
      });
      status = response.status;
      const text = await response.text();
      return { status, headers: response.headers, json: parsed(text), text };
    } catch (error) {
      throw this.noAnswer(request, error as Error, status, limit.timedOut);
    } finally {
      limit.end();
    }
  }

  private get authorization(): string {
    return `Basic ${Buffer.from(`${this.key.id}:${this.key.secret}`).toString("base64")}`;
  }

  private urlOf(request: Request): URL {
    const base = this.apiUrl.href.replace(/\/+$/, "");
    // A URL resolves these, even encoded, to another path.
    const stray = request.path.find((part) => /^\.{0,2}$/.test(part));
    if (stray !== undefined) {
      throw new SettingsError({
        asked: request.asked,
        seen: `an id is "${stray}"`,
        next: "Check the service's and the organisation's id: each is a UUID",
      });
    }
    return new URL([base, ...request.path.map(encodeURIComponent)].join("/"));
  }

  private async agentFor(url: URL, { asked }: Request): Promise<Agent | undefined> {
    const agent = this.agents.get(url.origin) ?? agentOf(url);
    this.agents.set(url.origin, agent);
    try {
      return await agent;
    } catch {
      throw new SettingsError({
        asked,
        seen: "the proxy in environment HTTPS_PROXY is no address of an HTTP proxy",
        next: "Set it to the proxy's address, such as http://proxy.example:3128, or name the API's host in NO_PROXY",
      });
    }
  }

  private noAnswer(
    request: Request,
    error: Error,
    status: number | undefined,
    timedOut: boolean,
  ): NoAnswerError {
    const code = codeOf(error);
    const refusal = ProxyRefusal.statusIn(code);
    const untrusted = code !== undefined && /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|TLS/.test(code);
    const why = timedOut
      ? `nothing within ${timeoutMsOf(request) / 1_000} s`
      : redacted(reasonOf(error), this.secrets);
    const accepted = status !== undefined && status >= 200 && status < 300;
    const notSent = untrusted || refusal !== undefined || (code !== undefined && NOT_SENT.has(code));
    return new NoAnswerError(
      {
        asked: request.asked,
        seen:
          status === undefined ? `no answer (${why})` : `an answer ${status} that could not be read (${why})`,
        next: this.nextAfter(untrusted, refusal),
      },
      notSent ? "not-sent" : accepted ? "taken" : "unknown",
      !untrusted && (refusal === undefined || refusal >= 500),
    );
  }

  private nextAfter(untrusted: boolean, refusal: number | undefined): string {
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
function isTelling(id: string): boolean {
  return id.length >= 4;
}

/** An answer in JSON may hold a text in JSON's own spelling. */
function spellings(text: string): string[] {
  return [text, JSON.stringify(text).slice(1, -1), encodeURIComponent(text)];
}

function timeoutMsOf({ answerWithinMs }: Request): number {
  return answerWithinMs ?? REQUEST_TIMEOUT_MS;
}

/** The message; with the code where a name with several addresses left it without a reason. */
function reasonOf(error: Error): string {
  const code = codeOf(error);
  return code === undefined || error.message.includes(code) ? error.message : `${error.message} ${code}`;
}

function codeOf(error: Error & { code?: unknown }): string | undefined {
  return typeof error.code === "string" ? error.code : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
