import { type Context, Hono } from "hono";
import type { Cloud } from "../cloud/cloud";
import { isLegalSize, LEGAL_SIZE } from "../cloud/legal-cores";
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
      const { cores } = await readBody(context);
      if (!isLegalSize(cores)) return context.json({ error: LEGAL_SIZE }, 400);
      cloud.setCores(context.req.param("serviceId"), cores);
      return context.json({});
    })
    .post("/pipes/:pipe/:action", (context) => {
      const { pipe, action } = context.req.param();
      const result = actOnPipe(cloud, pipe, action);
      return "error" in result ? context.json({ error: result.error }, result.status) : context.json(result);
    })
    .post("/services/:serviceId/pipes/:pipeId/state", async (context) => {
      const { state } = await readBody(context);
      const known = PIPE_STATES.find((name): name is PipeState => name === state);
      if (known === undefined) {
        return context.json({ error: `state must be one of ${PIPE_STATES.join(", ")}` }, 400);
      }
      cloud.setPipeState(context.req.param("serviceId"), context.req.param("pipeId"), known);
      return context.json({});
    });
}

/** Reads the fields of a JSON object. Anything else has none. */
async function readBody({ req }: Context): Promise<Readonly<Record<string, unknown>>> {
  const body: unknown = await req.json().catch(() => undefined);
  return typeof body === "object" && body !== null ? { ...body } : {};
}

type ActionResult =
  | { readonly status: 400 | 404; readonly error: string }
  /** `state` is undefined if the pipe was removed. */
  | { readonly id: string; readonly name: string; readonly state: PipeState | undefined };

function actOnPipe(cloud: Cloud, idOrName: string, action: string): ActionResult {
  if (!isPipeAction(action)) {
    return { status: 400, error: `action must be one of ${Object.keys(PIPE_ACTIONS).join(", ")}` };
  }
  const [found, ...others] = cloud.findPipes(idOrName);
  if (found === undefined)
    return { status: 404, error: `no service has a pipe with the id or name ${idOrName}` };
  if (others.length > 0) {
    const ids = [found, ...others].map(({ pipe }) => pipe.id).join(", ");
    return {
      status: 400,
      error: `${others.length + 1} pipes are named ${idOrName}. Use one of the ids ${ids}`,
    };
  }
  const { service, pipe } = found;
  if (PIPE_ACTIONS[action](cloud, service.id, pipe.id) === false) {
    return { status: 400, error: "only Postgres and MySQL pipes can be resynced" };
  }
  const state = action === "remove" ? undefined : pipe.getState(cloud.clock.now());
  return { id: pipe.id, name: pipe.name, state };
}
