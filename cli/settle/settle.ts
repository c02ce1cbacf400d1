import { decide, type SeenPipe } from "../../sizing";
import type { Declared } from "./declared";
import { type Patient, persistently, unlocked } from "./patience";
import type { Record } from "./record";

/** A stack of the user's, as far as a migration touches it. */
export interface Deployment {
  /** Brings these resources of the stack, and nothing else, to what the program and the pipes ask for now. */
  up(urns?: readonly string[]): Promise<void>;
  declared(): Promise<Declared[]>;
}

/** A service's database pipes as they are now, or why they can't be read. */
export type Look = (declared: Declared) => Promise<Pipes>;

export type Pipes =
  | { readonly db: readonly (SeenPipe & { readonly createdAt?: Date | undefined })[] }
  | { readonly unread: string };

export interface Watched {
  readonly declared: Declared;
  readonly pipes: Pipes;
  readonly reason: string;
  readonly isDue: boolean;
}

export interface Surroundings extends Patient {
  readonly deployment: Deployment;
  readonly look: Look;
  readonly record: Record;
  readonly everyMs: number;
  /** Shows how far all are. */
  show(watched: readonly Watched[]): void;
}

/** Brings a stack to its bursts, watches them, and brings each service to its steady size as soon as its pipes, or `endBy`, say so. */
export async function settle(on: Surroundings): Promise<void> {
  const { deployment, record, clock, signal, everyMs } = on;
  await unlocked(on, () => deployment.up());
  for (let declared = await deployment.declared(); ; declared = await deployment.declared()) {
    const bursts = declared.filter(({ isAboveSteady }) => isAboveSteady);
    record.endOthers(
      bursts.map(({ urn }) => urn),
      clock.date(),
    );
    if (bursts.length === 0) return;
    const watched = await untilDue(on, bursts);
    const due = watched.filter(({ isDue }) => isDue);
    for (const {
      declared: { name },
      reason,
    } of due)
      on.say(`${name}: ${reason}`);
    await persistently(on, () => deployment.up(due.map(({ declared: { urn } }) => urn)));
    const isStill = (await deployment.declared()).some(
      ({ urn, isAboveSteady }) => isAboveSteady && due.some((one) => one.declared.urn === urn),
    );
    // What this process saw and what the `up` saw just after it need not be the same.
    if (isStill) await clock.sleep(everyMs, signal);
  }
}

/** Looks again and again, until the size of some service is due to change. */
async function untilDue(on: Surroundings, bursts: readonly Declared[]): Promise<Watched[]> {
  for (;;) {
    const watched = await Promise.all(bursts.map((declared) => watch(on, declared)));
    on.show(watched);
    if (watched.some(({ isDue }) => isDue)) return watched;
    await on.clock.sleep(untilNextMs(on, bursts), on.signal);
  }
}

async function watch({ look, record, clock }: Surroundings, declared: Declared): Promise<Watched> {
  const pipes = await look(declared);
  record.begin(declared.urn, {
    name: declared.name,
    cores: declared.burst.cores,
    steadyCores: declared.steadyCores,
    from: declared.since ?? clock.date(),
    hoursFrom: firstCreated(pipes) ?? declared.since ?? clock.date(),
  });
  const { burst, steadyCores, before } = declared;
  const known = "unread" in pipes ? pipes : pipes.db;
  const { cores, reason } = decide({ burst, steadyCores, before, now: clock.date(), pipes: known });
  return { declared, pipes, reason, isDue: cores === steadyCores };
}

function firstCreated(pipes: Pipes): Date | undefined {
  if ("unread" in pipes) return undefined;
  const times = pipes.db.flatMap(({ createdAt }) => (createdAt === undefined ? [] : [createdAt.getTime()]));
  return times.length === 0 ? undefined : new Date(Math.min(...times));
}

/** The pause until the next look; shorter where an `endBy` comes first. */
function untilNextMs({ clock, everyMs }: Surroundings, bursts: readonly Declared[]): number {
  const nowMs = clock.date().getTime();
  const ends = bursts.flatMap(({ burst: { endBy } }) =>
    endBy === undefined ? [] : [endBy.getTime() - nowMs],
  );
  return Math.max(0, Math.min(everyMs, ...ends));
}
