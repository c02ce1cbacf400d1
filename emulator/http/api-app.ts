import { Hono } from "hono";
import type { Cloud } from "../cloud/cloud";
import type { Organization } from "../cloud/organization";
import type { Service } from "../cloud/service";
import type { Faults } from "../faults/faults";
import type { ApiContext, ApiEnv } from "./api-context";
import type { Journal, RequestListener } from "./journal";
import { authenticate, recordRequests } from "./middleware";
import { getMetrics } from "./metrics-endpoint";
import * as pipes from "./pipe-endpoints";
import type { RateLimiter } from "./rate-limit";
import { type ApiResponse, respondWithError, toHttpResponse } from "./responses";
import * as scaling from "./scaling-endpoints";
import * as services from "./service-endpoints";

/** What the endpoints work on. */
export interface ApiAppOptions {
  readonly cloud: Cloud;
  readonly journal: Journal;
  readonly faults: Faults;
  /** No limit if it is missing. */
  readonly rateLimiter?: RateLimiter | undefined;
  readonly onRequest?: RequestListener | undefined;
}

type ServiceHandler = (service: Service, context: ApiContext) => ApiResponse;

const ORGANIZATION = "/v1/organizations/:organizationId";
const SERVICE = `${ORGANIZATION}/services/:serviceId`;
const PIPES = `${SERVICE}/clickpipes`;
const PIPE = `${PIPES}/:pipeId`;
const SCALING = `${SERVICE}/clickpipesCdcScaling`;

/** Creates ClickHouse Cloud's API under `/v1`. It works without a socket too, except for faults that break connections. */
export function createApiApp(options: ApiAppOptions): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();
  app.use("/v1/*", recordRequests(options), authenticate(options));
  app.get("/v1/organizations", (context) =>
    toHttpResponse(services.listOrganizations(context.get("organization"))),
  );
  app.get(ORGANIZATION, forOrganization(services.getOrganization));
  app.get(`${ORGANIZATION}/services`, forOrganization(services.listServices));
  addServiceRoutes(app, options.cloud);
  addPipeRoutes(app, options.cloud);
  app.notFound(() => toHttpResponse(respondWithError("notFound")));
  return app;
}

function addServiceRoutes(app: Hono<ApiEnv>, cloud: Cloud): void {
  const route = (handle: ServiceHandler) => forService(cloud, handle);
  app.get(SERVICE, route(services.getService));
  app.get(
    `${SERVICE}/prometheus`,
    route((service) => getMetrics(cloud, service)),
  );
  app.patch(
    `${SERVICE}/state`,
    route((service, context) => services.changeState(cloud, service, getBody(context))),
  );
  app.get(
    SCALING,
    route((service) => scaling.getScaling(cloud, service)),
  );
  app.patch(
    SCALING,
    route((service, context) => scaling.patchScaling(cloud, service, getBody(context))),
  );
}

function addPipeRoutes(app: Hono<ApiEnv>, cloud: Cloud): void {
  const route = (handle: ServiceHandler) => forService(cloud, handle);
  const getPipeId = (context: ApiContext) => context.req.param("pipeId") ?? "";
  app.get(
    PIPES,
    route((service) => pipes.listPipes(cloud, service)),
  );
  // ClickHouse's Terraform provider posts with the slash.
  app.on(
    "POST",
    [PIPES, `${PIPES}/`],
    route((service, context) => pipes.createPipe(cloud, service, getBody(context))),
  );
  app.get(
    PIPE,
    route((service, context) => pipes.getPipe(cloud, service, getPipeId(context))),
  );
  app.patch(
    PIPE,
    route((service, context) =>
      pipes.patchPipe(cloud, service, { pipeId: getPipeId(context), body: getBody(context) }),
    ),
  );
  app.delete(
    PIPE,
    route((service, context) => pipes.deletePipe(cloud, service, getPipeId(context))),
  );
  app.patch(
    `${PIPE}/state`,
    route((service, context) =>
      pipes.changePipeState(cloud, service, { pipeId: getPipeId(context), body: getBody(context) }),
    ),
  );
}

function getBody(context: ApiContext): unknown {
  return context.get("body");
}

/** Handles a request for the organization in the path, which must be the one that owns the key. */
function forOrganization(handle: (organization: Organization) => ApiResponse) {
  return (context: ApiContext): Response => {
    const organization = context.get("organization");
    const isOwn = context.req.param("organizationId") === organization.id;
    return toHttpResponse(isOwn ? handle(organization) : respondWithError("forbidden"));
  };
}

/** Handles a request for the service in the path, which must be in the organization that owns the key. */
function forService(cloud: Cloud, handle: ServiceHandler) {
  return (context: ApiContext): Response =>
    forOrganization((organization) => {
      const id = context.req.param("serviceId") ?? "";
      return organization.services.has(id)
        ? handle(cloud.getService(id), context)
        : respondWithError("notFound");
    })(context);
}
