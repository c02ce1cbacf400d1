import { isDeepStrictEqual } from "node:util";
import {
  type Burst,
  isBurstPhase,
  selectPipes,
  decide,
  type Decision,
  type MissingPipes,
  type PreviousDecision,
} from "../../sizing";
import type { CheckedInputs, InputFailure, PreviewInputs, ResolvedSize } from "../state/inputs";
import { isUnknown, UNKNOWN, type Unresolved } from "../state/unknown";
import type { ProviderContext } from "../operation/context";
import { listAdvice, type AdviceContext } from "./advice";
import { describeBurstCost, explainWithCost } from "./burst-cost";
import { getPreviousDecision, parseKnownBurst } from "../state/burst-args";
import { type PipeReadOptions, type PipeReading, WARNING_TURN_TIMEOUT_MS } from "../cloud/pipes";
import { omitUndefined } from "../state/omit-undefined";
import { findUnknownPipeIds } from "./pipe-id-failures";
import { listPassedStart } from "./passed-start";
import { warnAboutBurst } from "./warnings";

/** The size that a preview shows, and why. */
export type PreviewSize = { readonly [Name in keyof ResolvedSize]: Unresolved<ResolvedSize[Name]> };

export interface ResolveRequest {
  readonly urn: string;
  readonly olds: Partial<CheckedInputs>;
  readonly news: PreviewInputs;
  readonly context: ProviderContext;
  readonly unitPrice: number | undefined;
}

/** Resolves the size that the service has now: the declared one, or the burst for the initial load of its pipes. */
export async function resolveSize(
  request: ResolveRequest,
): Promise<{ readonly failures: InputFailure[] } | { readonly size: PreviewSize }> {
  const { olds, news, context } = request;
  const { cores: steadyCores, initialLoad } = news;
  const now = context.clock.date();
  // A replacement is checked twice, the second time as a new resource.
  const previous = getPreviousDecision(olds);
  const { serviceId } = news;
  const before = isUnknown(serviceId) ? previous : context.run.rememberDecision(serviceId, previous);
  if (isUnknown(steadyCores))
    return { size: initialLoad === undefined ? { currentCores: UNKNOWN } : UNKNOWN_SIZE };
  const coresBefore = before?.cores;
  const known = { isNew: before === undefined, now, steadyCores, coresBefore, unitPrice: request.unitPrice };
  if (initialLoad === undefined) {
    // Without an initial load, the pipes only matter for a warning about a resize.
    const isResize = coresBefore !== undefined && coresBefore !== steadyCores;
    const reading = isResize
      ? await readPipes(request, { turnTimeoutMs: WARNING_TURN_TIMEOUT_MS })
      : undefined;
    await warnAll(request, { ...known, coresAfter: steadyCores, ...pickPipes(reading) });
    return { size: { currentCores: steadyCores } };
  }
  const parsed = parseKnownBurst(initialLoad);
  if (parsed === undefined) return { size: UNKNOWN_SIZE };
  const { burst, arePipesKnown } = parsed;
  const failures = listPassedStart(burst, { now, isNew: before === undefined, olds });
  if (failures.length > 0) return { failures };
  const reading = hasEnded(burst, now) ? PIPES_NOT_READ : await readPipes(request, { arePipesKnown });
  return resolveBurst(request, { burst, reading, before, known });
}

interface BurstRequest {
  readonly burst: Burst;
  readonly reading: PipeReading | MissingPipes;
  readonly before: PreviousDecision | undefined;
  readonly known: Pick<AdviceContext, "isNew" | "now" | "unitPrice" | "steadyCores" | "coresBefore">;
}

async function resolveBurst(
  request: ResolveRequest,
  { burst, reading, before, known }: BurstRequest,
): Promise<{ readonly failures: InputFailure[] } | { readonly size: ResolvedSize }> {
  const { urn, olds, context } = request;
  const isRead = "db" in reading;
  const failures = isRead ? findUnknownPipeIds(burst, reading, olds.initialLoad?.pipes) : [];
  if (failures.length > 0) return { failures };
  const pipes = isRead ? reading.db : reading;
  const { steadyCores, now } = known;
  const decision = decide({ steadyCores, burst, now, pipes, previous: before });
  const situation: AdviceContext = {
    ...known,
    burst,
    phase: decision.phase,
    coresAfter: decision.cores,
    ...pickPipes(reading, burst),
  };
  const size: ResolvedSize = omitUndefined({
    currentCores: decision.cores,
    phase: decision.phase,
    phaseReason: explainWithCost(decision, situation),
    __pipesBefore: decision.pipesBefore,
    __heldSince: decision.heldSince?.toISOString(),
  });
  await warnAboutBurst(context.createProgress(urn), decision, situation);
  const isNews = hasNews(request, size);
  if (isNews) await showBurstCost(request, decision, situation);
  await warnAll(request, situation, isNews);
  return { size };
}

/** The pipes of the service, and those that count for the burst, for advice. */
function pickPipes(
  reading: PipeReading | MissingPipes | undefined,
  burst?: Burst,
): Pick<AdviceContext, "pipes" | "chosen"> {
  if (reading === undefined || !("db" in reading)) return {};
  return { pipes: reading.db, ...(burst && { chosen: selectPipes(reading.db, burst) }) };
}

async function showBurstCost(
  { urn, context }: ResolveRequest,
  decision: Decision,
  situation: AdviceContext,
): Promise<void> {
  const cost = describeBurstCost(decision, situation);
  if (cost !== undefined) await context.createProgress(urn).info(cost);
}

/** Whether anything has changed that advice is about, so that it isn't repeated with every `up`. */
function hasNews({ olds, news }: ResolveRequest, { phase }: ResolvedSize): boolean {
  const isEntered = isBurstPhase(phase) && !isBurstPhase(olds.phase);
  const isDeclared = news.cores !== olds.cores || !isDeepStrictEqual(news.initialLoad, olds.initialLoad);
  return isEntered || isDeclared;
}

function hasEnded({ endBy }: Burst, now: Date): boolean {
  return endBy !== undefined && endBy <= now;
}

/** After the end nothing depends on the pipes any more. */
const PIPES_NOT_READ: PipeReading = { unread: "endBy has passed" };

/** Reads the pipes of the service. */
async function readPipes(
  { news, context }: ResolveRequest,
  { arePipesKnown = true, ...options }: PipeReadOptions & { readonly arePipesKnown?: boolean },
): Promise<PipeReading | MissingPipes> {
  const { serviceId, organizationId } = news;
  if (isUnknown(serviceId) || isUnknown(organizationId))
    return { unknown: "the service is unknown before the update" };
  if (!arePipesKnown) return { unknown: "its pipes are unknown before the update" };
  const reading = await context.pipes.read(async (caller) => {
    const client = context.getClient(`listing the ClickPipes of service ${serviceId}`);
    const organization = await context.organizations.resolve({
      declared: organizationId,
      settings: context.settings,
      client,
      signal: caller.signal,
      list: () => client.listOrganizations(caller),
    });
    return { client, target: { organizationId: organization.organizationId, serviceId } };
  }, options);
  if ("db" in reading) context.run.rememberPipes(serviceId, reading.db);
  return reading;
}

/** If a size or the burst is unknown before the update, so is all that follows from it. */
const UNKNOWN_SIZE = {
  currentCores: UNKNOWN,
  phase: UNKNOWN,
  phaseReason: UNKNOWN,
} as const;

async function warnAll(
  { urn, news, context }: ResolveRequest,
  situation: AdviceContext,
  isNews = true,
): Promise<void> {
  const suppressed = isUnknown(news.suppressAdvice) ? [] : (news.suppressAdvice ?? []);
  for (const text of listAdvice(situation, { suppressed, hasNews: isNews }))
    await context.createProgress(urn).warn(text);
}
