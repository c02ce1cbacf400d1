import { DEFAULT_ORGANIZATION_ID } from "../../emulator";
import { Limiter, Priority } from "../../provider/api/limiter";
import type { Answer, Request } from "../../provider/api/transport";
import { bring } from "../../provider/bring";
import { Ledger } from "../../provider/ledger";
import { Session } from "../../provider/session";
import { RecordingEngine } from "../../test/support/virtual";
import { CONFIRM_GAP_MS } from "../../provider/wait/convergence";
import type { DetectionWorld, Reply } from "./detection-world";

/** Scales one service of the world and returns when its new size was seen, or when it gives up. */
export type Scaler = (service: number) => Promise<void>;

/** How one process waits for many services: what is compared. */
export interface Scheduler {
  readonly name: string;
  /** A read, a change, and the looks that it takes to be done: one that sees the change, with us one more that confirms it. */
  readonly fewestRequests: 3 | 4;
  readonly scaler: (world: DetectionWorld) => Scaler;
}

const CORES = { before: 2, wanted: 8 };

/** This package: its own wait, client and limiter. */
const ours: Scheduler["scaler"] = (world) => {
  const session = new Session(new RecordingEngine(), world.clock, () => ({
    secrets: [],
    send: (request) => Promise.resolve(answered(world, request)),
  }));
  session.configure({ get: (key) => (key.startsWith("clickhouse:token") ? "key" : undefined) });
  const client = session.client("compare");
  return async (service) => {
    // A thousand services at once take longer than the default limit, whoever waits for them.
    const operation = session.operation("create", client, { __urn: "", __timeouts: { create: "24h" } });
    const target = { organizationId: DEFAULT_ORGANIZATION_ID, serviceId: String(service) };
    const patience = { mayWake: false };
    await bring({ target, cores: CORES.wanted, operation, ledger: new Ledger(), patience });
    world.seen(service);
  };
};

function answered(world: DetectionWorld, { method, path }: Request): Answer {
  const service = Number(path[3]);
  const reply = method === "PATCH" ? world.change(service) : world.read(service);
  const reset = reply.status === 429 ? String(reply.resetSeconds) : null;
  const cores = reply.status === 200 && reply.hasArrived ? CORES.wanted : CORES.before;
  return {
    status: reply.status,
    headers: { get: (name) => (name === "x-ratelimit-reset" ? reset : null) },
    json: {
      status: reply.status,
      requestId: "",
      result: { replicaCpuMillicores: cores * 1_000, replicaMemoryGb: cores * 4 },
    },
    text: "",
  };
}

/** Looks every ten seconds, and waits as long as a refusal says: the usual loop, with no idea of others. */
const fixedLoop: Scheduler["scaler"] = (world) => async (service) => {
  await untilTaken(world, () => world.read(service));
  await untilTaken(world, () => world.change(service));
  do await world.clock.sleep(10_000);
  while (!hasArrived(await untilTaken(world, () => world.read(service))));
  world.seen(service);
};

async function untilTaken(world: DetectionWorld, ask: () => Reply): Promise<Reply> {
  for (;;) {
    const reply = ask();
    if (reply.status === 200) return reply;
    await world.clock.sleep(reply.resetSeconds * 1_000);
  }
}

/** The same loop behind this package's limiter, where looks go in the order in which they come; confirmed, as ours is. */
const fixedLoopLimited: Scheduler["scaler"] = (world) => {
  const limiter = new Limiter(world.clock);
  const asked = (priority: Priority, ask: () => Reply) => limiter.run(priority, () => Promise.resolve(ask()));
  return async (service) => {
    const look = () => asked(Priority.poll, () => world.read(service));
    await asked(Priority.read, () => world.read(service));
    await asked(Priority.write, () => world.change(service));
    do await world.clock.sleep(10_000);
    while (!hasArrived(await look()));
    await world.clock.sleep(CONFIRM_GAP_MS);
    await look();
    world.seen(service);
  };
};

function hasArrived(reply: Reply): boolean {
  return reply.status === 200 && reply.hasArrived;
}

const GAVE_UP = "gave up";

/**
 * What the Terraform provider does: `Create` of its CDC infrastructure, `WaitForClickPipeCdcScaling` and `doRequest`.
 * Source: github.com/ClickHouse/terraform-provider-clickhouse at c320db9 (2026-08-21), with cenkalti/backoff v4.
 */
const terraform: Scheduler["scaler"] = (world) => {
  const { clock } = world;
  /** backoff.Retry with the library's defaults: 0.5 s x 1.5, drawn up to a half longer or shorter. */
  const retry = async <Result>(
    { firstMs = 500, factor = 1.5, capMs = 60_000, limitMs }: Backoff,
    work: () => Promise<Result | undefined>,
  ): Promise<Result> => {
    const beganAtMs = clock.nowMs();
    for (let gapMs = firstMs; ; gapMs = Math.min(capMs, gapMs * factor)) {
      const result = await work();
      if (result !== undefined) return result;
      const nextMs = gapMs * (0.5 + clock.random());
      if (clock.nowMs() - beganAtMs + nextMs > limitMs) throw new Error(GAVE_UP);
      await clock.sleep(nextMs);
    }
  };
  const request = (ask: () => Reply) =>
    retry({ firstMs: 1_000, factor: 1, limitMs: 61_000 }, async () => {
      const reply = ask();
      if (reply.status === 200) return reply;
      await clock.sleep((reply.resetSeconds + 1) * 1_000);
      return undefined;
    });
  const orUndefined = (error: unknown) => {
    if (error instanceof Error && error.message === GAVE_UP) return undefined;
    throw error;
  };
  const read = (service: number) => request(() => world.read(service)).catch(orUndefined);
  return async (service) => {
    try {
      await retry({ capMs: 30_000, limitMs: 600_000 }, () => read(service));
      await request(() => world.change(service));
      await retry({ capMs: 120_000, limitMs: 600_000 }, async () =>
        (await read(service))?.hasArrived === true ? true : undefined,
      );
      world.seen(service);
    } catch (error) {
      orUndefined(error);
    }
  };
};

interface Backoff {
  readonly firstMs?: number;
  readonly factor?: number;
  readonly capMs?: number;
  readonly limitMs: number;
}

/** Knows when each change arrives: looks only then and once more a second later, before all else that waits for a place. */
const oracle: Scheduler["scaler"] = (world) => {
  const limiter = new Limiter(world.clock);
  const asked = (priority: Priority, ask: () => Reply) => limiter.run(priority, () => Promise.resolve(ask()));
  return async (service) => {
    const look = () => asked(Priority.write, () => world.read(service));
    await asked(Priority.poll, () => world.read(service));
    await asked(Priority.read, () => world.change(service));
    await world.clock.sleep(world.takesMs[service] ?? NaN);
    await look();
    await world.clock.sleep(CONFIRM_GAP_MS);
    await look();
    world.seen(service);
  };
};

export const SCHEDULERS = {
  ours: { name: "pulumi-clickpipes", fewestRequests: 4, scaler: ours },
  fixedLimited: { name: "every 10 s, within the limit", fewestRequests: 4, scaler: fixedLoopLimited },
  fixed: { name: "every 10 s, each on its own", fewestRequests: 3, scaler: fixedLoop },
  terraform: { name: "the Terraform provider's schedule", fewestRequests: 3, scaler: terraform },
  oracle: { name: "one that knows the future", fewestRequests: 4, scaler: oracle },
} as const satisfies Record<string, Scheduler>;

export type SchedulerKey = keyof typeof SCHEDULERS;
