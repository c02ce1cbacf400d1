import { isDeepStrictEqual } from "node:util";
import { type Burst, selectPipes, decide, type Decision, formatUtcTime } from "../../sizing";
import { type CheckedInputs, type Inputs } from "../state/inputs";
import { isUnknown, UNKNOWN } from "../state/unknown";
import type { ProviderContext } from "../operation/context";
import { listAdvice, type AdviceContext } from "./advice";
import { computeBurstSince, explainWithCost } from "./burst-cost";
import { getPreviousDecision, parseBurst, holdsUnknown } from "../state/burst-args";
import type { PipeReading } from "../cloud/pipes";
import { findUnknownPipeIds } from "./pipe-id-failures";
import { type DecidedInputs, warnAboutBurst } from "./warnings";
import type { InputFailure } from "../state/inputs";

export interface ResolveRequest {
  readonly urn: string;
  readonly olds: Partial<CheckedInputs>;
  readonly news: Inputs;
  readonly steadyCores: number;
  readonly context: ProviderContext;
  readonly unitPrice: number | undefined;
}

/** The size that the service is to have now: the declared one, or what the initial load of its pipes asks for. */
export async function resolveSize(
  request: ResolveRequest,
): Promise<{ readonly failures: InputFailure[] } | { readonly inputs: DecidedInputs }> {
  const { urn, olds, news, steadyCores, context } = request;
  const now = context.clock.date();
  // A replacement is checked once more, as if it were new.
  const before = context.run.rememberDecision(news.serviceId, getPreviousDecision(olds));
  const isNew = before === undefined;
  const known = { isNew, now, steadyCores, unitPrice: request.unitPrice };
  if (news.initialLoad === undefined) {
    await warnAll(request, listAdvice(known, news.suppressAdvice));
    return { inputs: { cores: steadyCores } };
  }
  if (holdsUnknown(steadyCores) || holdsUnknown(news.initialLoad))
    return { inputs: createUnknownInputs(steadyCores) };

  const burst = parseBurst(news.initialLoad);
  const seen = hasEnded(burst, now) ? PIPES_NOT_READ : await readPipes(request);
  const failures = findUnknownPipeIds(burst, seen, olds.initialLoad?.pipes);
  if (failures.length > 0) return { failures };

  const pipes = "unread" in seen ? seen : seen.db;
  const decision = decide({ steadyCores, burst, now, pipes, previous: before });
  const situation: AdviceContext = {
    ...known,
    burst,
    phase: decision.phase,
    ...("unread" in seen ? {} : { pipes: seen.db, chosen: selectPipes(seen.db, burst) }),
  };
  const inputs = createInputs(olds, decision, situation);
  await warnAboutBurst(context.createProgress(urn), inputs, situation);
  if (hasNews(request, inputs)) await warnAll(request, listAdvice(situation, news.suppressAdvice));
  return { inputs };
}

/** Whether anything has changed that advice is about: what was said at the last `up` is not said again. */
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
const PIPES_NOT_READ: PipeReading = { unread: "nobody asked" };

/** The service's pipes, asked for once. */
async function readPipes({ news, context }: ResolveRequest): Promise<PipeReading> {
  const { serviceId, organizationId } = news;
  if (isUnknown(serviceId) || isUnknown(organizationId)) {
    return { unread: "the service is not known before the update" };
  }
  return context.pipes.read(async (caller) => {
    const client = context.getClient(`list the ClickPipes of service ${serviceId}`);
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

/** Where the decision hangs on what only the update will know, so does all that follows from it. */
function createUnknownInputs(steadyCores: number): DecidedInputs {
  return { cores: UNKNOWN, steadyCores, phase: UNKNOWN, phaseReason: UNKNOWN } as unknown as DecidedInputs;
}

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

async function warnAll({ urn, context }: ResolveRequest, texts: readonly string[]): Promise<void> {
  for (const text of texts) await context.createProgress(urn).warn(text);
}
