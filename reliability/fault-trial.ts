import { type DynamicProvider, type DynamicState } from "../provider/dynamic/provider";
import { inspect } from "node:util";
import { DEFAULT_KEY, DEFAULT_SERVICE_ID } from "../emulator";
import { ClickPipesError, InitializationError } from "../provider/errors";
import { unkept } from "./crash";
import type { Moment, Plan, World } from "./fault-world";

export type Operation = "create" | "update" | "read" | "delete";

export interface Trial extends Plan {
  readonly operation: Operation;
}

export interface Outcome {
  readonly ending: "done" | "failed" | "kept";
  readonly message: string;
  readonly requests: number;
  readonly seconds: number;
  /** Each promise that was broken; none where the trial was survived. */
  readonly broken: readonly string[];
}

/** The promise that has a count of its own in the table. */
export const SECRET = "it says nothing secret";

const MINUTE_MS = 60_000;
const LIMIT_MS: Readonly<Record<Operation, number>> = {
  create: 30 * MINUTE_MS,
  update: 20 * MINUTE_MS,
  read: 2 * MINUTE_MS,
  delete: 20 * MINUTE_MS,
};
/** What a limit is exceeded by at most: the answer that is under way at its end. */
const LAST_ANSWER_MS = 10_000;
/** A failure that trying again would not help is told within this time. */
const PROMPT_MS = 30_000;

const URN = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/clickpipes:CdcScaling::orders";
const BASELINE = 2;
const CREATED = 8;
const TARGET: Readonly<Record<Operation, number>> = {
  create: CREATED,
  update: 4,
  read: CREATED,
  delete: BASELINE,
};

type Result = { readonly state: DynamicState | undefined } | { readonly error: unknown };

/** Runs one operation into its misfortune, then the next command without it, and checks what is promised of both. */
export async function tried(world: World, trial: Trial): Promise<Outcome> {
  const { operation } = trial;
  world.begin(trial.moment);
  const before = operation === "create" ? undefined : await created(world);
  world.expect(TARGET[operation]);
  world.setScene();

  const provider = world.nextRun(trial);
  const startedAtMs = world.clock.nowMs();
  const result = await settled(world, perform(world, provider, operation, before));
  const tookMs = Math.round(world.clock.nowMs() - startedAtMs);
  const { requests, taken } = world;

  const broken = [
    ...brokenByEnding(world, trial, result, tookMs),
    ...("error" in result ? brokenByFailure(world, trial, result.error, before) : []),
    ...(mentionsSecret(world, result) ? [SECRET] : []),
    ...(await brokenAfterwards(world, trial, result, before, taken)),
  ];
  const ending = "state" in result ? "done" : keptBy(result) === undefined ? "failed" : "kept";
  return { ending, message: messageOf(result), requests, seconds: Math.round(tookMs / 1_000), broken };
}

function brokenByEnding(world: World, trial: Trial, result: Result, tookMs: number): string[] {
  const { operation } = trial;
  const succeeds = shouldSucceed(trial);
  const state = "state" in result ? result.state : undefined;
  return unkept({
    "the misfortune struck": world.struckAtMs !== undefined,
    "nothing is sent before the API is to be asked again": !world.wasHasty,
    [`at most one change is taken (${world.taken})`]: world.taken <= 1,
    [`it ends within its limit (${tookMs} ms)`]: tookMs <= LIMIT_MS[operation] + LAST_ANSWER_MS,
    [succeeds ? "it succeeds" : "it fails"]: "state" in result === succeeds,
    "it forgets the resource exactly where its setting is gone":
      operation === "delete" || "error" in result || (result.state === undefined) === isTakenForGone(trial),
    [`it has the size (${state?.cores})`]: state === undefined || state.cores === TARGET[operation],
    "nothing is left on its way": state?.pendingCores === undefined,
  });
}

function brokenByFailure(
  world: World,
  trial: Trial,
  error: unknown,
  before: DynamicState | undefined,
): string[] {
  const { operation } = trial;
  const cause = error instanceof InitializationError ? error.cause : error;
  const sinceStruckMs = world.clock.nowMs() - (world.struckAtMs ?? 0);
  const promises = {
    [`it says what was asked, seen and to do (${String(cause)})`]: isClear(cause),
    [`it names the misfortune (${String(cause)})`]: isNamed(world, trial, String(cause)),
    "it fails at once where trying again is no help": !isFinal(trial) || sinceStruckMs <= PROMPT_MS,
  };
  if (operation === "read" || operation === "delete") return unkept(promises);
  const kept = keptBy({ error });
  const onItsWay = world.mayBeTaken ? TARGET[operation] : undefined;
  return unkept({
    ...promises,
    "it keeps the resource where the change may have been taken": !world.mayBeTaken || kept !== undefined,
    [`it keeps the size last seen (${kept?.cores}, not ${world.seenCores})`]:
      kept === undefined || kept.cores === (world.seenCores ?? before?.cores),
    [`it says what may be on its way (${kept === undefined ? "" : messageOf({ error })})`]:
      kept?.pendingCores === undefined || messageOf({ error }).includes("may still arrive"),
    [`it keeps what may be on its way (${kept?.pendingCores})`]:
      kept === undefined || kept.pendingCores === onItsWay,
  });
}

/** The next command, without the misfortune, needs no repair by hand. */
async function brokenAfterwards(
  world: World,
  trial: Trial,
  result: Result,
  before: DynamicState | undefined,
  taken: number,
): Promise<string[]> {
  const { operation } = trial;
  const broken: string[] = [];
  const state = "state" in result ? result.state : (keptBy(result) ?? before);
  const isForgotten = "state" in result && (operation === "delete" || result.state === undefined);
  if (!isForgotten) {
    const next = operation === "create" && state !== undefined ? "update" : operation;
    const again = await settled(world, perform(world, world.nextRun(), next, state, TARGET[operation]));
    // A delete that fails can't leave anything in the state: the next destroy asks for the same size once more.
    const all = operation === "delete" ? world.taken : taken + world.taken;
    broken.push(
      ...unkept({
        [`the next command succeeds (${messageOf(again)})`]: "state" in again,
        [`at most one change is taken, with the next command's (${taken} + ${world.taken})`]: all <= 1,
      }),
    );
  }
  await world.settled();
  if (isTakenForGone(trial)) return broken;
  const cores = world.emulator.cloud.getCores(DEFAULT_SERVICE_ID);
  return [...broken, ...unkept({ [`the service ends at the size (${cores})`]: cores === TARGET[operation] })];
}

async function created(world: World): Promise<DynamicState> {
  const result = await settled(world, perform(world, world.nextRun(), "create", undefined));
  if ("state" in result && result.state !== undefined) return result.state;
  throw new Error(`a create without misfortune failed: ${messageOf(result)}`);
}

/** The new state; undefined where the resource is gone, or was forgotten since its setting is. */
async function perform(
  world: World,
  provider: DynamicProvider,
  operation: Operation,
  state: DynamicState | undefined,
  cores = TARGET[operation],
): Promise<DynamicState | undefined> {
  const id = DEFAULT_SERVICE_ID;
  if (operation === "read") {
    const read = await provider.read(id, state);
    return read.id === "" ? undefined : read.props;
  }
  if (operation === "delete") {
    await provider.delete(id, state!);
    return undefined;
  }
  const declared = { ...world.declared, serviceId: id, cores, __urn: URN };
  const { inputs } = await provider.check({}, declared);
  if (operation === "create") return (await provider.create(inputs!)).outs;
  return (await provider.update(id, state!, inputs!)).outs;
}

function settled(world: World, work: Promise<DynamicState | undefined>): Promise<Result> {
  return world.clock.run(
    work.then(
      (state) => ({ state }),
      (error: unknown) => ({ error }),
    ),
  );
}

/** What the engine keeps of a resource that failed to initialise. */
function keptBy(result: Result): DynamicState | undefined {
  const isKept = "error" in result && result.error instanceof InitializationError;
  return isKept ? (result.error.properties as DynamicState) : undefined;
}

function messageOf(result: Result): string {
  if ("state" in result) return "";
  return result.error instanceof Error ? result.error.message : String(result.error);
}

/** In what is said, in what the engine keeps, and in what a debugger sees of an error. */
function mentionsSecret(world: World, result: Result): boolean {
  const kept = "state" in result ? result.state : (keptBy(result) ?? {});
  const said = [
    JSON.stringify(kept),
    ...("error" in result ? [inspect(result.error, { depth: 10, showHidden: true })] : []),
    ...world.engine.rows.map(({ message }) => message),
  ].join("\n");
  const base64 = Buffer.from(`${DEFAULT_KEY.id}:${DEFAULT_KEY.secret}`).toString("base64");
  return [DEFAULT_KEY.id, DEFAULT_KEY.secret, base64].some((secret) => said.includes(secret));
}

function isClear(error: unknown): boolean {
  if (!(error instanceof ClickPipesError)) return false;
  const { operation, observed, remedy } = error.facts;
  return [operation, observed, remedy].every((part) => part.length > 0);
}

/** What the reader of the one message has to learn: the status with its request, or that no usable answer came. */
function isNamed(world: World, { misfortune }: Trial, message: string): boolean {
  const happening = misfortune.happens(world.clock.date());
  const status = /^\d{3}/.exec(misfortune.name)?.[0];
  if (status === undefined)
    return /no answer|could not be read|not what the API documents|Redirects/.test(message);
  const hasRequest = "fault" in happening && !("body" in happening.fault) && status !== "429";
  return message.includes(status) && (!hasRequest || /requestId [0-9a-f-]{36}/.test(message));
}

/** Where a change of the size or of the service's state may be under way, a conflict passes. */
const MAY_CONFLICT: readonly Moment[] = ["change", "service", "wake"];

function isFinal({ misfortune, moment }: Trial): boolean {
  return MAY_CONFLICT.includes(moment)
    ? (misfortune.isFinalForPatch ?? misfortune.isFinal)
    : misfortune.isFinal;
}

/** Whether the same key reads the organization and is told, rightly or not, that there is no service or no pipe. */
function isTakenForGone({ misfortune, moment, operation, persistence }: Trial): boolean {
  if (moment.startsWith("gone check")) return true;
  const isNoService = misfortune.name === "404" && persistence !== "once";
  return operation === "delete" && moment === "service" && isNoService;
}

function shouldSucceed(trial: Trial): boolean {
  const { misfortune, moment, operation, persistence } = trial;
  // A service that sleeps is no failure of a refresh, which keeps the state and warns.
  if (moment === "first read" && operation === "read" && misfortune.name === "424") return true;
  if (misfortune.name === "404" && moment === "gone check's service") return true;
  if (moment === "service" && isTakenForGone(trial)) return true;
  // Where a create waits for the endpoint, it looks once more before it believes that there is none.
  const isNoEndpoint = /^40[04]/.test(misfortune.name);
  if (operation === "create" && moment === "first read" && isNoEndpoint && persistence === "once")
    return true;
  if (isFinal(trial)) return false;
  if (persistence !== "for ever" || misfortune.isHarmless) return true;
  return (
    (moment === "change" || moment === "wake") &&
    (misfortune.patch === "taken" || misfortune.isApplied === true)
  );
}
