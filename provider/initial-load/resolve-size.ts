import { isDeepStrictEqual } from "node:util";
import { type Burst, selectPipes, decide, type Decision } from "../../sizing";
import type { CheckedInputs, InputFailure, PreviewInputs, ResolvedSize } from "../state/inputs";
import { isUnknown, UNKNOWN, type Unresolved } from "../state/unknown";
import type { ProviderContext } from "../operation/context";
import { listAdvice, type AdviceContext } from "./advice";
import { describeBurstCost, explainWithCost } from "./burst-cost";
import { getPreviousDecision, parseKnownBurst } from "../state/burst-args";
import type { PipeReading } from "../cloud/pipes";
import { findUnknownPipeIds } from "./pipe-id-failures";
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
  const { urn, olds, news, context } = request;
  const { cores: steadyCores, initialLoad } = news;
  const now = context.clock.date();
  // A replacement is checked twice, the second time as a new resource.
  const before = context.run.rememberDecision(news.serviceId, getPreviousDecision(olds));
  if (isUnknown(steadyCores))
    return { size: initialLoad === undefined ? { currentCores: UNKNOWN } : UNKNOWN_SIZE };
  const known = { isNew: before === undefined, now, steadyCores, unitPrice: request.unitPrice };
  if (initialLoad === undefined) {
    await warnAll(request, known);
    return { size: { currentCores: steadyCores } };
  }
  const burst = parseKnownBurst(initialLoad);
  if (burst === undefined) return { size: UNKNOWN_SIZE };

  const reading = hasEnded(burst, now) ? PIPES_NOT_READ : await readPipes(request);
  const failures = findUnknownPipeIds(burst, reading, olds.initialLoad?.pipes);
  if (failures.length > 0) return { failures };

  const pipes = "unread" in reading ? reading : reading.db;
  const decision = decide({ steadyCores, burst, now, pipes, previous: before });
  const situation: AdviceContext = {
    ...known,
    burst,
    phase: decision.phase,
    ...("unread" in reading ? {} : { pipes: reading.db, chosen: selectPipes(reading.db, burst) }),
  };
  const size: ResolvedSize = {
    currentCores: decision.cores,
    phase: decision.phase,
    phaseReason: explainWithCost(decision, situation),
  };
  await warnAboutBurst(context.createProgress(urn), decision, situation);
  if (hasNews(request, size)) {
    await showBurstCost(request, decision, situation);
    await warnAll(request, situation);
  }
  return { size };
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
  const isEntered = phase === "initialLoad" && olds.phase !== "initialLoad";
  const isDeclared = news.cores !== olds.cores || !isDeepStrictEqual(news.initialLoad, olds.initialLoad);
  return isEntered || isDeclared;
}

function hasEnded({ endBy }: Burst, now: Date): boolean {
  return endBy !== undefined && endBy <= now;
}

/** After the end nothing depends on the pipes any more. */
const PIPES_NOT_READ: PipeReading = { unread: "endBy has passed" };

/** Reads the pipes of the service. */
async function readPipes({ news, context }: ResolveRequest): Promise<PipeReading> {
  const { serviceId, organizationId } = news;
  if (isUnknown(serviceId) || isUnknown(organizationId)) {
    return { unread: "the service is unknown before the update" };
  }
  return context.pipes.read(async (caller) => {
    const client = context.getClient(`listing the ClickPipes of service ${serviceId}`);
    const organization = await context.organizations.resolve({
      declared: organizationId,
      settings: context.settings,
      client,
      signal: caller.signal,
      list: () => client.listOrganizations(caller),
    });
    return { client, target: { organizationId: organization.organizationId, serviceId } };
  });
}

/** If a size or the burst is unknown before the update, so is all that follows from it. */
const UNKNOWN_SIZE = {
  currentCores: UNKNOWN,
  phase: UNKNOWN,
  phaseReason: UNKNOWN,
} as const;

async function warnAll({ urn, news, context }: ResolveRequest, situation: AdviceContext): Promise<void> {
  const suppressed = isUnknown(news.suppressAdvice) ? [] : news.suppressAdvice;
  for (const text of listAdvice(situation, suppressed)) await context.createProgress(urn).warn(text);
}
