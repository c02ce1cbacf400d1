import { inspect } from "node:util";
import { DEFAULT_KEY, DEFAULT_SERVICE_ID } from "../emulator";
import type { DynamicProvider, DynamicState } from "../provider/dynamic/provider";
import { InitializationError } from "../provider/errors";
import { listViolations } from "./expectations";
import {
  hasFaultName,
  isComplete,
  isExpectedToSucceed,
  isPermanent,
  mayBeDeleted,
} from "./fault-expectations";
import type { FaultTrial, FaultWorld, Operation } from "./fault-world";

export interface Outcome {
  readonly ending: "done" | "failed" | "kept";
  readonly message: string;
  readonly requests: number;
  readonly seconds: number;
  /** Expectations that were not met; empty if the trial was survived. */
  readonly violations: readonly string[];
}

/** The expectation that has its own row in the summary. */
export const NO_SECRET = "nothing contains a secret";

const MINUTE_MS = 60_000;
const LIMIT_MS: Readonly<Record<Operation, number>> = {
  create: 30 * MINUTE_MS,
  update: 20 * MINUTE_MS,
  read: 2 * MINUTE_MS,
  delete: 20 * MINUTE_MS,
};
/** An operation that a retry can't help fails within this time. */
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

/** An operation that has met its fault. */
interface FaultyRun {
  readonly trial: FaultTrial;
  readonly before: DynamicState | undefined;
  readonly result: Result;
  readonly tookMs: number;
  readonly acceptedChanges: number;
}

/** Runs one operation with a fault, then the next command without it, and checks the expectations of both. */
export async function runTrial(world: FaultWorld, trial: FaultTrial): Promise<Outcome> {
  const { operation } = trial;
  world.reset(trial.point);
  const before = operation === "create" ? undefined : await createResource(world);
  world.setTarget(TARGET[operation]);
  world.prepare();

  const provider = world.startRun(trial);
  const { log } = world;
  const startedAtMs = world.clock.nowMs();
  const result = await settle(world, perform(world, provider, operation, before));
  const tookMs = Math.round(world.clock.nowMs() - startedAtMs);
  const requests = log.sent.length;
  const run: FaultyRun = { trial, before, result, tookMs, acceptedChanges: log.acceptedChanges };

  const violations = [
    ...checkEnding(world, run),
    ...("error" in result ? checkFailure(world, run, result.error) : []),
    ...(hasSecret(world, result) ? [NO_SECRET] : []),
    ...(await checkNextCommand(world, run)),
  ];
  const ending = "state" in result ? "done" : findStoredState(result) === undefined ? "failed" : "kept";
  return { ending, message: findMessage(result), requests, seconds: Math.round(tookMs / 1_000), violations };
}

function checkEnding({ log }: FaultWorld, { trial, result, tookMs }: FaultyRun): string[] {
  const { operation } = trial;
  const succeeds = isExpectedToSucceed(trial);
  const state = "state" in result ? result.state : undefined;
  return listViolations({
    "a request meets the fault": log.firstFaultAtMs !== undefined,
    "no request is sent before the API allows it": !log.sentTooEarly,
    [`the API accepts at most one change (${log.acceptedChanges})`]: log.acceptedChanges <= 1,
    [`it ends within its limit (${tookMs} ms)`]: tookMs <= LIMIT_MS[operation],
    [succeeds ? "it succeeds" : "it fails"]: "state" in result === succeeds,
    "it removes the resource from the state only if its setting is deleted":
      operation === "delete" || "error" in result || (result.state === undefined) === mayBeDeleted(trial),
    [`it has the size (${state?.cores})`]: state === undefined || state.cores === TARGET[operation],
    "no change is pending": state?.pendingCores === undefined,
  });
}

function checkFailure({ log, clock, lastReadCores }: FaultWorld, run: FaultyRun, error: unknown): string[] {
  const { trial, before } = run;
  const cause = error instanceof InitializationError ? error.cause : error;
  const sinceFaultMs = clock.nowMs() - (log.firstFaultAtMs ?? 0);
  const expectations = {
    [`the message says what was tried, observed and what to do (${String(cause)})`]: isComplete(cause),
    [`the message names the fault (${String(cause)})`]: hasFaultName(trial, String(cause), clock.date()),
    "it fails at once if a retry can't help": !isPermanent(trial) || sinceFaultMs <= PROMPT_MS,
  };
  if (trial.operation === "read" || trial.operation === "delete") return listViolations(expectations);
  const kept = findStoredState({ error });
  const pending = log.mayHaveChanged ? TARGET[trial.operation] : undefined;
  return listViolations({
    ...expectations,
    "the state keeps the resource if the change may have been accepted":
      !log.mayHaveChanged || kept !== undefined,
    [`the state has the size that was last read (${kept?.cores}, not ${lastReadCores})`]:
      kept === undefined || kept.cores === (lastReadCores ?? before?.cores),
    [`the message says that a change is pending (${kept === undefined ? "" : findMessage({ error })})`]:
      kept?.pendingCores === undefined || findMessage({ error }).includes("may still arrive"),
    [`the state has the pending change (${kept?.pendingCores})`]:
      kept === undefined || kept.pendingCores === pending,
  });
}

/** Without the fault, the next command succeeds, with no manual repair. */
async function checkNextCommand(world: FaultWorld, run: FaultyRun): Promise<string[]> {
  const { trial, result, before, acceptedChanges } = run;
  const { operation } = trial;
  const violations: string[] = [];
  const state = "state" in result ? result.state : (findStoredState(result) ?? before);
  const isRemoved = "state" in result && (operation === "delete" || result.state === undefined);
  if (!isRemoved) {
    const next = operation === "create" && state !== undefined ? "update" : operation;
    const again = await settle(world, perform(world, world.startRun(), next, state, TARGET[operation]));
    const more = world.log.acceptedChanges;
    // A failed delete can't change the state, so the next one sends the same change again.
    const total = operation === "delete" ? more : acceptedChanges + more;
    violations.push(
      ...listViolations({
        [`the next command succeeds (${findMessage(again)})`]: "state" in again,
        [`both commands cause at most one change (${acceptedChanges} + ${more})`]: total <= 1,
      }),
    );
  }
  await world.converge();
  if (mayBeDeleted(trial)) return violations;
  const cores = world.emulator.cloud.getCores(DEFAULT_SERVICE_ID);
  const hasSize = cores === TARGET[operation];
  return [...violations, ...listViolations({ [`the service ends at the size (${cores})`]: hasSize })];
}

async function createResource(world: FaultWorld): Promise<DynamicState> {
  const result = await settle(world, perform(world, world.startRun(), "create", undefined));
  if ("state" in result && result.state !== undefined) return result.state;
  throw new Error(`a create without a fault failed: ${findMessage(result)}`);
}

/** Returns the new state; undefined if the resource is deleted or removed from the state. */
async function perform(
  world: FaultWorld,
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

function settle(world: FaultWorld, work: Promise<DynamicState | undefined>): Promise<Result> {
  return world.clock.run(
    work.then(
      (state) => ({ state }),
      (error: unknown) => ({ error }),
    ),
  );
}

/** The state that the engine keeps of a resource that failed to initialize. */
function findStoredState(result: Result): DynamicState | undefined {
  const isKept = "error" in result && result.error instanceof InitializationError;
  return isKept ? (result.error.properties as DynamicState) : undefined;
}

function findMessage(result: Result): string {
  if ("state" in result) return "";
  return result.error instanceof Error ? result.error.message : String(result.error);
}

/** Searches the log, the state that the engine keeps, and what a debugger shows of an error. */
function hasSecret(world: FaultWorld, result: Result): boolean {
  const kept = "state" in result ? result.state : (findStoredState(result) ?? {});
  const text = [
    JSON.stringify(kept),
    ...("error" in result ? [inspect(result.error, { depth: 10, showHidden: true })] : []),
    ...world.engine.rows.map(({ message }) => message),
  ].join("\n");
  const base64 = Buffer.from(`${DEFAULT_KEY.id}:${DEFAULT_KEY.secret}`).toString("base64");
  return [DEFAULT_KEY.id, DEFAULT_KEY.secret, base64].some((secret) => text.includes(secret));
}
