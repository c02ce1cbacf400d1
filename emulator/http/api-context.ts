import type { HttpBindings } from "@hono/node-server";
import type { Context } from "hono";
import type { Organization } from "../cloud/organization";
import type { JournalEntry } from "./journal";

/** What the middleware leaves for the endpoints. */
export interface ApiEnv {
  Bindings: HttpBindings;
  Variables: { organization: Organization; entry: JournalEntry };
}

export type ApiContext = Context<ApiEnv>;
