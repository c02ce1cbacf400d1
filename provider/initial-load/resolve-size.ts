import { isDeepStrictEqual } from "node:util";
import { type Burst, selectPipes, decide, type Decision, formatUtcTime } from "../../sizing";
import type {
  CheckedInputs,
  InitialLoadDecision,
  InputFailure,
  PreviewCheckedInputs,
  PreviewInputs,
} from "../state/inputs";
import { isUnknown, UNKNOWN } from "../state/unknown";
import type { ProviderContext } from "../operation/context";
import { listAdvice, type AdviceContext } from "./advice";
import { computeBurstSince, explainWithCost } from "./burst-cost";
import { getPreviousDecision, parseKnownBurst } from "../state/burst-args";
import type { PipeReading } from "../cloud/pipes";
import { findUnknownPipeIds } from "./pipe-id-failures";
import { type DecidedInputs, warnAboutBurst } from "./warnings";

/** The size that a preview shows, and why. */
export type PreviewDecision = Pick<PreviewCheckedInputs, "cores" | keyof InitialLoadDecision>;

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
): Promise<{ readonly failures: InputFailure[] } | { readonly inputs: PreviewDecision }> {
  const { urn, olds, news, context } = request;
  const { cores: steadyCores, initialLoad } = news;
  const now = context.clock.date();
  // A replacement is checked twice, the second time as a new resource.
  const before = context.run.rememberDecision(news.serviceId, getPreviousDecision(olds));
  if (isUnknown(steadyCores))
    return { inputs: initialLoad === undefined ? { cores: UNKNOWN } : UNKNOWN_DECISION };
  const known = { isNew: before === undefined, now, steadyCores, unitPrice: request.unitPrice };
  if (initialLoad === undefined) {
    await warnAll(request, known);
    return { inputs: { cores: steadyCores } };
  }
  const burst = parseKnownBurst(initialLoad);
  if (burst === undefined) return { inputs: { ...UNKNOWN_DECISION, steadyCores } };

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
  const inputs = createInputs(olds, decision, situation);
  await warnAboutBurst(context.createProgress(urn), inputs, situation);
  if (hasNews(request, inputs)) await warnAll(request, situation);
  return { inputs };
}

/** Whether anything has changed that advice is about, so that it isn't repeated with every `up`. */
function hasNews({ olds, news }: ResolveRequest, { phase, steadyCores }: DecidedInputs): boolean {
  const isEntered = phase === "initialLoad" && olds.phase !== "initialLoad";
  const isDeclared =
    steadyCores !== olds.steadyCores || !isDeepStrictEqual(news.initialLoad, olds.initialLoad);
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
const UNKNOWN_DECISION = {
  cores: UNKNOWN,
  steadyCores: UNKNOWN,
  phase: UNKNOWN,
  phaseReason: UNKNOWN,
} as const;

function createInputs(
  olds: Partial<CheckedInputs>,
  decision: Decision,
  situation: AdviceContext,
): DecidedInputs {
  const since = computeBurstSince(olds, decision, situation);
  return {
    cores: decision.cores,
    steadyCores: situation.steadyCores,
    phase: decision.phase,
    phaseReason: explainWithCost(decision, situation, since),
    ...(since === undefined ? {} : { burstSince: formatUtcTime(since) }),
  };
}

async function warnAll({ urn, news, context }: ResolveRequest, situation: AdviceContext): Promise<void> {
  const suppressed = isUnknown(news.suppressAdvice) ? [] : news.suppressAdvice;
  for (const text of listAdvice(situation, suppressed)) await context.createProgress(urn).warn(text);
}
