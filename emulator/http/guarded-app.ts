import { Hono } from "hono";
import type { ApiEnv } from "./api-context";
import type { createControlApp } from "./control-app";
import { GUARDS } from "./guards";
import { respondWithError, toHttpResponse } from "./responses";

interface GuardedApps {
  readonly api: Hono<ApiEnv>;
  readonly control: ReturnType<typeof createControlApp>;
}

/** Puts the guards before both apps. Without a socket no page can reach the emulator, and the API's app works alone. */
export function createGuardedApp({ api, control }: GuardedApps): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();
  app.use(...GUARDS);
  app.route("/", api);
  app.route("/__emulator", control);
  app.notFound(() => toHttpResponse(respondWithError("notFound")));
  return app;
}
