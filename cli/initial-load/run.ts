import type { Clock } from "../../provider/wait/clock";
import { decide, type ObservedPipe } from "../../sizing";
import { DeviationError } from "./agreement";
import type { EndedBurst } from "./bill";
import { type InitialLoadResource, isFinished } from "./resources";
import { describeFailure, StackLockedError, UpRetries } from "./up-retries";

/** How often a log repeats a line that has not changed. Some CI systems stop a job that is silent for 5 minutes or more. */
export const REPEAT_MS = 4 * 60_000;

/** The user's stack, as far as this command needs it. */
export interface Stack {
  /** Runs `pulumi up` on these resources only; without `urns` on all of this package's. */
  up(urns?: readonly string[]): Promise<void>;
  readResources(): Promise<InitialLoadResource[]>;
}

/** Reads a service's database pipes; does not reject. */
export type ReadPipes = (resource: InitialLoadResource) => Promise<Pipes>;

export type Pipes =
  | { readonly db: readonly (ObservedPipe & { readonly createdAt?: Date | undefined })[] }
  /** Why they can't be read. */
  | { readonly unread: string };

export interface ResourceStatus {
  readonly resource: InitialLoadResource;
  readonly pipes: Pipes;
  /** Why the size that should apply now does. */
  readonly reason: string;
  /** Whether an `up` would change the size. */
  readonly needsUp: boolean;
}

export interface RunContext {
  readonly stack: Stack;
  readonly readPipes: ReadPipes;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** How often the pipes are read. */
  readonly everyMs: number;
  /** Shows the progress, in place of what was shown before. */
  show(statuses: readonly ResourceStatus[]): void;
  /** Prints text that stays. */
  print(text: string): void;
  /** Prints text that a person should not overlook. */
  warn(text: string): void;
}

/** Starts the bursts of a stack and ends each one as soon as its pipes are loaded or `endBy` comes. Returns each service's last burst. */
export async function runInitialLoad(context: RunContext): Promise<EndedBurst[]> {
  const { stack, clock, signal, everyMs } = context;
  const retries = new UpRetries(clock, everyMs);
  await runFirstUp(context, retries);
  let resources = await stack.readResources();
  if (resources.length === 0) throw new Error("no resource of this stack declares initialLoad");
  const billedFrom = new Map<string, Date>();
  for (;;) {
    const open = resources.filter((resource) => !isFinished(resource) && !retries.isExhausted(resource.urn));
    if (open.length === 0) break;
    const statuses = await Promise.all(open.map((resource) => readStatus(context, resource, billedFrom)));
    context.show(statuses);
    const due = statuses.filter(({ needsUp, resource: { urn } }) => needsUp && retries.delayMs(urn) === 0);
    if (due.length > 0) await runUp(context, retries, due);
    else if (statuses.every(isDone)) break;
    else await sleepShowing(context, statuses, computeNextCheckMs(context, retries, open));
    const known = resources;
    resources = await stack.readResources().catch((error: unknown) => {
      signal.throwIfAborted();
      context.warn(`The stack's state could not be read: ${(error as Error).message}`);
      return known;
    });
  }
  retries.throwIfExhausted();
  return listLastBursts(context, resources, billedFrom);
}

/** Sleeps, and shows the statuses again often enough for a CI system. */
async function sleepShowing(
  context: RunContext,
  statuses: readonly ResourceStatus[],
  sleepMs: number,
): Promise<void> {
  const { clock, signal } = context;
  for (let leftMs = sleepMs; leftMs > 0; leftMs -= REPEAT_MS) {
    await clock.sleep(Math.min(leftMs, REPEAT_MS), signal);
    if (leftMs > REPEAT_MS) context.show(statuses);
  }
}

/** Retries only while the stack is locked: any other failure needs a person, and no burst is active yet. */
async function runFirstUp(context: RunContext, retries: UpRetries): Promise<void> {
  const { stack, clock, signal } = context;
  for (;;) {
    const failure = await retries.run(["all resources"], () => stack.up());
    if (failure === undefined) return;
    const { error, retryInMs } = failure;
    if (retryInMs === Infinity || !(error instanceof StackLockedError)) throw error;
    context.warn(describeFailure(failure));
    await clock.sleep(retryInMs, signal);
  }
}

async function runUp(context: RunContext, retries: UpRetries, due: readonly ResourceStatus[]): Promise<void> {
  for (const { resource, reason } of due) context.print(`${resource.name}: ${reason}`);
  const urns = due.map(({ resource: { urn } }) => urn);
  const failure = await retries.run(urns, () => context.stack.up(urns));
  if (failure === undefined) return;
  if (context.signal.aborted || failure.error instanceof DeviationError) throw failure.error;
  context.warn(describeFailure(failure));
}

function isDone({ resource, pipes, needsUp }: ResourceStatus): boolean {
  return !resource.isAboveSteady && !("unread" in pipes) && !needsUp;
}

async function readStatus(
  { readPipes, clock }: RunContext,
  resource: InitialLoadResource,
  billedFrom: Map<string, Date>,
): Promise<ResourceStatus> {
  const pipes = await readPipes(resource);
  const created = findFirstCreation(pipes);
  if (created !== undefined) billedFrom.set(resource.urn, created);
  const { burst, steadyCores, lastDecision: before, isAboveSteady } = resource;
  const known = "unread" in pipes ? pipes : pipes.db;
  const { cores, reason, heldSince } = decide({
    ...{ burst, steadyCores, previous: before, now: clock.date(), pipes: known },
  });
  // An `up` at the start of a hold stores when it started, which limits it.
  const isHoldNew = heldSince !== undefined && before.heldSince === undefined;
  return { resource, pipes, reason, needsUp: isHoldNew || isAboveSteady === (cores === steadyCores) };
}

function findFirstCreation(pipes: Pipes): Date | undefined {
  if ("unread" in pipes) return undefined;
  const times = pipes.db.flatMap(({ createdAt }) => (createdAt === undefined ? [] : [createdAt.getTime()]));
  return times.length === 0 ? undefined : new Date(Math.min(...times));
}

/** The usual interval, unless an `endBy` or a retry comes first. */
function computeNextCheckMs(
  { clock, everyMs }: RunContext,
  retries: UpRetries,
  open: readonly InitialLoadResource[],
): number {
  const nowMs = clock.date().getTime();
  const ends = open.flatMap(({ burst: { endBy } }) => (endBy === undefined ? [] : [endBy.getTime() - nowMs]));
  const delays = open.map(({ urn }) => retries.delayMs(urn));
  return Math.min(everyMs, ...[...ends, ...delays].filter((ms) => ms > 0));
}

/** From the state, so that a command that was killed and started again bills the same. */
export async function listLastBursts(
  { readPipes }: Pick<RunContext, "readPipes">,
  resources: readonly InitialLoadResource[],
  billedFrom: ReadonlyMap<string, Date> = new Map(),
): Promise<EndedBurst[]> {
  const bursts = resources.map(async (resource) => {
    const { urn, name, steadyCores, lastBurst } = resource;
    if (lastBurst === undefined) return [];
    const created = billedFrom.get(urn) ?? findFirstCreation(await readPipes(resource));
    return [{ name, steadyCores, ...lastBurst, billedFrom: created ?? lastBurst.from }];
  });
  return (await Promise.all(bursts)).flat();
}
