import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";
import type { Organization } from "../cloud/organization";

/** What the middleware leaves for the endpoints. */
export interface ApiEnv {
  Bindings: HttpBindings;
  Variables: { organization: Organization; body: unknown };
}

export type ApiContext = Context<ApiEnv>;
