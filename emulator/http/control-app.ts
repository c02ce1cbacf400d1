import { Hono } from "hono";
import type { Cloud } from "../cloud/cloud";
import type { Journal } from "./journal";
import { isPipeAction, PIPE_ACTIONS } from "../cloud/pipe-actions";
import { PIPE_STATES, type PipeState } from "../cloud/seed";

/** What another process may ask of the emulator: the journal, the seed again, and changes behind a stack's back. */
export function createControlApp(parts: { cloud: Cloud; journal: Journal; reset: () => void }) {
  const { cloud, journal, reset } = parts;
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
      if (!isPipeAction(action)) {
        return context.json({ error: `a pipe takes one of ${Object.keys(PIPE_ACTIONS).join(", ")}` }, 400);
      }
      const service = cloud.findServiceOfPipe(pipeId);
      if (service === undefined) return context.json({ error: `no service has a pipe ${pipeId}` }, 404);
      const wasDone = PIPE_ACTIONS[action](cloud, service.id, pipeId) !== false;
      return wasDone
        ? context.json({})
        : context.json({ error: "only Postgres and MySQL pipes can be resynced" }, 400);
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
