import type { HttpBindings } from "@hono/node-server";
import { type Context, Hono, type MiddlewareHandler } from "hono";
import { type ApiResponse, respondWithError } from "./responses";
import type { Cloud, Organization, Service } from "../cloud/cloud";
import * as endpoints from "./endpoints";
import { injectFault, isApplied } from "../faults/inject-fault";
import type { Faults } from "../faults/faults";
import type { Journal, JournalEntry } from "./journal";
import type { RateLimiter } from "./rate-limit";

interface Env {
  Bindings: HttpBindings;
  Variables: { organization: Organization; entry: JournalEntry };
}

export interface ApiAppOptions {
  readonly cloud: Cloud;
  readonly journal: Journal;
  readonly faults: Faults;
  readonly rateLimiter: RateLimiter | undefined;
  /** Called with each request before it is handled, and again once it was answered. */
  readonly watch: (moment: "before" | "after", entry: JournalEntry) => void;
}

/** The HTTP side: journal, faults, rate limit and keys, in that order, before an endpoint answers. */
export function createApiApp(parts: ApiAppOptions): Hono<Env> {
  const { cloud, journal, faults, rateLimiter: windows, watch } = parts;
  const app = new Hono<Env>();

  const journaled: MiddlewareHandler<Env> = async (context, next) => {
    const { method, path } = context.req;
    const entry: JournalEntry = {
      atMs: cloud.clock.now(),
      method,
      path,
      keyId: credentialsOf(context)?.id,
      body: await bodyOf(context),
      status: undefined,
    };
    journal.entries.push(entry);
    context.set("entry", entry);
    watch("before", entry);
    const fault = faults.match(method, path, entry.atMs);
    if (fault === undefined || isApplied(fault)) await next();
    if (fault !== undefined) {
      const answer = await injectFault(fault, context.env.outgoing, () => context.res);
      context.res = undefined; // else Hono answers with a copy, which "already sent" does not survive
      context.res = answer;
    }
    entry.status = context.res.headers.has("x-hono-already-sent") ? undefined : context.res.status;
    watch("after", entry);
  };

  const admitted: MiddlewareHandler<Env> = async (context, next) => {
    const refusal = windows?.countRequest(credentialsOf(context)?.id ?? "", cloud.clock.now());
    if (refusal !== undefined) {
      return send(
        context,
        respondWithError("tooManyRequests", "", { "X-RateLimit-Reset": String(refusal.resetSeconds) }),
      );
    }
    const organization = ownerOf(context, cloud);
    if (organization === undefined) return send(context, respondWithError("unauthorized"));
    context.set("organization", organization);
    return next();
  };

  app.use("/v1/*", journaled, admitted);

  const ofOrganization = (answer: (organization: Organization) => ApiResponse) => (context: Context<Env>) => {
    const organization = context.get("organization");
    const isOwn = context.req.param("organizationId") === organization.id;
    return send(context, isOwn ? answer(organization) : respondWithError("forbidden"));
  };
  const ofService =
    (answer: (service: Service, context: Context<Env>) => ApiResponse) => (context: Context<Env>) =>
      ofOrganization((organization) => {
        const id = context.req.param("serviceId") ?? "";
        return organization.services.has(id)
          ? answer(cloud.getService(id), context)
          : respondWithError("notFound");
      })(context);
  const bodyOfEntry = (context: Context<Env>) => context.get("entry").body;

  const organization = "/v1/organizations/:organizationId";
  const service = `${organization}/services/:serviceId`;
  app.get("/v1/organizations", (context) =>
    send(context, endpoints.listOrganizations(context.get("organization"))),
  );
  app.get(organization, ofOrganization(endpoints.getOrganization));
  app.get(`${organization}/services`, ofOrganization(endpoints.listServices));
  app.get(service, ofService(endpoints.getService));
  app.patch(
    `${service}/state`,
    ofService((found, context) => endpoints.changeState(cloud, found, bodyOfEntry(context))),
  );
  app.get(
    `${service}/clickpipes`,
    ofService((found) => endpoints.listPipes(cloud, found)),
  );
  app.post(
    `${service}/clickpipes`,
    ofService((found, context) => endpoints.createPipe(cloud, found, bodyOfEntry(context))),
  );
  const pipe = `${service}/clickpipes/:pipeId`;
  const pipeId = (context: Context<Env>) => context.req.param("pipeId") ?? "";
  app.get(
    pipe,
    ofService((found, context) => endpoints.getPipe(cloud, found, pipeId(context))),
  );
  app.delete(
    pipe,
    ofService((found, context) => endpoints.deletePipe(cloud, found, pipeId(context))),
  );
  app.patch(
    `${pipe}/state`,
    ofService((found, context) =>
      endpoints.changePipeState(cloud, found, pipeId(context), bodyOfEntry(context)),
    ),
  );
  app.get(
    `${service}/clickpipesCdcScaling`,
    ofService((found) => endpoints.getScaling(cloud, found)),
  );
  app.patch(
    `${service}/clickpipesCdcScaling`,
    ofService((found, context) => endpoints.patchScaling(cloud, found, bodyOfEntry(context))),
  );
  app.notFound((context) => send(context, respondWithError("notFound")));
  return app;
}

function send(context: Context<Env>, reply: ApiResponse): Response {
  const requestId = crypto.randomUUID();
  const envelope =
    "error" in reply
      ? { status: reply.status, error: reply.error, requestId }
      : { status: reply.status, requestId, result: reply.result };
  const headers = "error" in reply ? reply.headers : undefined;
  return Response.json(envelope, { status: reply.status, ...(headers === undefined ? {} : { headers }) });
}

function credentialsOf(context: Context<Env>): { id: string; secret: string } | undefined {
  const encoded = /^Basic (.+)$/.exec(context.req.header("authorization") ?? "")?.[1];
  if (encoded === undefined) return undefined;
  const [id, ...secret] = Buffer.from(encoded, "base64").toString().split(":");
  return { id: id ?? "", secret: secret.join(":") };
}

function ownerOf(context: Context<Env>, cloud: Cloud): Organization | undefined {
  const given = credentialsOf(context);
  return [...cloud.organizations.values()].find(({ keys }) =>
    keys.some(({ id, secret }) => id === given?.id && secret === given.secret),
  );
}

async function bodyOf(context: Context<Env>): Promise<unknown> {
  if (context.req.method === "GET") return undefined;
  const text = await context.req.text();
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
