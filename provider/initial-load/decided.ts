import { type Burst, chosenOf, decide, type Decision } from "../../sizing";
import type { Fault } from "../check/faults";
import { type CheckedInputs, type Inputs, isUnknown, UNKNOWN } from "../inputs";
import { organizationAtOnce } from "../organization";
import type { Session } from "../session";
import { type Advised, advise, type Situation } from "./advice";
import { burstSince, reasonWithCost } from "./burst-cost";
import { beforeOf, burstOf, holdsUnknown, steadyOf } from "./declared";
import { HASTY, type Seen } from "./pipes";
import { unknownPipeFaults } from "./unknown-pipes";
import { type DecidedInputs, sayWhatChanged, warnOfBurst } from "./warnings";

export interface Question {
  readonly olds: Partial<CheckedInputs>;
  readonly news: Inputs;
  readonly session: Session;
  readonly unitPrice: number | undefined;
}

interface Looked {
  readonly seen: Seen;
  /** Whose pipes were seen; the same is asked the next time. */
  readonly organizationId?: string | undefined;
}

/** The size that the service is to have now: the declared one, or what the initial load of its pipes asks for. */
export async function decided(
  question: Question,
): Promise<{ readonly faults: Fault[] } | { readonly inputs: DecidedInputs }> {
  const { olds, news, session } = question;
  const now = session.clock.date();
  const isNew = beforeOf(olds) === undefined;
  const steadyCores = steadyOf(olds, news);
  const known = { isNew, now, steadyCores, unitPrice: question.unitPrice };
  if (news.initialLoad === undefined) {
    await tell(question, advise(known, news.quietAdvice, []));
    return { inputs: { cores: steadyCores } };
  }
  if (holdsUnknown(steadyCores) || holdsUnknown(news.initialLoad))
    return { inputs: unknownInputs(steadyCores) };

  const burst = burstOf(news.initialLoad);
  const looked = hasEnded(burst, now) ? NOT_ASKED : await look(question);
  const { seen } = looked;
  const faults = unknownPipeFaults(burst, seen);
  if (faults.length > 0) return { faults };

  const pipes = "unread" in seen ? seen : seen.db;
  const decision = decide({ steadyCores, burst, now, pipes, before: beforeOf(olds) });
  const situation: Situation = {
    ...known,
    burst,
    phase: decision.phase,
    ...("unread" in seen ? {} : { pipes: seen.db, chosen: chosenOf(seen.db, burst) }),
  };
  const advised = advise(situation, news.quietAdvice, olds.__advised);
  const inputs = inputsFrom(decision, situation, olds, looked, advised);
  await warnOfBurst(session.progress(news.__urn), inputs, situation);
  await tell(question, advised);
  await compare(question, inputs);
  return { inputs };
}

function hasEnded({ endBy }: Burst, now: Date): boolean {
  return endBy !== undefined && endBy <= now;
}

/** After the end nothing depends on the pipes any more. */
const NOT_ASKED: Looked = { seen: { unread: "nobody asked" } };

/** The service's pipes, asked for once: an existing resource stays with the organisation that it was created in. */
async function look({ olds, news, session }: Question): Promise<Looked> {
  if (isUnknown(news.serviceId) || isUnknown(news.organizationId)) {
    return { seen: { unread: "the service is not known before the update" } };
  }
  let organizationId = news.organizationId ?? olds.__organization;
  const seen = await session.pipes.of(async () => {
    const client = session.client(`list the ClickPipes of service ${news.serviceId}`);
    organizationId ??= await organizationAtOnce(session.credentials, client, HASTY);
    return { client, target: { organizationId, serviceId: news.serviceId } };
  });
  return { seen, organizationId };
}

/** Where the decision hangs on what only the update will know, so does all that follows from it. */
function unknownInputs(steadyCores: number): DecidedInputs {
  return { cores: UNKNOWN, steadyCores, phase: UNKNOWN, phaseReason: UNKNOWN } as unknown as DecidedInputs;
}

function inputsFrom(
  decision: Decision,
  situation: Situation,
  olds: Partial<CheckedInputs>,
  { organizationId }: Looked,
  { names }: Advised,
): DecidedInputs {
  const since = burstSince(olds, decision, situation);
  return {
    cores: decision.cores,
    steadyCores: situation.steadyCores,
    phase: decision.phase,
    phaseReason: reasonWithCost(decision, situation, since),
    ...(since === undefined ? {} : { __burstSince: since.toISOString() }),
    ...(organizationId === undefined ? {} : { __organization: organizationId }),
    ...(names.length === 0 ? {} : { __advised: names }),
  };
}

async function tell({ news, session }: Question, { texts }: Advised): Promise<void> {
  for (const text of texts) await session.progress(news.__urn).warn(text);
}

/** Leaves a note of what is shown, and says where it differs from what was shown just before. */
async function compare({ news: { __urn }, session }: Question, inputs: DecidedInputs): Promise<void> {
  await sayWhatChanged(session.progress(__urn), session.notes.shown(__urn), inputs);
  session.notes.show(__urn, inputs.phase ?? "", inputs.cores);
}
