import { decide, type SeenPipe } from "../../sizing";
import { Attempts } from "./up-retries";
import type { Declared } from "./resources";
import { type Patient, unlocked } from "./stack-lock";
import type { BurstRecord } from "./record";

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
  /** Whether an `up` would change the size. */
  readonly isDue: boolean;
}

export interface Surroundings extends Patient {
  readonly deployment: Deployment;
  readonly look: Look;
  readonly record: BurstRecord;
  readonly everyMs: number;
  /** Shows how far all are. */
  show(watched: readonly Watched[]): void;
}

/** Brings a stack to its bursts, watches them, and brings each service to its steady size as soon as its pipes, or `endBy`, say so. */
export async function settle(on: Surroundings): Promise<void> {
  const { deployment, record, clock, signal } = on;
  // What an earlier settle has begun counts from when it began, whatever this one's first `up` brings.
  noteRuns(on, await deployment.declared());
  await unlocked(on, () => deployment.up());
  const attempts = new Attempts(on, on.everyMs);
  let declared = await deployment.declared();
  if (declared.length === 0) {
    throw new Error("no resource of this stack declares an initial load: there is nothing to stay with");
  }
  for (;;) {
    noteRuns(on, declared);
    const open = declared.filter((one) => isOpen(one) && !attempts.givenUp.has(one.urn));
    if (open.length === 0) break;
    const watched = await Promise.all(open.map((one) => watch(on, one)));
    on.show(watched);
    const due = watched.filter(({ isDue, declared: { urn } }) => isDue && attempts.mayTry(urn));
    if (due.length > 0) {
      for (const {
        declared: { name },
        reason,
      } of due)
        on.say(`${name}: ${reason}`);
      const urns = due.map(({ declared: { urn } }) => urn);
      await attempts.make(urns, () => deployment.up(urns));
    } else if (watched.every(isSettled)) {
      break;
    } else {
      await clock.sleep(untilNextMs(on, open), signal);
    }
    declared = await deployment.declared().catch((error: unknown) => stale(on, declared, error as Error));
  }
  record.endOthers(
    declared.filter(({ isAboveSteady }) => isAboveSteady).map(({ urn }) => urn),
    clock.date(),
  );
  const [failed] = attempts.givenUp.values();
  if (failed !== undefined) throw new Error(failed);
}

/** Whether something may still have to be done: a burst runs, or nobody knew whether one is called for. */
function isOpen({ isAboveSteady, before }: Declared): boolean {
  return isAboveSteady || before.phase === "unknown";
}

/** At its steady size, and seen to be right there. */
function isSettled({ declared, pipes, isDue }: Watched): boolean {
  return !declared.isAboveSteady && !("unread" in pipes) && !isDue;
}

/** What was known before, where the state can't be read at the moment. */
function stale(on: Surroundings, declared: Declared[], { message }: Error): Declared[] {
  on.signal.throwIfAborted();
  on.say(`The stack's state could not be read: ${message}`);
  return declared;
}

function noteRuns({ record, clock }: Surroundings, declared: readonly Declared[]): void {
  const bursts = declared.filter(({ isAboveSteady }) => isAboveSteady);
  record.endOthers(
    bursts.map(({ urn }) => urn),
    clock.date(),
  );
  for (const one of bursts) noteRun(record, one, clock.date());
}

function noteRun(record: BurstRecord, one: Declared, now: Date, created?: Date): void {
  const { urn, name, burst, steadyCores, since = now } = one;
  const hours = created === undefined ? {} : { hoursFrom: created };
  record.runsNow({ urn, name, cores: burst.cores, steadyCores, ...hours }, since, now);
}

async function watch({ look, record, clock }: Surroundings, declared: Declared): Promise<Watched> {
  const pipes = await look(declared);
  if (declared.isAboveSteady) noteRun(record, declared, clock.date(), firstCreated(pipes));
  const { burst, steadyCores, before, isAboveSteady } = declared;
  const known = "unread" in pipes ? pipes : pipes.db;
  const { cores, reason } = decide({ burst, steadyCores, before, now: clock.date(), pipes: known });
  return { declared, pipes, reason, isDue: isAboveSteady === (cores === steadyCores) };
}

function firstCreated(pipes: Pipes): Date | undefined {
  if ("unread" in pipes) return undefined;
  const times = pipes.db.flatMap(({ createdAt }) => (createdAt === undefined ? [] : [createdAt.getTime()]));
  return times.length === 0 ? undefined : new Date(Math.min(...times));
}

/** The pause until the next look; shorter where an `endBy` comes first. */
function untilNextMs({ clock, everyMs }: Surroundings, open: readonly Declared[]): number {
  const nowMs = clock.date().getTime();
  const ends = open.flatMap(({ burst: { endBy } }) => (endBy === undefined ? [] : [endBy.getTime() - nowMs]));
  // One that has passed already is waited for by its next attempt.
  return Math.min(everyMs, ...ends.filter((ms) => ms > 0));
}
