import { Hono } from "hono";
import type { Cloud } from "../cloud/cloud";
import { isPipeAction, PIPE_ACTIONS } from "../cloud/pipe-actions";
import { PIPE_STATES, type PipeState } from "../cloud/seed";
import type { Journal } from "./journal";

interface ControlAppOptions {
  readonly cloud: Cloud;
  readonly journal: Journal;
  readonly reset: () => void;
}

/**
 * Creates the emulator's own API, with which another process reads the journal, restores the seed, and plays other users. It is
 * not part of ClickHouse Cloud.
 */
export function createControlApp({ cloud, journal, reset }: ControlAppOptions) {
  return new Hono()
    .get("/journal", (context) => context.json(journal.entries))
    .post("/reset", (context) => {
      reset();
      return context.json({});
    })
    .post("/services/:serviceId/cores", async (context) => {
      const { cores } = await context.req.json<{ cores?: unknown }>();
      if (typeof cores !== "number") return context.json({ error: "cores must be a number" }, 400);
      cloud.setCores(context.req.param("serviceId"), cores);
      return context.json({});
    })
    .post("/pipes/:pipeId/:action", (context) => {
      const { pipeId, action } = context.req.param();
      const failure = actOnPipe(cloud, pipeId, action);
      return failure === undefined
        ? context.json({})
        : context.json({ error: failure.error }, failure.status);
    })
    .post("/services/:serviceId/pipes/:pipeId/state", async (context) => {
      const { state } = await context.req.json<{ state?: unknown }>();
      const known = PIPE_STATES.find((name): name is PipeState => name === state);
      if (known === undefined) {
        return context.json({ error: `state must be one of ${PIPE_STATES.join(", ")}` }, 400);
      }
      cloud.setPipeState(context.req.param("serviceId"), context.req.param("pipeId"), known);
      return context.json({});
    });
}

function actOnPipe(
  cloud: Cloud,
  pipeId: string,
  action: string,
): { readonly status: 400 | 404; readonly error: string } | undefined {
  if (!isPipeAction(action)) {
    return { status: 400, error: `action must be one of ${Object.keys(PIPE_ACTIONS).join(", ")}` };
  }
  const service = cloud.findServiceOfPipe(pipeId);
  if (service === undefined) return { status: 404, error: `no service has a pipe with the id ${pipeId}` };
  const isSupported = PIPE_ACTIONS[action](cloud, service.id, pipeId) !== false;
  return isSupported ? undefined : { status: 400, error: "only Postgres and MySQL pipes can be resynced" };
}
