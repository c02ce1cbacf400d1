import { isDeepStrictEqual } from "node:util";
import { type Burst, selectPipes, decide, type Decision, formatUtcTime } from "../../sizing";
import { type CheckedInputs, type Inputs, isUnknown, UNKNOWN } from "../state/inputs";
import type { ProviderContext } from "../operation/context";
import { listAdvice, type AdviceContext } from "./advice";
import { computeBurstSince, explainWithCost } from "./burst-cost";
import { getPreviousDecision, parseBurst, holdsUnknown, getSteadyCores } from "../state/burst-args";
import type { PipeReading } from "../cloud/pipes";
import { findUnknownPipeIds } from "./pipe-id-failures";
import { type DecidedInputs, warnAboutBurst } from "./warnings";
import type { InputFailure } from "../state/inputs";

export interface ResolveRequest {
  readonly olds: Partial<CheckedInputs>;
  readonly news: Inputs;
  readonly session: ProviderContext;
  readonly unitPrice: number | undefined;
}

/** The size that the service is to have now: the declared one, or what the initial load of its pipes asks for. */
export async function resolveSize(
  question: ResolveRequest,
): Promise<{ readonly faults: InputFailure[] } | { readonly inputs: DecidedInputs }> {
  const { olds, news, session } = question;
  const now = session.clock.date();
  // A replacement is checked once more, as if it were new.
  const before = session.run.rememberDecision(news.serviceId, getPreviousDecision(olds));
  const isNew = before === undefined;
  const steadyCores = getSteadyCores(olds, news);
  const known = { isNew, now, steadyCores, unitPrice: question.unitPrice };
  if (news.initialLoad === undefined) {
    await warnAll(question, listAdvice(known, news.suppressAdvice));
    return { inputs: { cores: steadyCores } };
  }
  if (holdsUnknown(steadyCores) || holdsUnknown(news.initialLoad))
    return { inputs: createUnknownInputs(steadyCores) };

  const burst = parseBurst(news.initialLoad);
  const seen = hasEnded(burst, now) ? PIPES_NOT_READ : await readPipes(question);
  const faults = findUnknownPipeIds(burst, seen, olds.initialLoad?.pipes);
  if (faults.length > 0) return { faults };

  const pipes = "unread" in seen ? seen : seen.db;
  const decision = decide({ steadyCores, burst, now, pipes, previous: before });
  const situation: AdviceContext = {
    ...known,
    burst,
    phase: decision.phase,
    ...("unread" in seen ? {} : { pipes: seen.db, chosen: selectPipes(seen.db, burst) }),
  };
  const inputs = createInputs(olds, decision, situation);
  await warnAboutBurst(session.createProgress(news.__urn), inputs, situation);
  if (hasNews(question, inputs)) await warnAll(question, listAdvice(situation, news.suppressAdvice));
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
async function readPipes({ news, session }: ResolveRequest): Promise<PipeReading> {
  const { serviceId, organizationId } = news;
  if (isUnknown(serviceId) || isUnknown(organizationId)) {
    return { unread: "the service is not known before the update" };
  }
  return session.pipes.read(async (caller) => {
    const client = session.getClient(`list the ClickPipes of service ${serviceId}`);
    const organization = await session.organizations.resolve({
      declared: organizationId,
      settings: session.settings,
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

async function warnAll({ news, session }: ResolveRequest, texts: readonly string[]): Promise<void> {
  for (const text of texts) await session.createProgress(news.__urn).warn(text);
}
