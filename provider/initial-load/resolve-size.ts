import { isDeepStrictEqual } from "node:util";
import { type Burst, chosenOf, decide, type Decision, timeText } from "../../sizing";
import { type CheckedInputs, type Inputs, isUnknown, UNKNOWN } from "../state/inputs";
import type { Session } from "../operation/context";
import { advise, type Situation } from "./advice";
import { burstSince, reasonWithCost } from "./burst-cost";
import { beforeOf, burstOf, holdsUnknown, steadyOf } from "../state/burst-args";
import type { Seen } from "../cloud/pipes";
import { unknownPipeFaults } from "./pipe-id-failures";
import { type DecidedInputs, warnOfBurst } from "./warnings";
import type { Fault } from "../state/inputs";

export interface Question {
  readonly olds: Partial<CheckedInputs>;
  readonly news: Inputs;
  readonly session: Session;
  readonly unitPrice: number | undefined;
}

/** The size that the service is to have now: the declared one, or what the initial load of its pipes asks for. */
export async function decided(
  question: Question,
): Promise<{ readonly faults: Fault[] } | { readonly inputs: DecidedInputs }> {
  const { olds, news, session } = question;
  const now = session.clock.date();
  // A replacement is checked once more, as if it were new.
  const before = session.run.decidedBefore(news.serviceId, beforeOf(olds));
  const isNew = before === undefined;
  const steadyCores = steadyOf(olds, news);
  const known = { isNew, now, steadyCores, unitPrice: question.unitPrice };
  if (news.initialLoad === undefined) {
    await tell(question, advise(known, news.quietAdvice));
    return { inputs: { cores: steadyCores } };
  }
  if (holdsUnknown(steadyCores) || holdsUnknown(news.initialLoad))
    return { inputs: unknownInputs(steadyCores) };

  const burst = burstOf(news.initialLoad);
  const seen = hasEnded(burst, now) ? NOT_ASKED : await look(question);
  const faults = unknownPipeFaults(burst, seen, olds.initialLoad?.pipes);
  if (faults.length > 0) return { faults };

  const pipes = "unread" in seen ? seen : seen.db;
  const decision = decide({ steadyCores, burst, now, pipes, before });
  const situation: Situation = {
    ...known,
    burst,
    phase: decision.phase,
    ...("unread" in seen ? {} : { pipes: seen.db, chosen: chosenOf(seen.db, burst) }),
  };
  const inputs = inputsFrom(olds, decision, situation);
  await warnOfBurst(session.progress(news.__urn), inputs, situation);
  if (isNews(question, inputs)) await tell(question, advise(situation, news.quietAdvice));
  return { inputs };
}

/** Whether anything has changed that advice is about: what was said at the last `up` is not said again. */
function isNews({ olds, news }: Question, { phase, steadyCores }: DecidedInputs): boolean {
  const isEntered = phase === "initialLoad" && olds.phase !== "initialLoad";
  const isDeclared =
    steadyCores !== olds.steadyCores || !isDeepStrictEqual(news.initialLoad, olds.initialLoad);
  return isEntered || isDeclared;
}

function hasEnded({ endBy }: Burst, now: Date): boolean {
  return endBy !== undefined && endBy <= now;
}

/** After the end nothing depends on the pipes any more. */
const NOT_ASKED: Seen = { unread: "nobody asked" };

/** The service's pipes, asked for once. */
async function look({ news, session }: Question): Promise<Seen> {
  const { serviceId, organizationId } = news;
  if (isUnknown(serviceId) || isUnknown(organizationId)) {
    return { unread: "the service is not known before the update" };
  }
  return session.pipes.of(async (caller) => {
    const client = session.client(`list the ClickPipes of service ${serviceId}`);
    const organization = await session.organizations.resolve({
      declared: organizationId,
      settings: session.credentials,
      client,
      signal: caller.signal,
      list: () => client.listOrganizations(caller),
    });
    return { client, target: { organizationId: organization.organizationId, serviceId } };
  });
}

/** Where the decision hangs on what only the update will know, so does all that follows from it. */
function unknownInputs(steadyCores: number): DecidedInputs {
  return { cores: UNKNOWN, steadyCores, phase: UNKNOWN, phaseReason: UNKNOWN } as unknown as DecidedInputs;
}

function inputsFrom(olds: Partial<CheckedInputs>, decision: Decision, situation: Situation): DecidedInputs {
  const since = burstSince(olds, decision, situation);
  return {
    cores: decision.cores,
    steadyCores: situation.steadyCores,
    phase: decision.phase,
    phaseReason: reasonWithCost(decision, situation, since),
    ...(since === undefined ? {} : { burstSince: timeText(since) }),
  };
}

async function tell({ news, session }: Question, texts: readonly string[]): Promise<void> {
  for (const text of texts) await session.progress(news.__urn).warn(text);
}
